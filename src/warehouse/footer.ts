/**
 * What each Parquet file says of itself in its footer, so that a lost state store can be rebuilt
 * from the lake: who made it, from what, and how it is read. Holds what is known when it is written.
 */
import type { JsonObject } from "../core/json.ts";
import type { OrderOutput, StepOrder } from "../core/order.ts";
import { PRODUCT } from "../core/product.ts";
import type { Column } from "../core/version.ts";
import type { Session } from "./driver.ts";
import { filePath, text } from "./sql_text.ts";

// A list of more inputs than this is left out; the digest of all of them stands there anyway.
const MOST_INPUTS = 1000;

/** COPY's option that writes the footer. */
export function footerOption(
  order: StepOrder,
  output: OrderOutput,
  schema: readonly Column[],
  ordered: boolean,
): string {
  const inputs = order.inputs.flatMap((input) =>
    input.versions.map((each) => [each.asset, each.partition, each.dataVersion])
  );
  const said: JsonObject = {
    format: 1,
    asset: output.asset,
    partition: order.partition,
    version: output.version,
    run: order.run,
    attempt: order.attempt,
    code: order.definition.codeVersion,
    checks: order.definition.checksVersion,
    inputs: order.inputsDigest,
    ...(inputs.length <= MOST_INPUTS ? { inputVersions: inputs } : {}),
    ordered,
    schema: schema.map(({ name, type }) => [name, type]),
    at: order.now,
  };
  return `kv_metadata {${PRODUCT}: ${text(JSON.stringify(said))}}`;
}

/** What a file's footer says; null where it is none of ours. Throws where it cannot be read. */
export async function readFooter(session: Session, path: string): Promise<JsonObject | null> {
  const { rows } = await session.rows(
    `select decode(value) from parquet_kv_metadata(${
      filePath(path)
    }) where decode(key) = '${PRODUCT}'`,
  );
  const said = rows[0]?.[0];
  return typeof said === "string" ? JSON.parse(said) as JsonObject : null;
}
