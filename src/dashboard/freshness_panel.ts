/** Which assets are to be how new, and whether they are: the late ones first. */
import { formatDuration } from "../core/duration.ts";
import type { FreshnessPolicy } from "../core/definition.ts";
import type { AssetStatus } from "../core/status.ts";
import { rule } from "../term/box.ts";
import { relativeTime } from "../term/duration.ts";
import { sanitize } from "../term/sanitize.ts";
import { paint, type Role } from "../term/style.ts";
import { fit, truncate } from "../term/width.ts";
import { nameColumns } from "./automation_rows.ts";
import type { AboutLook } from "./automation_about.ts";

const ORDER = ["never", "late", "soon late", "on time"];

function roleOf(word: string): Role {
  return word === "late" || word === "never" ? "bad" : word === "soon late" ? "warn" : "dim";
}

/** At most `rows` lines, a rule first; nothing where no asset has to be new, or for less than three lines. */
export function freshnessLines(look: AboutLook, rows: number): readonly string[] {
  const { style, columns, now, data } = look;
  const found = [...data.statuses.values()].filter((each) => each.freshness !== null)
    .sort((a, b) => ORDER.indexOf(wordOf(a)) - ORDER.indexOf(wordOf(b)));
  if (found.length === 0 || rows < 3) return [];
  const counts = ORDER.map((word) =>
    [word, found.filter((each) => wordOf(each) === word).length] as const
  )
    .filter(([, count]) => count > 0).map(([word, count]) => `${count} ${word}`);
  const room = found.length > rows - 1 ? rows - 2 : rows - 1;
  const names = nameColumns(found.map(({ asset }) => asset), columns, style);
  const lines = found.slice(0, room).map((status) => {
    const policy = data.graph.def(status.asset).freshness;
    const made = status.last?.published?.at ?? null;
    return truncate(
      ` ${fit(sanitize(status.asset, style), names, style)}  ${
        paint(style, roleOf(wordOf(status)), wordOf(status).padEnd(9))
      }  ${policy === null ? "" : sanitize(policyText(policy), style)}  ${
        paint(style, "dim", made === null ? "never made" : `made ${relativeTime(made, now)}`)
      }`,
      columns,
      style,
    );
  });
  const more = found.length - lines.length;
  return [
    rule({ width: columns, style, title: `freshness: ${counts.join(", ")}` }),
    ...lines,
    ...(more > 0 ? [paint(style, "dim", ` ${style.unicode ? "…" : "..."} ${more} more`)] : []),
  ];
}

function wordOf({ freshness }: AssetStatus): string {
  return freshness ?? "";
}

function policyText(policy: FreshnessPolicy): string {
  return policy.kind === "within"
    ? `within ${formatDuration(policy.withinMs)}`
    : `by ${policy.cron}`;
}
