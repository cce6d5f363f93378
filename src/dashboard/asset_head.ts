/** The line above everything that is shown of an asset: how it stands, as much of it as fits. */
import { relativeTime, shortDuration } from "../term/duration.ts";
import { sanitize } from "../term/sanitize.ts";
import { paint, type Role } from "../term/style.ts";
import { truncate, width } from "../term/width.ts";
import { grouped } from "../term/number.ts";
import { markOf, roleOf, schemeWord, shortId } from "../views/words.ts";
import type { Shown } from "./asset_sections.ts";
import type { Model } from "./model.ts";

/** `✓ trips_by_week  fresh  sql, in reports  13/13  2 min ago, took 1.2 s  7f3a91  pinned`. */
export function assetHead(model: Model, { key, def, status }: Shown): string {
  const { style, columns, now } = model;
  const last = status.last?.published ?? null;
  const dim = (text: string) => paint(style, "dim", text);
  const kind = [
    def.kind,
    ...(def.materialized === "table" ? [] : [def.materialized]),
    ...(def.partitions === null ? [] : [schemeWord(def.partitions)]),
  ].join(", ");
  const made = status.partitions.filter((each) => each.head?.published).length;
  const late: Role = status.freshness === "late" || status.freshness === "never" ? "bad" : "dim";
  const parts = [
    paint(style, roleOf(status.state), status.state),
    ...(status.pinned ? [paint(style, "warn", "pinned")] : []),
    ...(status.freshness === null ? [] : [paint(style, late, status.freshness)]),
    ...(def.partitions === null
      ? []
      : [`${grouped(made)}/${grouped(status.partitions.length)} partitions`]),
    dim(
      last === null
        ? def.kind === "source" ? "made by others" : "never materialized"
        : `${relativeTime(last.at, now)}, took ${shortDuration(last.seconds * 1000)}`,
    ),
    dim(kind),
    ...(def.group === "" ? [] : [dim(`in ${sanitize(def.group, style)}`)]),
    ...(last === null ? [] : [dim(`version ${shortId(last.version)}`)]),
  ];
  let line = ` ${markOf(status.state, style)} ${paint(style, "heading", sanitize(key, style))}`;
  for (const part of parts) {
    if (width(line) + 2 + width(part) > columns) continue;
    line += `  ${part}`;
  }
  return truncate(line, columns, style);
}
