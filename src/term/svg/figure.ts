// Draws any figure as SVG: self-contained, the same bytes for the same data, light and dark by the
// reader's screen. Own, and not Observable Plot: the scales are the terminal's, and nothing is loaded.

import type { Figure } from "../figure.ts";
import { axesSvg, histogramSvg } from "./axes.ts";
import { barSvg, boxSvg, numberSvg, sparkSvg, tableSvg } from "./rows.ts";
import { ganttSvg } from "./gantt.ts";
import { calendarSvg, heatSvg, mapSvg } from "./shades.ts";
import { themeCss } from "./theme.ts";

export interface SvgOptions {
  /** In pixels. */
  readonly width: number;
  readonly title: string;
  /** True: part of a page that has `themeCss(".nyc")` already; the title is the page's too. */
  readonly embedded?: boolean | undefined;
  /** Sentences below the drawing. */
  readonly below?: readonly string[] | undefined;
}

/** A figure as SVG text. */
export function figureSvg(figure: Figure, options: SvgOptions): string {
  const { width } = options;
  const end = {
    css: options.embedded === true ? null : themeCss("svg.nyc"),
    below: options.below ?? [],
  };
  const title = options.title;
  switch (figure.kind) {
    case "line":
    case "area":
    case "scatter":
      return axesSvg(figure, width, title, end);
    case "histogram":
      return histogramSvg(figure, width, title, end);
    case "bar":
      return barSvg(figure, width, title, end);
    case "box":
      return boxSvg(figure, width, title, end);
    case "gantt":
      return ganttSvg(figure, width, title, end);
    case "spark":
      return sparkSvg(figure, width, title, end);
    case "number":
      return numberSvg(figure, width, title, end);
    case "table":
      return tableSvg(figure, width, title, end);
    case "heat":
      return heatSvg(figure, width, title, end);
    case "calendar":
      return calendarSvg(figure, width, title, end);
    case "map":
      return mapSvg(figure, width, title, end);
  }
}
