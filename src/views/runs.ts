/** `runs`: one line for each run: which, when, what asked for it, how it ended, its steps, how long it took. */
import type { RunHead } from "../core/heads.ts";
import type { JsonObject } from "../core/json.ts";
import type { CellValue } from "../term/cell.ts";
import { duration, relativeTime } from "../term/duration.ts";
import { grouped } from "../term/number.ts";
import { paint, type Style } from "../term/style.ts";
import { type Column, table } from "../term/table.ts";
import { type Around, timesIn } from "./times.ts";
import { lookOf, roleOf, shortId } from "./words.ts";

export interface RunsShown {
  readonly runs: readonly RunHead[];
  readonly more: boolean;
}

const HEADS: readonly Column[] = [
  { title: "run", kind: "text" },
  { title: "when", kind: "text" },
  { title: "started", kind: "text" },
  { title: "trigger", kind: "text" },
  { title: "outcome", kind: "text" },
  { title: "took", kind: "text", align: "right" },
  { title: "steps", kind: "text" },
];

/** Lines of at most `columns` cells; a word where there are none. */
export function runsLines(
  { runs, more }: RunsShown,
  around: Around,
  style: Style,
  columns: number,
): string[] {
  if (runs.length === 0) return ["no runs"];
  const times = timesIn(around.timezone);
  // On a narrow screen how long ago it was says enough.
  const kept = HEADS.flatMap((_, at) => columns < 90 && at === 2 ? [] : [at]);
  const rows = runs.map((run) => {
    const at = run.startedAt ?? run.requestedAt;
    const took = tookMs(run, around.now);
    const cells: CellValue[] = [
      { text: shortId(run.run), role: "key" },
      { text: relativeTime(at, around.now) },
      { text: times.wall(at, around.now), role: "dim" },
      { text: run.selection === "" ? run.trigger : `${run.trigger} ${run.selection}` },
      { text: `${lookOf(run.state, style)} ${run.state}`, role: roleOf(run.state) },
      { text: took === null ? "" : duration(took) },
      { text: stepsText(run) },
    ];
    return kept.map((column) => cells[column]);
  });
  const lines = table(kept.map((column) => HEADS[column] as Column), rows, {
    width: columns,
    style,
    layout: "grid",
    widest: 36,
  });
  if (more) lines.push(paint(style, "dim", `${style.unicode ? "…" : "..."} older ones: --limit N`));
  return lines;
}

function tookMs(run: RunHead, now: number): number | null {
  if (run.startedAt === null) return null;
  if (run.endedAt !== null) return run.endedAt - run.startedAt;
  return run.state === "running" ? now - run.startedAt : null;
}

/** `8 succeeded, 1 failed`; of a run that is under way, how many of how many. */
function stepsText(run: RunHead): string {
  const counts = Object.entries(run.steps).flatMap(([word, n]) =>
    typeof n === "number" && n > 0 ? [`${grouped(n)} ${word}`] : []
  );
  const all = run.planned > 0 ? ` of ${grouped(run.planned)}` : "";
  if (counts.length === 0) return run.planned > 0 ? `0${all}` : "";
  return run.endedAt === null ? `${counts.join(", ")}${all}` : counts.join(", ");
}

/** `runs --json`. */
export function runsDocument({ runs, more }: RunsShown, timezone: string): JsonObject {
  const { iso } = timesIn(timezone);
  const isoOrNull = (at: number | null) => at === null ? null : iso(at);
  return {
    nycflow: 1,
    runs: runs.map((run) => ({
      run: run.run,
      state: run.state,
      trigger: run.trigger,
      selection: run.selection,
      command: run.command,
      requestedAt: iso(run.requestedAt),
      startedAt: isoOrNull(run.startedAt),
      endedAt: isoOrNull(run.endedAt),
      seconds: run.startedAt === null || run.endedAt === null
        ? null
        : (run.endedAt - run.startedAt) / 1000,
      planned: run.planned,
      steps: run.steps,
    })),
    more,
  };
}
