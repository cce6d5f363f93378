/** What is said of the node that is marked in the lineage: how it stands, why, and what it has to do with. */
import type { AssetKey } from "../core/key.ts";
import { relativeTime } from "../term/duration.ts";
import { counted, grouped } from "../term/number.ts";
import { rule } from "../term/box.ts";
import { sanitize } from "../term/sanitize.ts";
import { paint } from "../term/style.ts";
import { truncate } from "../term/width.ts";
import { reasonText } from "../views/list.ts";
import { markOf, roleOf } from "../views/words.ts";
import type { BoardData } from "./board.ts";
import { graphNode, type LineageNode } from "./lineage_drawn.ts";
import type { Model } from "./model.ts";

/** At most `rows` lines. */
export function aboutLines(
  { style, now }: Model,
  data: BoardData,
  node: LineageNode | null,
  columns: number,
  rows: number,
): readonly string[] {
  if (node === null || rows === 0) return [];
  const { state, statuses } = graphNode(node, data);
  const [first] = statuses;
  if (first === undefined) return [];
  const { graph } = data;
  const name = paint(style, "heading", sanitize(node.id, style));
  const word = paint(style, roleOf(state), state);
  const ties = (next: (key: AssetKey) => readonly AssetKey[]) =>
    new Set(node.members.flatMap((key) => next(key)).filter((key) => !node.members.includes(key)));
  const reads = ties(graph.upstream).size, read = ties(graph.downstream).size;
  const tied = paint(style, "dim", `reads ${grouped(reads)}, read by ${grouped(read)}`);
  const made = first.last?.published ?? null;
  const about = node.folded ? [counted(node.members.length, "asset")] : [
    ...(graph.def(first.asset).group === "" ? [] : [graph.def(first.asset).group]),
    ...(made === null ? [] : [`made ${relativeTime(made.at, now)}`]),
  ];
  const line = ` ${markOf(state, style)} ${name}  ${word}  ${tied}  ${
    paint(style, "dim", sanitize(about.join("  "), style))
  }`;
  const why = node.folded ? "" : reasonText(first) || graph.def(first.asset).description;
  const role = state === "failed" ? "bad" : "dim";
  const lines = [line, ` ${paint(style, role, sanitize(why, style))}`]
    .map((each) => truncate(each, columns, style));
  if (rows === 1) return lines.slice(0, 1);
  return rows === 2
    ? [rule({ width: columns, style }), lines[0] as string]
    : [rule({ width: columns, style }), ...lines];
}
