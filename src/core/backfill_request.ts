/** A backfill as it was asked for: what travels in the log with each of its runs. What follows is `backfill.ts`. */
import type { JsonObject } from "./json.ts";

/** What a backfill is about, as typed: enough to go on with it. */
export interface Backfill {
  /** The same for all of its runs. */
  readonly id: string;
  readonly select: readonly string[];
  readonly exclude: readonly string[];
  readonly partitions: readonly string[];
  readonly from: string | null;
  readonly to: string | null;
  readonly filter: BackfillFilter;
  readonly order: BackfillOrder | null;
  /** Keys to a run; null: all in one. */
  readonly perRun: number | null;
  readonly settings: JsonObject;
}

/** `all` builds what is there already too. */
export type BackfillFilter = "all" | "missing" | "failed";
export type BackfillOrder = "newest" | "oldest";
