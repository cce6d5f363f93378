/** Charts that are no picture of axes: one number, rows of small bars, spans of time, the rows themselves. */
import type { GanttRow } from "../term/gantt.ts";
import type { Role } from "../term/style.ts";
import type { Drawing, Figured } from "./drawing.ts";
import {
  axisOf,
  columnOf,
  columnsOf,
  firstColumn,
  isMeasure,
  labelsOf,
  needed,
  numberOf,
  numbersOf,
} from "./chart_columns.ts";
import { isNumeric, tableOf } from "./table.ts";

/** The last row's value; compared with the row before, or where it is alone with the version before. */
export function numberFigure(drawing: Drawing): Figured {
  const { chart, before } = drawing;
  const column = needed(
    drawing,
    "value",
    columnOf(drawing, "value") ?? columnsOf(drawing, "y")[0] ?? firstColumn(drawing, isMeasure),
    "a number",
  );
  const numbers = numbersOf(drawing, "value", column);
  const value = numbers.at(-1) ?? null, last = numbers.at(-2) ?? null;
  const compared = numbers.length > 1
    ? last === null ? null : { value: last, name: "the row before" }
    : before === null
    ? null
    : { value: before, name: "the version before" };
  return {
    figure: {
      kind: "number",
      data: {
        value,
        before: compared,
        course: numbers.length > 2 ? numbers : [],
        unit: typeof chart["unit"] === "string" ? chart["unit"] : "",
        empty: numbers.length === 0,
      },
    },
    notes: [],
  };
}

/** A bar from x to end for each row. */
export function ganttFigure(drawing: Drawing): Figured {
  const start = needed(drawing, "x", columnOf(drawing, "x"), "a time or a number");
  const end = needed(drawing, "end", columnOf(drawing, "end"), "a time or a number");
  const label = needed(
    drawing,
    "label",
    columnOf(drawing, "label") ?? columnsOf(drawing, "y")[0] ??
      firstColumn(drawing, ({ type }) => !isNumeric(type), [start, end]),
    "a column of names",
  );
  const color = columnOf(drawing, "color");
  const words = color === null ? [] : labelsOf(drawing, color);
  const kinds = [...new Set(words)];
  const names = labelsOf(drawing, label);
  const from = momentsOf(drawing, start.at), to = momentsOf(drawing, end.at);
  const rows: GanttRow[] = names.map((name, i) => ({
    label: name,
    start: from[i] ?? null,
    end: to[i] ?? null,
    ...(words[i] === undefined
      ? { role: "accent" as const }
      : { note: words[i], role: roleFor(words[i], kinds) }),
  }));
  return { figure: { kind: "gantt", rows }, notes: [] };

  function momentsOf({ rows }: Drawing, at: number): (number | null)[] {
    const column = rows.columns[at];
    if (column === undefined) return [];
    const axis = axisOf(drawing, { ...column, at });
    return axis.values.map((value) => {
      if (typeof value === "number" || value === null) return value;
      const moment = Date.parse(`${value.replace(" ", "T")}${value.length > 10 ? "Z" : ""}`);
      return Number.isNaN(moment) ? numberOf(value) : moment;
    });
  }
}

const ROLES: readonly Role[] = ["accent", "good", "warn", "bad", "key", "dim"];

/** Words of outcomes have their own colours; others get one each. */
function roleFor(word: string, kinds: readonly string[]): Role {
  if (/fail|error/i.test(word)) return "bad";
  if (/succe|ok|done|pass/i.test(word)) return "good";
  if (/warn|cancel|interrupt|block|retry/i.test(word)) return "warn";
  return ROLES[kinds.indexOf(word) % ROLES.length] ?? "accent";
}

export function tableFigure({ rows }: Drawing): Figured {
  return { figure: { kind: "table", ...tableOf(rows) }, notes: [] };
}
