/** What `chart:` may hold, as the schema's shape: made from the one grammar in `core/chart.ts`. */
import {
  CHART_OPTIONS,
  type ChartOption,
  chartTroubles,
  chartTypeWords,
  type OptionKind,
} from "../core/chart.ts";
import type { Fields, Shape } from "./shape.ts";
import { anyText } from "./words.ts";

const options: readonly (readonly [string, ChartOption])[] = Object.entries(CHART_OPTIONS);

export const chart: Shape = {
  is: "object",
  fields: {
    type: {
      of: { is: "word", words: chartTypeWords() },
      about: "How it is drawn",
      example: "line",
      required: true,
    },
    ...Object.fromEntries(
      options.map(([name, { of, about, example }]) => [name, { of: shapeOf(of), about, example }]),
    ) satisfies Fields,
  },
  also: (value) =>
    chartTroubles(value).map(({ option, ...said }) => ({
      path: option === null ? [] : [option],
      at: option === null ? "value" : "key",
      ...said,
    })),
};

function shapeOf(of: OptionKind): Shape {
  switch (of.is) {
    case "columns":
      return { is: "list", of: anyText, orOne: true };
    case "flag":
      return { is: "flag" };
    case "number":
      return { is: "number" };
    case "whole":
      return { is: "number", whole: true, min: of.least };
    case "word":
      return of;
    default:
      return anyText;
  }
}
