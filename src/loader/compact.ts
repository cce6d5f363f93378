/**
 * Drafts as the cache keeps them: what has its default value is left out, since most of a definition has and a
 * thousand of them are read at every start.
 */
import type { AssetDefinition } from "../core/definition.ts";
import type { Json, JsonObject } from "../core/json.ts";
import type { AssetDraft, CheckDraft, ModuleDraft, Reference } from "./draft.ts";

const DEFAULTS = {
  group: "",
  kind: "sql",
  description: "",
  owner: "",
  tags: [],
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
  together: [],
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
} as const satisfies Partial<AssetDefinition>;

const SQL_DEFAULTS = { ordered: false, parameters: [], files: [], volatile: false } as const;

const DEFAULT_MAPPING = { type: "default" } as const;

type PackedReference = readonly [
  name: string,
  of: Reference["of"],
  line: number,
  column: number,
  rest?: JsonObject,
];

export interface PackedAsset {
  readonly d: JsonObject;
  readonly r?: readonly PackedReference[];
  readonly e?: readonly number[];
  readonly b?: number;
  readonly a?: number;
}
export interface PackedModule {
  readonly assets: readonly PackedAsset[];
  readonly rest?: Pick<ModuleDraft, "checks" | "schedules" | "sensors">;
}

export function packModule(draft: ModuleDraft): PackedModule {
  const { assets, ...rest } = draft;
  const more = rest.checks.length + rest.schedules.length + rest.sensors.length > 0;
  return { assets: assets.map(packAsset), ...(more ? { rest } : {}) };
}

export function unpackModule(packed: PackedModule, file: string): ModuleDraft {
  const none: readonly CheckDraft[] = [];
  return {
    assets: packed.assets.map((each) => unpackAsset(each, file)),
    ...(packed.rest ?? { checks: none, schedules: [], sensors: [] }),
  };
}

function packAsset(draft: AssetDraft): PackedAsset {
  const { definition } = draft;
  const d = { ...without(definition, DEFAULTS) };
  if (definition.sql !== null) d["sql"] = without(definition.sql, SQL_DEFAULTS);
  if (definition.together.length === 1) delete d["together"];
  if (definition.origin.exportName === null && definition.origin.line === 1) delete d["origin"];
  return {
    d,
    ...(draft.references.length === 0 ? {} : { r: draft.references.map(packReference) }),
    ...(draft.checkEntries.length === 0 ? {} : { e: draft.checkEntries }),
    ...(draft.lookback === 0 ? {} : { b: draft.lookback }),
    ...(draft.lookahead === 0 ? {} : { a: draft.lookahead }),
  };
}

function unpackAsset(packed: PackedAsset, file: string): AssetDraft {
  const d = packed.d as unknown as
    & Partial<AssetDefinition>
    & Pick<AssetDefinition, "key" | "codeVersion">;
  const definition: AssetDefinition = {
    ...DEFAULTS,
    origin: { file, line: 1, exportName: null },
    ...d,
    together: d.together ?? [d.key],
    sql: d.sql ? { ...SQL_DEFAULTS, ...d.sql } : null,
  };
  return {
    definition,
    references: packed.r?.map(unpackReference) ?? [],
    checkEntries: packed.e ?? [],
    lookback: packed.b ?? 0,
    lookahead: packed.a ?? 0,
  };
}

function packReference(reference: Reference): PackedReference {
  const { name, of, line, column, ...more } = reference;
  const rest = without(more, { mapping: DEFAULT_MAPPING, lookback: null, lookahead: null });
  return Object.keys(rest).length === 0 ? [name, of, line, column] : [name, of, line, column, rest];
}

function unpackReference([name, of, line, column, rest]: PackedReference): Reference {
  return {
    name,
    of,
    mapping: DEFAULT_MAPPING,
    lookback: null,
    lookahead: null,
    line,
    column,
    ...rest,
  };
}

/** Values are plain JSON, so equal texts are equal values. */
function without(value: object, defaults: object): Record<string, Json> {
  const known = new Map<string, unknown>(Object.entries(defaults));
  return Object.fromEntries(
    Object.entries(value).filter(([key, each]) =>
      each !== undefined &&
      !(known.has(key) && JSON.stringify(known.get(key)) === JSON.stringify(each))
    ),
  );
}
