// Says what a drawing is before it is drawn: the data and what was said about it, for each kind of
// chart. The terminal (`drawFigure`) and SVG (svg/figure.ts) both draw from it, with the same axes,
// classes and colours.

import { areaChart } from "./area.ts";
import { barChart, type BarData } from "./bar.ts";
import type { BinKind } from "./bins.ts";
import { type Box, boxChart } from "./boxplot.ts";
import { calendarChart, type CalendarDay } from "./calendar.ts";
import type { CellValue } from "./cell.ts";
import { gantt, type GanttRow } from "./gantt.ts";
import { type HeatData, heatMap } from "./heat.ts";
import { histogramChart, type HistogramData } from "./histogram.ts";
import { lineChart } from "./line.ts";
import { choropleth, type MapFeature } from "./map.ts";
import { numberChart, type NumberData } from "./bignumber.ts";
import type { LineData } from "./points.ts";
import { scatterChart } from "./scatter.ts";
import { sparkChart, type SparkRow } from "./sparks.ts";
import { type Style } from "./style.ts";
import { type Column, table } from "./table.ts";
import { drawTitle } from "./head.ts";
import { canvas, canvasLines } from "./canvas.ts";

/** How values read where they are not what is drawn (logarithms). */
type Format = (value: number) => string;

export type Figure =
  | {
    readonly kind: "line" | "area" | "scatter";
    readonly data: LineData;
    readonly height?: number | undefined;
    readonly zero?: boolean | undefined;
    /** The values are logarithms to base ten. */
    readonly log?: boolean | undefined;
  }
  | {
    readonly kind: "bar";
    readonly data: BarData;
    readonly stacked: boolean;
    readonly limit?: number | undefined;
    readonly format?: Format | undefined;
  }
  | {
    readonly kind: "histogram";
    readonly data: HistogramData;
    readonly height?: number | undefined;
    readonly log?: boolean | undefined;
  }
  | { readonly kind: "box"; readonly boxes: readonly Box[]; readonly log?: boolean | undefined }
  | ({ readonly kind: "heat"; readonly data: HeatData } & Shades)
  | ({ readonly kind: "calendar"; readonly days: readonly CalendarDay[] } & Shades)
  | {
    readonly kind: "map";
    readonly features: readonly MapFeature[];
    readonly unit?: string | undefined;
    readonly rotate?: number | undefined;
    readonly classes?: number | undefined;
    readonly bins?: BinKind | undefined;
    readonly top?: number | undefined;
    readonly height?: number | undefined;
  }
  | { readonly kind: "number"; readonly data: NumberData }
  | { readonly kind: "spark"; readonly rows: readonly SparkRow[] }
  | { readonly kind: "gantt"; readonly rows: readonly GanttRow[] }
  | {
    readonly kind: "table";
    readonly columns: readonly Column[];
    readonly rows: readonly (readonly CellValue[])[];
    readonly total: number;
  };

interface Shades {
  readonly unit?: string | undefined;
  readonly numbers?: boolean | undefined;
  readonly diverging?: boolean | undefined;
  readonly format?: Format | undefined;
}

export interface FigureOptions {
  readonly width: number;
  /** Never more lines than these. */
  readonly most?: number | undefined;
  readonly style: Style;
  readonly title: string;
}

/** A figure as lines; every line of a chart is exactly as wide as asked, those of a table as wide as they need. */
export function drawFigure(figure: Figure, options: FigureOptions): string[] {
  switch (figure.kind) {
    case "line":
      return lineChart(figure.data, { ...figure, ...options });
    case "area":
      return areaChart(figure.data, { ...figure, ...options });
    case "scatter":
      return scatterChart(figure.data, { ...figure, ...options });
    case "bar":
      return barChart(figure.data, {
        ...figure,
        ...options,
        mode: figure.stacked ? "stacked" : "grouped",
      });
    case "histogram":
      return histogramChart(figure.data, { ...figure, ...options });
    case "box":
      return boxChart(figure.boxes, { ...figure, ...options });
    case "heat":
      return heatMap(figure.data, { ...figure, ...options });
    case "calendar":
      return calendarChart(figure.days, { ...figure, ...options });
    case "map":
      return choropleth(figure.features, { ...figure, ...options });
    case "number":
      return numberChart(figure.data, options);
    case "spark":
      return sparkChart(figure.rows, options);
    case "gantt":
      return gantt(figure.rows, options);
    case "table": {
      const on = canvas(options.width, 1);
      drawTitle(on, options.title, options.style);
      const most = options.most === undefined ? figure.rows.length : Math.max(1, options.most - 4);
      const lines = table(figure.columns, figure.rows, {
        ...options,
        limit: most,
        total: figure.total,
      });
      return [...canvasLines(on).map((line) => line.trimEnd()), ...lines];
    }
  }
}
