/** What is at work now, with bars, and what comes next: the lower part of the overview. */
import { stepKey } from "../core/key.ts";
import { relativeTime, shortDuration } from "../term/duration.ts";
import { percent } from "../term/number.ts";
import { progressBar } from "../term/progress.ts";
import { sanitize } from "../term/sanitize.ts";
import { paint, type Style } from "../term/style.ts";
import { rule } from "../term/box.ts";
import { fit, pad, truncate, width } from "../term/width.ts";
import { fractionOf, progressWords } from "../views/progress_words.ts";
import { markOf } from "../views/words.ts";
import type { BoardData } from "./board.ts";

export interface NowLook {
  readonly style: Style;
  readonly columns: number;
  readonly now: number;
  readonly frame: number;
  /** At most so many lines, the rule included. */
  readonly rows: number;
}

/** Nothing at all where nothing is at work. */
export function nowLines(data: BoardData, look: NowLook): readonly string[] {
  const { style, columns, rows } = look;
  const claims = [...data.claims].sort((a, b) => a.since - b.since);
  if (claims.length === 0 || rows < 2) return [];
  const names = Math.min(
    Math.max(
      ...claims.map((each) => width(nameOf(each, style))),
      ...data.waits.map(({ step }) => width(sanitize(step, style))),
    ),
    Math.max(12, Math.floor(columns * 0.36)),
  );
  const all = claims.length + data.waits.length;
  const room = all > rows - 1 ? rows - 2 : rows - 1;
  const shown = claims.slice(0, Math.max(0, room));
  const lines = shown.map((claim) => {
    const told = data.progress.get(stepKey(claim.asset, claim.partition));
    const fraction = told === undefined ? null : fractionOf(told.last);
    const since = Math.max(0, look.now - claim.since);
    const size = Math.max(8, Math.min(24, Math.floor((columns - names - 6) * 0.35)));
    const bar = progressBar(fraction, { width: size, style, frame: look.frame });
    const share = pad(fraction === null ? "" : percent(fraction), 4, "right");
    const usual = data.trends.get(claim.asset)?.seconds.at(-1);
    const words = told !== undefined
      ? progressWords({ ...told }, fraction, look.now)
      : usual === undefined
      ? []
      : [`last took ${shortDuration(usual * 1000)}`];
    const tries = claim.number > 1 ? [`try ${claim.number}`] : [];
    const text = [`${(since / 1000).toFixed(1)} s`, ...tries, ...words].join("  ");
    return truncate(
      ` ${markOf("running", style)} ${fit(nameOf(claim, style), names, style)}  ${bar} ${share}  ${
        paint(style, "dim", sanitize(text, style))
      }`,
      columns,
      style,
    );
  });
  for (const { step, pool, since } of data.waits.slice(0, Math.max(0, room - lines.length))) {
    const text = sanitize(`waits for pool ${pool}  ${shortDuration(look.now - since)}`, style);
    const name = fit(sanitize(step, style), names, style);
    lines.push(
      truncate(` ${markOf("held", style)} ${name}  ${paint(style, "dim", text)}`, columns, style),
    );
  }
  const more = all - lines.length;
  if (more > 0) lines.push(paint(style, "dim", ` ${style.unicode ? "…" : "..."} ${more} more`));
  return [
    rule({ width: columns, style, title: titleOf(claims.length, data.waits.length) }),
    ...lines,
  ];
}

/** Lines that `nowLines` would take with all the room there is, its rule included. */
export function nowSize({ claims, waits }: BoardData): number {
  return claims.length === 0 ? 0 : 1 + claims.length + waits.length;
}

function titleOf(working: number, waiting: number): string {
  return `at work: ${working}${waiting === 0 ? "" : `, waiting for a pool: ${waiting}`}`;
}

function nameOf(
  { asset, partition }: { readonly asset: string; readonly partition: string },
  style: Style,
): string {
  return sanitize(partition === "" ? asset : `${asset} ${partition}`, style);
}

/** What is due next, as one line; "" where nothing is. */
export function dueLine(data: BoardData, look: NowLook): string {
  const next = [...data.schedules].filter((each) => each.on && each.next.length > 0)
    .sort((a, b) => (a.next[0] ?? 0) - (b.next[0] ?? 0)).slice(0, 3);
  if (next.length === 0) return "";
  const text = next.map((each) =>
    `${sanitize(each.name, look.style)} ${relativeTime(each.next[0] ?? 0, look.now)}`
  ).join(", ");
  return truncate(paint(look.style, "dim", ` due next: ${text}`), look.columns, look.style);
}
