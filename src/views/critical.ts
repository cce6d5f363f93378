/** The critical path of a run in words: how much of the run it is, what of that was waiting, and its steps. */
import type { CriticalStep } from "../core/run/critical.ts";
import { duration } from "../term/duration.ts";
import { counted } from "../term/number.ts";
import { sanitize } from "../term/sanitize.ts";
import { paint, type Style } from "../term/style.ts";
import { wrap } from "../term/width.ts";

/** Shorter waits are the engine's own moments between two steps. */
const LEAST_WAIT_MS = 50;
const MOST_LISTED = 12;

/** `█ critical path: 4 steps, 1.6 s, 300 ms of it waiting for pool downloads`, then `a → b → c`. */
export function criticalLines(
  path: readonly CriticalStep[],
  style: Style,
  columns: number,
): string[] {
  const text = criticalText(path);
  if (text === "") return [];
  const mark = style.unicode ? "█" : "#";
  const arrow = style.unicode ? "→" : "->";
  const names = path.map(({ step }) => sanitize(step, style));
  const more = names.length - MOST_LISTED;
  const half = MOST_LISTED >> 1;
  const listed = more <= 0 ? names : [
    ...names.slice(0, half),
    `${style.unicode ? "…" : "..."} ${more} more`,
    ...names.slice(-half),
  ];
  return [
    ...wrap(sanitize(`${mark} ${text}`, style), columns),
    ...wrap(listed.join(` ${arrow} `), columns),
  ].map((line) => paint(style, "dim", line));
}

/** The first of those lines without its mark; "" where there is no path. */
export function criticalText(path: readonly CriticalStep[]): string {
  const [first, last] = [path[0], path.at(-1)];
  if (first === undefined || last === undefined) return "";
  const waits = new Map<string, number>();
  for (const { because, pool, waitedMs } of path) {
    if (waitedMs < LEAST_WAIT_MS) continue;
    const what = because === "pool"
      ? `for pool ${pool}`
      : because === "room"
      ? "for a free slot"
      : "";
    waits.set(what, (waits.get(what) ?? 0) + waitedMs);
  }
  const waited = [...waits].map(([what, ms]) => `${duration(ms)} of it waiting ${what}`.trimEnd());
  const whole = duration(last.endedAt - first.startedAt + first.waitedMs);
  return [`critical path: ${counted(path.length, "step")}, ${whole}`, ...waited].join(", ");
}
