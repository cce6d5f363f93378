/** What user code returned, recognised; or why it cannot be published. Writes nothing. */
import type {
  ChartResult,
  ChartSpec,
  FileResult,
  Relation,
  Rows,
  Skip,
  UpstreamTable,
  WithMetadata,
} from "../core/context.ts";
import { nearest } from "../core/graph/nearest.ts";
import type { JsonObject } from "../core/json.ts";
import { problem, ProblemError } from "../core/problem/problem.ts";
import { plain } from "../define/plain.ts";
import { resultKind } from "../define/results.ts";
import { definitionOf, isRecord } from "../define/spec.ts";
import { show } from "../define/trouble.ts";

export type Returned =
  & { readonly metadata: JsonObject }
  & (
    | { readonly kind: "rows"; readonly rows: Rows; readonly chart: ChartSpec | null }
    | {
      readonly kind: "relation";
      readonly relation: Relation | UpstreamTable;
      readonly chart: ChartSpec | null;
    }
    | { readonly kind: "file"; readonly file: FileResult }
    | { readonly kind: "nothing" }
    | { readonly kind: "skip"; readonly text: string }
  );

const ALLOWED =
  "return rows (a list of objects, or as they come), db.sql`…`, download(…), file(…), chart(…), skip(…) or nothing";

/** Recognises the result of one asset. Throws a `ProblemError` (`result-invalid`). */
export function recognise(value: unknown, asset: string): Returned {
  switch (resultKind(value)) {
    case "result": {
      const { value: inner, metadata } = value as WithMetadata;
      const told = plain(metadata);
      return { ...recognise(inner, asset), metadata: isRecord(told) ? told as JsonObject : {} };
    }
    case "skip":
      return { kind: "skip", text: (value as Skip).text, metadata: {} };
    case "file":
      return { kind: "file", file: value as FileResult, metadata: {} };
    case "relation":
    case "upstream":
      return { kind: "relation", relation: value as Relation, chart: null, metadata: {} };
    case "chart": {
      const { spec, rows } = value as ChartResult;
      const inner = recognise(rows, asset);
      if (inner.kind === "rows" || inner.kind === "relation") return { ...inner, chart: spec };
      throw invalid(
        asset,
        "a chart without rows",
        "chart(spec, rows): rows are a list, or db.sql`…`",
      );
    }
  }
  if (value === undefined || value === null) return { kind: "nothing", metadata: {} };
  if (typeof value === "object") {
    if (Symbol.iterator in value || Symbol.asyncIterator in value) {
      return { kind: "rows", rows: value as Rows, chart: null, metadata: {} };
    }
  }
  throw invalid(asset, describeValue(value), ALLOWED);
}

/** The outputs of a function that makes several assets: only known names, each recognised. */
export function recogniseAll(
  value: unknown,
  names: readonly string[],
): ReadonlyMap<string, Returned> {
  const asset = names.join(", ");
  if (resultKind(value) === "skip") {
    return new Map(names.map((name) => [name, recognise(value, name)]));
  }
  if (!isRecord(value) || resultKind(value) !== null) {
    throw invalid(asset, describeValue(value), `return an object by name: { ${names[0]}: … }`);
  }
  for (const key of Object.keys(value)) {
    if (names.includes(key)) continue;
    const near = nearest(key, names);
    throw invalid(
      asset,
      `an output called ${key}`,
      near === null ? `outputs are ${asset}` : `did you mean ${near}?`,
    );
  }
  return new Map(
    Object.entries(value).filter(([, each]) => each !== undefined)
      .map(([name, each]) => [name, recognise(each, name)]),
  );
}

function describeValue(value: unknown): string {
  if (definitionOf(value)) return show(value);
  if (isRecord(value)) {
    const name = value.constructor?.name;
    if (name && name !== "Object") return `a ${name}`;
    const keys = Object.keys(value).slice(0, 4).join(", ");
    return keys === "" ? "an empty object" : `an object with ${keys}`;
  }
  return show(value);
}

function invalid(asset: string, what: string, hint: string): ProblemError {
  return new ProblemError(problem("result-invalid", {
    message: `Cannot publish what run of ${asset} returned`,
    why: `it is ${what}`,
    hint,
  }));
}
