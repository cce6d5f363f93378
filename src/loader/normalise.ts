/**
 * From what a SQL header or a module says, in its one spelling, to an asset's definition: the same for both.
 * Decides the defaults, what contradicts itself, and what counts as code. Expects values without findings.
 */
import type {
  AssetDefinition,
  AssetKind,
  ChartDefinition,
  CheckDefinition,
  ColumnContract,
  ExportDefinition,
  Origin,
  SqlBody,
} from "../core/definition.ts";
import type { Json, JsonObject } from "../core/json.ts";
import type { AssetKey } from "../core/key.ts";
import { checkScheme } from "../core/partition/check.ts";
import type { PartitionMapping, PartitionScheme } from "../core/partition/scheme.ts";
import { listOf, numberOf, objectOf, textOf, textsOf, wordOf } from "./canonical.ts";
import { codeDigest, versionsOf } from "./code_version.ts";
import { readChecks } from "./read_checks.ts";
import { readMapping, readScheme } from "./read_partitions.ts";
import {
  durationOf,
  isSaid,
  readFreshness,
  readPool,
  readRetry,
  readSchedule,
} from "./read_policies.ts";
import { type Finding, isObject } from "./shape.ts";
import { exportFormat, projectPathTrouble } from "./words.ts";

/** What stands around the options. */
export interface Surroundings {
  readonly key: AssetKey;
  readonly kind: AssetKind;
  /** From the folder; `group:` wins. */
  readonly group: string;
  readonly origin: Origin;
  /** Digest of the query, the module or the file. */
  readonly code: string;
  readonly sql: SqlBody | null;
  readonly dataFile: string | null;
  readonly together: readonly AssetKey[];
  readonly config: AssetDefinition["config"];
  /** The module has a function `when`. */
  readonly whenCode: boolean;
  /** The line on which a path's value stands, where it is known. */
  readonly lineOf: (path: readonly (string | number)[]) => number | undefined;
}

export interface Normalised {
  readonly definition: AssetDefinition;
  readonly mappings: ReadonlyMap<string, Mapping>;
  readonly lookback: number;
  readonly lookahead: number;
  /** For each check, which entry of `checks:` it came from. */
  readonly checkEntries: readonly number[];
  readonly findings: readonly Finding[];
}
export interface Mapping {
  readonly mapping: PartitionMapping;
  readonly lookback: number | null;
  readonly lookahead: number | null;
}

function metadataOf(said: Json | undefined): Pick<AssetDefinition, "metadata"> {
  const entries = Object.entries(objectOf(said ?? null))
    .flatMap(([name, sql]) => typeof sql === "string" ? [[name, sql.trim()] as const] : []);
  return entries.length === 0 ? {} : { metadata: Object.fromEntries(entries) };
}

/** `options` in its one spelling (`canonical`). */
export function normalise(options: JsonObject, around: Surroundings): Normalised {
  const findings: Finding[] = [];
  const partitions = isSaid(options["partitions"])
    ? readScheme(options["partitions"] ?? null)
    : null;
  for (const found of partitions === null ? [] : checkScheme(partitions)) {
    const { code, message, why, hint } = found;
    findings.push({
      path: ["partitions"],
      at: "value",
      code,
      message,
      ...(why === undefined ? {} : { why }),
      ...(hint === undefined ? {} : { hint }),
    });
  }
  const entries = listOf(options["checks"]);
  const checks = readChecks(entries, entries.map((_, index) => around.lineOf(["checks", index])));
  findings.push(...checks.findings);
  const exports = readExports(listOf(options["export"]), around);
  findings.push(...exports.findings);

  const columns = readColumns(options["columns"], around.lineOf);
  const uniqueKey = textsOf(options["uniqueKey"]);
  const materialized = wordOf(options["materialized"], ["table", "view", "incremental"], "table");
  const charts = listOf(options["chart"]).map(readChart);
  const definition: AssetDefinition = {
    key: around.key,
    group: textOf(options["group"], around.group),
    kind: around.kind,
    description: textOf(options["description"], "").trim(),
    owner: textOf(options["owner"], ""),
    tags: readTags(options["tags"]),
    origin: around.origin,
    codeVersion: "",
    checksVersion: "",
    exportsVersion: "",
    deps: [],
    partitions,
    materialized,
    strategy: strategyOf(options, materialized, partitions, uniqueKey),
    watermark: textOf(options["watermark"], null),
    uniqueKey,
    sql: around.sql,
    dataFile: around.dataFile,
    together: around.together,
    columns,
    checks: [...checks.checks, ...neverNull(columns, checks.checks)],
    ...metadataOf(options["metadata"]),
    charts,
    exports: exports.exports,
    config: around.config ?? readConfig(options["config"]),
    freshness: readFreshness(options["freshness"]),
    automation: wordOf(
      options["automation"],
      ["eager", "cron", "missing", "manual"],
      // Whoever writes a schedule and nothing else wants it to run then, and when it is stale too.
      "eager",
    ),
    schedule: readSchedule(options["schedule"]),
    when: around.whenCode ? "code" : textOf(options["when"], null),
    needs: wordOf(options["needs"], ["all", "any", "done"], "all"),
    retry: readRetry(options["retry"]),
    timeoutMs: durationOf(options["timeout"]),
    pool: readPool(options["pool"]),
    priority: numberOf(options["priority"], 0),
  };
  findings.push(...contradictions(options, definition));
  const mappings = readMappings(options["mapping"]);
  return {
    definition: {
      ...definition,
      codeVersion: codeDigest(definition, around.code, {
        lookback: numberOf(options["lookback"], 0),
        lookahead: numberOf(options["lookahead"], 0),
        mapping: options["mapping"] ?? null,
      }),
      ...versionsOf(definition),
    },
    mappings,
    lookback: numberOf(options["lookback"], 0),
    lookahead: numberOf(options["lookahead"], 0),
    checkEntries: checks.entries,
    findings,
  };
}

function strategyOf(
  options: JsonObject,
  materialized: AssetDefinition["materialized"],
  partitions: PartitionScheme | null,
  uniqueKey: readonly string[],
): AssetDefinition["strategy"] {
  if (materialized !== "incremental") return null;
  const natural = partitions !== null ? "window" : uniqueKey.length > 0 ? "merge" : "append";
  return wordOf(options["strategy"], ["window", "append", "merge"], natural);
}

/** What is right by itself and wrong together. */
function contradictions(options: JsonObject, made: AssetDefinition): readonly Finding[] {
  const found: Finding[] = [];
  const say = (key: string, message: string, why: string, hint: string) =>
    found.push({ path: [key], at: "key", message, why, hint });
  const incremental = made.materialized === "incremental";
  for (const key of ["strategy", "watermark", "uniqueKey"]) {
    if (isSaid(options[key]) && !incremental) {
      say(
        key,
        `Cannot use ${key === "uniqueKey" ? "unique_key" : key} here`,
        `it belongs to an incremental asset, and this one is a ${made.materialized}`,
        "add materialized: incremental",
      );
    }
  }
  if (made.strategy === "merge" && made.uniqueKey.length === 0) {
    say(
      "strategy",
      "Cannot merge without unique_key",
      "merge replaces rows by their key",
      "add unique_key: [id]",
    );
  }
  if (made.strategy === "window" && made.partitions === null) {
    say(
      "strategy",
      "Cannot use the strategy window without partitions",
      "it replaces exactly the rows of one window",
      "add partitions: daily, or write strategy: append",
    );
  }
  if (made.materialized === "view" && made.partitions !== null) {
    say(
      "materialized",
      "Cannot partition a view",
      "a view keeps no rows of its own",
      "remove partitions, or write materialized: table",
    );
  }
  if (made.materialized === "view" && made.kind !== "sql") {
    say(
      "materialized",
      "Cannot keep what is no query as a view",
      "a view is a query that DuckDB runs when it is read",
      "remove materialized, or write the asset as SQL",
    );
  }
  if (made.automation === "cron" && made.schedule === null) {
    say(
      "automation",
      "Cannot automate by cron without a schedule",
      "nothing says when it is due",
      'add schedule: "0 6 * * *"',
    );
  }
  return found;
}

/** What `nullable: false` promises is a check like any other; one that is written out counts. */
function neverNull(
  columns: readonly ColumnContract[],
  checks: readonly CheckDefinition[],
): readonly CheckDefinition[] {
  const said = new Set(
    checks.filter(({ kind }) => kind === "not_null").flatMap((each) => each.columns),
  );
  const names = columns.filter(({ name, nullable }) => !nullable && !said.has(name));
  return names.flatMap(({ name, line }) => readChecks([{ not_null: [name] }], [line]).checks);
}

function readTags(value: Json | undefined): readonly string[] {
  if (typeof value === "string") return value.split(/[\s,]+/).filter((each) => each !== "");
  if (isObject(value)) return Object.entries(value).map(([name, each]) => `${name}=${each}`);
  return textsOf(value);
}

function readColumns(
  value: Json | undefined,
  lineOf: Surroundings["lineOf"],
): readonly ColumnContract[] {
  const one = (name: string, said: Json, at: string | number): ColumnContract => {
    const options = objectOf(said);
    const line = lineOf(["columns", at]);
    return {
      name,
      type: typeof said === "string" ? said : textOf(options["type"], null),
      description: textOf(options["description"], null),
      nullable: options["nullable"] !== false,
      ...(line === undefined ? {} : { line }),
    };
  };
  if (isObject(value)) return Object.entries(value).map(([name, said]) => one(name, said, name));
  return listOf(value).map((each, at) =>
    typeof each === "string"
      ? one(each, null, at)
      : one(textOf(objectOf(each)["name"], ""), each, at)
  );
}

/** As written, but one `y` is a text, as the views expect it. */
function readChart(value: Json): ChartDefinition {
  const chart = objectOf(value);
  const y = textsOf(chart["y"]);
  return {
    ...chart,
    type: textOf(chart["type"], ""),
    ...(y.length === 0 ? {} : { y: y.length === 1 ? y[0] ?? "" : y }),
  };
}

function readExports(
  entries: readonly Json[],
  around: Surroundings,
): { readonly exports: readonly ExportDefinition[]; readonly findings: readonly Finding[] } {
  const findings: Finding[] = [];
  const exports = entries.flatMap((entry, index): readonly ExportDefinition[] => {
    const options = objectOf(entry);
    const path = typeof entry === "string" ? entry : textOf(options["path"], "");
    const said = wordOf(options["format"], ["csv", "parquet", "json", "geojson", "svg", ""], "");
    const format = said === "" ? exportFormat(path) : said;
    const trouble = projectPathTrouble(path);
    if (format === null || trouble !== null) {
      findings.push({
        path: ["export", index],
        at: "value",
        message: `Cannot export to ${JSON.stringify(path)}`,
        ...(trouble ?? {
          why: "neither its ending nor format: says which format",
          hint: "end it in .csv, .parquet, .json, .geojson or .svg",
        }),
      });
      return [];
    }
    const line = around.lineOf(["export", index]);
    return [{
      path: path.replace(/^(\.\/)+/, ""),
      format,
      ...(line === undefined ? {} : { line }),
    }];
  });
  return { exports, findings };
}

function readConfig(value: Json | undefined): AssetDefinition["config"] {
  return isObject(value) ? { schema: null, defaults: value, exact: true } : null;
}

/** For one upstream each, or (under "") for all that have none of their own. */
function readMappings(value: Json | undefined): ReadonlyMap<string, Mapping> {
  if (typeof value === "string") return new Map([["", readMapping(value)]]);
  return new Map(Object.entries(objectOf(value)).map(([name, said]) => [name, readMapping(said)]));
}
