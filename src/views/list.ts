/** `ls`: assets and how each stands, as a table, group by group where there are groups. */
import type { AssetStatus } from "../core/status.ts";
import type { CellValue } from "../term/cell.ts";
import { relativeTime } from "../term/duration.ts";
import { paint, type Style } from "../term/style.ts";
import { type Column, table } from "../term/table.ts";
import { sanitize } from "../term/sanitize.ts";
import { truncate } from "../term/width.ts";
import type { Listed } from "./documents_asset.ts";
import { lookOf, roleOf } from "./words.ts";

/** Below this there is no room to say of which kind each asset is. */
const WIDE = 100;
const HEAD = 2;

/** A line for each asset; nothing at all where there are none. */
export function listLines(listed: Listed, style: Style, columns: number): string[] {
  const { statuses, defs, view } = listed;
  if (statuses.length === 0) return [];
  const groups = grouped(listed);
  const wide = columns >= WIDE;
  const heads: readonly Column[] = [
    { title: "asset", kind: "text" },
    ...(wide ? [{ title: "kind", kind: "text" } as const] : []),
    { title: "state", kind: "text" },
    { title: "parts", kind: "text", align: "right" },
    { title: "rows", kind: "number" },
    { title: "last", kind: "text" },
    { title: "why", kind: "text" },
  ];
  const ordered = [...groups.values()].flat();
  const rows = ordered.map((status): CellValue[] => {
    const def = defs.get(status.asset);
    const made = status.last?.published ?? null;
    return [
      { text: status.asset },
      ...(wide ? [{ text: def?.kind ?? "", role: "dim" } as const] : []),
      { text: `${lookOf(status.state, style)} ${status.state}`, role: roleOf(status.state) },
      { text: def?.partitions ? partsText(status) : "" },
      made === null || made.output === "nothing" || made.output === "view"
        ? { text: "" }
        : status.rows,
      { text: made === null ? "" : relativeTime(made.at, view.now), role: "dim" },
      { text: reasonText(status), role: roleOfReason(status) },
    ];
  });
  const told = heads.map((_, at) => rows.some((row) => !isEmpty(row[at])));
  const lines = table(
    heads.filter((_, at) => told[at]),
    rows.map((row) => row.filter((_, at) => told[at])),
    { width: columns, style, layout: "grid" },
  );
  if (groups.size < 2) return lines;
  const out = lines.slice(0, HEAD);
  let at = HEAD;
  for (const [group, members] of groups) {
    const name = group === "" ? "(no group)" : sanitize(group, style);
    if (at > HEAD) out.push("");
    out.push(paint(style, "key", truncate(name, columns, style)));
    out.push(...lines.slice(at, at + members.length));
    at += members.length;
  }
  return [...out, ...lines.slice(at)];
}

/** A column that says nothing of any asset is left out. */
function isEmpty(cell: CellValue | undefined): boolean {
  if (cell === undefined || cell === null) return true;
  return typeof cell === "object" && "text" in cell && cell.text === "";
}

/** In the order in which the groups first come up; what has none stands first. */
function grouped({ statuses, defs }: Listed): Map<string, AssetStatus[]> {
  const groups = new Map<string, AssetStatus[]>();
  if (statuses.some(({ asset }) => (defs.get(asset)?.group ?? "") === "")) groups.set("", []);
  for (const status of statuses) {
    const group = defs.get(status.asset)?.group ?? "";
    const members = groups.get(group);
    if (members === undefined) groups.set(group, [status]);
    else members.push(status);
  }
  return groups;
}

function partsText({ partitions }: AssetStatus): string {
  const made = partitions.filter((each) => each.head?.published).length;
  return `${made}/${partitions.length}`;
}

/** The first reason, short, and how many there are besides. */
export function reasonText(status: AssetStatus): string {
  const [first, ...others] = status.reasons;
  if (first === undefined) {
    if (status.pinned) return "pinned";
    return status.freshness === "late" || status.freshness === "soon late" ? status.freshness : "";
  }
  // The reason that the state's own word is about, where there is one.
  const told = status.reasons.find((each) => each.kind === status.state) ?? first;
  const text = told.text.replace(/^its last attempt failed: /, "");
  const where = told.partitions === null || allOf(status) ? "" : ` (${told.partitions})`;
  const more = others.length === 0 ? "" : `, +${others.length}`;
  const held = told.held === null || told.kind === "failed" ? "" : ` (held: ${told.held})`;
  return `${text}${where}${more}${held}`;
}

/** Where every partition has it, saying which ones is no news. */
function allOf(status: AssetStatus): boolean {
  return status.reasons.length === 1 && status.counts.fresh === 0;
}

function roleOfReason(status: AssetStatus): "bad" | "dim" | undefined {
  return status.state === "failed" ? "bad" : status.state === "fresh" ? "dim" : undefined;
}
