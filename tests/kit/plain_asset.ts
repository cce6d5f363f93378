/** A definition in which nothing is said: what every builder of definitions in the tests starts from. */
import type { AssetDefinition } from "../../src/core/definition.ts";
import type { AssetKey } from "../../src/core/key.ts";

/** The SQL asset `name` in `assets/NAME.sql`, with everything at its default. */
export function plainAsset(name: string): AssetDefinition {
  const key = name as AssetKey;
  return {
    key,
    group: "",
    kind: "sql",
    description: "",
    owner: "",
    tags: [],
    origin: { file: `assets/${name}.sql`, line: 1, exportName: null },
    codeVersion: "c",
    checksVersion: "",
    exportsVersion: "",
    deps: [],
    partitions: null,
    materialized: "table",
    strategy: null,
    watermark: null,
    uniqueKey: [],
    sql: null,
    dataFile: null,
    together: [key],
    columns: [],
    checks: [],
    charts: [],
    exports: [],
    config: null,
    freshness: null,
    automation: "eager",
    schedule: null,
    when: null,
    needs: "all",
    retry: null,
    timeoutMs: null,
    pool: null,
    priority: 0,
  };
}
