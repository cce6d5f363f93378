/** What each reading of a chart gives: the figure that term draws, and what must be said below it. */
import type { Figure } from "../term/figure.ts";
import type { ChartData } from "./chart_columns.ts";

export interface Figured {
  readonly figure: Figure;
  readonly notes: readonly string[];
}

/** What each reading is handed. */
export interface Drawing extends ChartData {
  /** Of a number: what its asset's version before had there; null where there was none. */
  readonly before: number | null;
}
