/** What each drawing of a chart is handed, and what it gives back. */
import type { Style } from "../term/style.ts";
import type { ChartData } from "./chart_columns.ts";

/** Lines of a drawing, and what must be said below it. */
export interface Drawn {
  readonly lines: readonly string[];
  readonly notes: readonly string[];
}

/** What each drawing is handed. */
export interface Drawing extends ChartData {
  readonly style: Style;
  readonly columns: number;
  /** As declared, else made of the asset's name. */
  readonly title: string;
}
