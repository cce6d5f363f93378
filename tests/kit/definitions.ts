/** Definitions, layouts and circumstances for tests that stand below the loader: short to write, whole in type. */
import type { AssetDefinition, Dependency, ProjectDefinition } from "../../src/core/definition.ts";
import { emptyState } from "../../src/core/fold.ts";
import type { State } from "../../src/core/heads.ts";
import type { AssetKey } from "../../src/core/key.ts";
import { type FullLayout, makeLayout } from "../../src/core/layout_make.ts";
import type { PartitionScheme } from "../../src/core/partition/scheme.ts";
import type { Circumstances } from "../../src/core/reasons.ts";
import { plainAsset } from "./plain_asset.ts";

export const NOW = Date.parse("2024-01-15T12:00:00Z");

export const key = (name: string): AssetKey => name as AssetKey;

export interface AssetOptions extends Partial<Omit<AssetDefinition, "key" | "deps">> {
  readonly deps?: readonly (string | Partial<Dependency> & { readonly asset: AssetKey })[];
}

/** A SQL asset named `name`; `deps` by name. */
export function asset(name: string, options: AssetOptions = {}): AssetDefinition {
  const { deps = [], ...rest } = options;
  return {
    ...plainAsset(name),
    codeVersion: `code of ${name}`,
    deps: deps.map((dep) => ({
      mapping: { type: "default" },
      lookback: 0,
      lookahead: 0,
      ...(typeof dep === "string" ? { asset: key(dep) } : dep),
    })),
    ...rest,
  };
}

export function project(
  assets: readonly AssetDefinition[],
  options: Partial<ProjectDefinition> = {},
): ProjectDefinition {
  return {
    name: "test",
    timezone: "UTC",
    assets,
    schedules: [],
    sensors: [],
    notify: [],
    pools: {},
    warehouse: { mirror: null, memoryMb: null, threads: null, scratch: null },
    concurrency: null,
    settings: {},
    secrets: [],
    ...options,
  };
}

/** The layout of these assets; a problem in them fails the test. */
export function layout(
  assets: readonly AssetDefinition[],
  state: State = emptyState(),
  now: number = NOW,
): FullLayout {
  const made = makeLayout(project(assets), state, now);
  if (!made.ok) throw new Error(JSON.stringify(made.error, null, 2));
  return made.value;
}

export function around(options: Partial<Circumstances> = {}): Circumstances {
  return {
    now: NOW,
    currentRead: (read) => read.digest,
    due: new Map(),
    requested: new Map(),
    force: false,
    ...options,
  };
}

/** Months from `start` to before `end`. */
export function months(start: string | null, end: string | null): PartitionScheme {
  return {
    type: "time",
    unit: "month",
    start,
    end,
    timezone: null,
    weekStart: 1,
    includeCurrent: false,
    availableMs: 0,
  };
}

/** Weeks that begin on Sunday, within the upstream's windows. */
export function weeks(): PartitionScheme {
  return {
    type: "time",
    unit: "week",
    start: null,
    end: null,
    timezone: null,
    weekStart: 0,
    includeCurrent: false,
    availableMs: 0,
  };
}
