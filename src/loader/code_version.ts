/**
 * What of a definition is code, so that changing it is a reason to materialize, and what belongs to checks or
 * to charts and exports, so that only these are done again. Left out on purpose: words for people (description,
 * owner, tags, group), policies that do not touch the result (retry, timeout, pool, priority, needs, freshness,
 * schedule, automation), and which partitions there are (start, end, keys): more or fewer of them change none.
 */
import type { AssetDefinition } from "../core/definition.ts";
import { digest } from "../core/digest.ts";
import type { Json, JsonObject } from "../core/json.ts";
import type { PartitionScheme } from "../core/partition/scheme.ts";

/** What besides the definition says which upstream rows are read. */
export interface Reading {
  readonly lookback: number;
  readonly lookahead: number;
  readonly mapping: Json;
}

/** `own` is the digest of the query, the module or the file. */
export function codeDigest(definition: AssetDefinition, own: string, reading: Reading): string {
  const meaning: Record<string, Json> = {};
  if (definition.partitions !== null) meaning["partitions"] = schemeMeaning(definition.partitions);
  if (definition.materialized !== "table") meaning["materialized"] = definition.materialized;
  if (definition.strategy !== null) meaning["strategy"] = definition.strategy;
  if (definition.watermark !== null) meaning["watermark"] = definition.watermark;
  if (definition.uniqueKey.length > 0) meaning["uniqueKey"] = definition.uniqueKey;
  if (definition.metadata !== undefined) meaning["metadata"] = definition.metadata;
  if (definition.when !== null) meaning["when"] = definition.when;
  if (definition.config !== null) meaning["config"] = definition.config.defaults;
  if (reading.lookback > 0) meaning["lookback"] = reading.lookback;
  if (reading.lookahead > 0) meaning["lookahead"] = reading.lookahead;
  if (reading.mapping !== null) meaning["mapping"] = reading.mapping;
  // A plain file's or query's version is its own: adding an empty header changes nothing.
  return Object.keys(meaning).length === 0 ? own : digest(`${own}\n${stable(meaning)}`);
}

/** The digests of what is done after publishing; "" where there is nothing to do. */
export function versionsOf(
  definition: AssetDefinition,
): Pick<AssetDefinition, "checksVersion" | "exportsVersion"> {
  const checks = definition.checks.map(({ line: _line, reads: _reads, ...rest }) => rest);
  const columns = definition.columns.map((
    { description: _description, line: _line, ...rest },
  ) => rest);
  const exports = definition.exports.map(({ line: _line, ...rest }) => rest);
  return {
    checksVersion: checks.length + columns.length === 0
      ? ""
      : digest(stable([checks, columns] as unknown as Json)),
    exportsVersion: definition.charts.length + exports.length === 0
      ? ""
      : digest(stable([definition.charts, exports] as unknown as Json)),
  };
}

/** What a key of the scheme stands for; not which keys there are. */
function schemeMeaning(scheme: PartitionScheme): JsonObject {
  switch (scheme.type) {
    case "time":
      return {
        unit: scheme.unit,
        timezone: scheme.timezone,
        ...(scheme.unit === "week" ? { weekStart: scheme.weekStart } : {}),
      };
    case "static":
    case "dynamic":
      return { type: scheme.type };
    case "multi":
      return {
        dimensions: scheme.dimensions.map((each) => ({
          name: each.name,
          scheme: schemeMeaning(each.scheme),
        })),
      };
  }
}

/** JSON with keys in one order, so that the order in which they were written says nothing. */
export function stable(value: Json): string {
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(stable).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const object = value as JsonObject;
    return `{${
      Object.keys(object).filter((key) => object[key] !== undefined).sort()
        .map((key) => `${JSON.stringify(key)}:${stable(object[key] ?? null)}`).join(",")
    }}`;
  }
  return JSON.stringify(value);
}
