/** The line above the lineage: how much of it is shown, and why not all. */
import { counted, grouped } from "../term/number.ts";
import { sanitize } from "../term/sanitize.ts";
import { paint } from "../term/style.ts";
import { fit } from "../term/width.ts";
import type { BoardData } from "./board.ts";
import type { Model, Room } from "./model.ts";
import type { LineageState } from "./states.ts";

/** `36 assets`, or what of them is shown; at the end on which sides there is more than is seen. */
export function lineageHead(
  { style, filter }: Model,
  data: BoardData,
  { drawn, focus, from, folded, left, top }: LineageState,
  room: Room,
  columns: number,
): string {
  if (drawn === null) return "";
  // On which sides there is more than is seen.
  const { placed } = drawn;
  const [west, east, north, south] = style.unicode ? "←→↑↓" : "<>^v";
  const beyond = [
    ...(left > 0 ? [west] : []),
    ...(left + room.columns < placed.columns ? [east] : []),
    ...(top > 0 ? [north] : []),
    ...(top + room.rows < placed.rows ? [south] : []),
  ].join("");
  const { whole, around, nodes } = drawn;
  const name = (text: string) => paint(style, "key", sanitize(text, style));
  const of = whole.nodes.length < data.graph.keys.length && !folded
    ? ` of ${grouped(data.graph.keys.length)}`
    : "";
  const count = folded
    ? `${grouped(whole.nodes.length)} groups and assets`
    : of === ""
    ? counted(whole.nodes.length, "asset")
    : `${grouped(whole.nodes.length)}${of} assets`;
  const what = focus === null
    ? ""
    : focus.kind === "path"
    ? `  between ${name(focus.of)} and ${name(focus.to)}`
    : focus.kind === "up"
    ? `  ${name(focus.of)} and what it stands on`
    : `  ${name(focus.of)} and what stands on it`;
  const all = focus === null ? "" : paint(style, "dim", ", a shows all");
  const part = around === null
    ? ""
    : `  ${paint(style, "warn", `${grouped(nodes.length)} near ${sanitize(around, style)} drawn`)}${
      paint(style, "dim", "; choose a part with U, D, p or /")
    }`;
  const start = from === null ? "" : `  from ${name(from)}`;
  const none = whole.nodes.length === 0 && filter !== ""
    ? `  nothing fits ${sanitize(filter, style)}`
    : "";
  const text = ` ${paint(style, "dim", count)}${what}${all}${part}${start}${none}`;
  const more = beyond === "" ? "" : `${paint(style, "accent", beyond)} `;
  return `${fit(text, columns - beyond.length - 1, style)}${more}`;
}
