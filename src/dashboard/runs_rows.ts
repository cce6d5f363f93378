/** How a run reads in one line of the list: what there is room for, and what stands in it. */
import type { RunHead } from "../core/heads.ts";
import { relativeTime, shortDuration } from "../term/duration.ts";
import { grouped } from "../term/number.ts";
import { progressBar } from "../term/progress.ts";
import { sanitize } from "../term/sanitize.ts";
import { paint, type Style } from "../term/style.ts";
import { fit, pad, truncate, width } from "../term/width.ts";
import { timesIn } from "../views/times.ts";
import { markOf, roleOf, shortId } from "../views/words.ts";

export interface RunLook {
  readonly style: Style;
  readonly columns: number;
  readonly now: number;
  readonly frame: number;
  readonly timezone: string;
}

interface Cell {
  readonly title: string;
  readonly size: number;
  /** From so many columns on. */
  readonly from: number;
  readonly right?: true;
  readonly text: (run: RunHead, look: RunLook) => string;
}

const CELLS: readonly Cell[] = [
  {
    title: "run",
    size: 6,
    from: 30,
    text: (run, { style }) => paint(style, "key", sanitize(shortId(run.run), style)),
  },
  {
    title: "state",
    size: 11,
    from: 66,
    text: (run, { style }) => paint(style, roleOf(run.state), run.state),
  },
  {
    title: "started",
    size: 10,
    from: 0,
    text: (run, { style, now }) =>
      paint(style, "dim", relativeTime(run.startedAt ?? run.requestedAt, now)),
  },
  {
    title: "at",
    size: 16,
    from: 112,
    text: (run, { style, now, timezone }) =>
      paint(style, "dim", timesIn(timezone).wall(run.startedAt ?? run.requestedAt, now)),
  },
  {
    title: "took",
    size: 6,
    from: 0,
    right: true,
    text: (run, { now }) => {
      const took = tookOf(run, now);
      return took === null ? "" : shortDuration(took);
    },
  },
];

/** Milliseconds; of a run that is under way until now, null where it never began. */
export function tookOf(run: RunHead, now: number): number | null {
  if (run.startedAt === null) return null;
  if (run.endedAt !== null) return run.endedAt - run.startedAt;
  return run.state === "running" ? Math.max(0, now - run.startedAt) : null;
}

/** What it was asked for by, and for what: `schedule:nightly reports`. */
export function whatOf(run: RunHead): string {
  return run.selection === "" ? run.trigger : `${run.trigger} ${run.selection}`;
}

function cellsAt(columns: number): readonly Cell[] {
  return CELLS.filter((cell) => columns >= cell.from);
}

/** Columns left for what it was, how its steps ended, and who did it. */
function restAt(columns: number): readonly [what: number, steps: number, who: number] {
  const used = cellsAt(columns).reduce((sum, { size }) => sum + size + 2, 2);
  const left = Math.max(0, columns - used);
  if (left < 30) return [left, 0, 0];
  if (columns < 110) {
    const what = Math.floor(left * 0.42);
    return [what, left - what - 2, 0];
  }
  const what = Math.floor(left * 0.28), steps = Math.floor(left * 0.42);
  return [what, steps, left - what - steps - 4];
}

export function runHeadRow({ style, columns }: RunLook): string {
  const [what, steps, who] = restAt(columns);
  const parts = cellsAt(columns).map(({ title, size, right }) =>
    pad(title, size, right ? "right" : "left")
  );
  const rest = [["what", what], ["steps", steps], ["by", who]] as const;
  const more = rest.filter(([, size]) => size > 0).map(([title, size]) => pad(title, size));
  return paint(style, "dim", truncate(`  ${[...parts, ...more].join("  ")}`, columns, style));
}

/** `✗ 7f3a91  failed  3 min ago  12 s  up reports  8 succeeded, 1 failed  nycflow up`. */
export function runRow(run: RunHead, look: RunLook): string {
  const { style, columns } = look;
  const [what, steps, who] = restAt(columns);
  const parts = cellsAt(columns).map((cell) =>
    fit(cell.text(run, look), cell.size, style, cell.right ? "right" : "left")
  );
  const more = [
    ...(what > 0 ? [fit(sanitize(whatOf(run), style), what, style)] : []),
    ...(steps > 0 ? [fit(stepsOf(run, look, steps), steps, style)] : []),
    ...(who > 0 ? [paint(style, "dim", fit(sanitize(run.command, style), who, style))] : []),
  ];
  return `${markOf(run.state, style)} ${[...parts, ...more].join("  ")}`;
}

const OUTCOMES = [
  "succeeded",
  "failed",
  "unchanged",
  "blocked",
  "skipped",
  "cancelled",
  "interrupted",
] as const;
const BAR = 10;

/** How its steps ended; of a run that is under way how many of how many, as a bar where there is room. */
function stepsOf(run: RunHead, { style }: RunLook, columns: number): string {
  const count = (word: string) => {
    const found = run.steps[word];
    return typeof found === "number" ? found : 0;
  };
  const texts = OUTCOMES.filter((word) => count(word) > 0).map((word) => {
    const text = `${grouped(count(word))} ${word}`;
    return word === "succeeded" || word === "unchanged" ? text : paint(style, roleOf(word), text);
  });
  if (run.state !== "running") {
    const text = texts.join(", ");
    if (width(text) <= columns) return text;
    // Marks say it in less room.
    return OUTCOMES.filter((word) => count(word) > 0)
      .map((word) => `${markOf(word, style)}${grouped(count(word))}`).join(" ");
  }
  const done = OUTCOMES.reduce((sum, word) => sum + count(word), 0);
  const bad = count("failed") > 0
    ? paint(style, "bad", `, ${grouped(count("failed"))} failed`)
    : "";
  const text = `${grouped(done)}/${grouped(run.planned)}${bad}`;
  if (run.planned === 0 || columns < BAR + 2 + width(text)) return text;
  return `${progressBar(done / run.planned, { width: BAR, style })} ${text}`;
}
