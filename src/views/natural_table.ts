/** Rows as a table that is as wide as they are, for a place in which it is moved sideways. */
import type { Json } from "../core/json.ts";
import type { Rows } from "../core/rows.ts";
import { paint, type Style } from "../term/style.ts";
import { table } from "../term/table.ts";
import { tableOf } from "./table.ts";

/** A cell is never wider: the next column is to be reached. */
const WIDEST = 60;
const ENDLESS = 1_000_000;

/** `head`: how many of the lines are its heading. */
export function naturalTable(
  rows: Rows,
  style: Style,
): { readonly lines: readonly string[]; readonly head: number } {
  if (rows.columns.length === 0) return { lines: [paint(style, "dim", "no columns")], head: 0 };
  const cut = { ...rows, rows: rows.rows.map((row) => row.map(shortened)), total: null };
  const laid = tableOf(cut);
  const lines = table(laid.columns, laid.rows, { width: ENDLESS, style, layout: "grid" });
  return rows.rows.length === 0
    ? { lines: [...lines, paint(style, "dim", "no rows")], head: 0 }
    : { lines, head: 2 };
}

function shortened(value: Json): Json {
  const text = typeof value === "object" && value !== null ? JSON.stringify(value) : value;
  // An outline of a map is told by its beginning, and cut by its own rule.
  return typeof text === "string" && text.length > WIDEST ? `${text.slice(0, WIDEST - 1)}…` : value;
}
