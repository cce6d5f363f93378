/**
 * A definition as one module alone says it: everything but which assets its references are. Kept in the
 * definition cache per module; `link.ts` makes the project of them.
 */
import type { AssetDefinition, ScheduleDefinition, SensorDefinition } from "../core/definition.ts";
import type { PartitionMapping } from "../core/partition/scheme.ts";

/** A name that must be an asset, and where it stands. */
export interface Reference {
  readonly name: string;
  readonly of: "query" | "deps" | "check" | "when" | "mapping";
  /** For `check`: which entry of `checks:`. */
  readonly check?: number;
  readonly mapping: PartitionMapping;
  /** Null: the asset's own `lookback:` and `lookahead:`. */
  readonly lookback: number | null;
  readonly lookahead: number | null;
  readonly line: number;
  readonly column: number;
}

export interface AssetDraft {
  /** `deps` and the checks' `reads` are empty until it is linked. */
  readonly definition: AssetDefinition;
  readonly references: readonly Reference[];
  readonly checkEntries: readonly number[];
  readonly lookback: number;
  readonly lookahead: number;
}

/** A check that stands apart from its asset: `check({ asset: … })`. */
export interface CheckDraft {
  readonly asset: Reference;
  readonly check: AssetDefinition["checks"][number];
  readonly references: readonly Reference[];
  readonly version: string;
}

/** What one module says. */
export interface ModuleDraft {
  readonly assets: readonly AssetDraft[];
  readonly checks: readonly CheckDraft[];
  readonly schedules: readonly ScheduleDefinition[];
  readonly sensors: readonly SensorDefinition[];
}

export const NOTHING: ModuleDraft = { assets: [], checks: [], schedules: [], sensors: [] };
