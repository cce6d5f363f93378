/**
 * What a command that runs says while it runs, and after: live on a terminal, plain lines off it, one event a line
 * with `--json`, only problems with `--quiet`. The words are the views'; when they are written is decided here.
 */
import type { Stored } from "../core/event.ts";
import type { AssetKey } from "../core/key.ts";
import type { LogLine, Progress } from "../core/order.ts";
import type { Plan, PlannedStep } from "../core/plan.ts";
import { createRunLines, type RunLinesOptions } from "../views/run_lines.ts";
import { paceText } from "../views/pace.ts";
import { eventDocuments } from "../views/documents.ts";
import type { CommandContext } from "./context.ts";

export interface Report {
  onEvents(events: readonly Stored[]): void;
  onProgress(step: PlannedStep, progress: Progress): void;
  onWaiting(step: PlannedStep, text: string): void;
  onLog(step: PlannedStep, line: LogLine): void;
  /** Something said between: it stands above the live block. */
  say(lines: readonly string[]): void;
  /** Takes the live block away and writes the last lines. */
  end(): void;
  /** Assets that came to a new version. */
  readonly made: ReadonlySet<AssetKey>;
}

/** Off a terminal, how often a long work tells how far it is. */
const TELL_MS = 10_000;
/** Frames a second of the live block. */
const FRAME_MS = 100;

export interface ReportOptions {
  readonly plan: Plan;
  readonly timezone: string;
  readonly now: () => number;
  /** Off a terminal too one is told now and then how far it is. */
  readonly told?: boolean;
}

export async function createReport(
  { output, common }: CommandContext,
  options: ReportOptions,
): Promise<Report> {
  const made = new Set<AssetKey>();
  const note = (events: readonly Stored[]) => {
    for (const { event } of events) if (event.kind === "materialized") made.add(event.asset);
  };
  const silent = { onProgress: () => {}, onWaiting: () => {}, onLog: () => {}, say: () => {} };
  if (common.json) {
    const document = eventDocuments(options.timezone);
    return {
      ...silent,
      made,
      onEvents(events) {
        note(events);
        for (const each of events) {
          output.out(JSON.stringify(document(each)));
        }
      },
      end: () => {},
    };
  }
  const how = { style: output.errStyle, columns: output.columns, quiet: common.quiet };
  if (!common.quiet && output.live) return await liveReport(output, options, how, made, note);
  const lines = createRunLines(how);
  const write = (text: readonly string[]) => text.forEach((line) => output.err(line));
  let told = options.now();
  return {
    ...silent,
    made,
    onEvents(events) {
      note(events);
      write(lines.onEvents(events));
      const now = options.now();
      if (options.told !== true || common.quiet || now - told < TELL_MS) return;
      told = now;
      if (lines.state.endedAt === null) write([`  ${paceText(lines.state, now)}`]);
    },
    say: write,
    end: () => {},
  };
}

async function liveReport(
  output: CommandContext["output"],
  options: ReportOptions,
  how: RunLinesOptions,
  made: Set<AssetKey>,
  note: (events: readonly Stored[]) => void,
): Promise<Report> {
  const { createRunLive, liveFrame } = await import("../views/run_live.ts");
  const live = createRunLive({ ...how, plan: options.plan });
  let shown = 0;
  let ended = false;
  const erase = () => shown === 0 ? "" : `\x1b[${shown}F\x1b[0J`;
  const draw = (above: readonly string[]) => {
    const frame = ended ? [] : liveFrame(
      live.state,
      options.now(),
      how.style,
      output.columns,
      Math.max(6, output.rows - 1),
    );
    const text = [...above, ...frame].map((line) => `${line}\n`).join("");
    output.draw(`\x1b[?2026h${erase()}${text}\x1b[?2026l`);
    shown = frame.length;
  };
  output.draw("\x1b[?25l");
  const timer = setInterval(() => draw([]), FRAME_MS);
  return {
    made,
    onEvents(events) {
      note(events);
      const above = live.onEvents(events);
      if (above.length > 0) draw(above);
    },
    onProgress: (step, progress) => live.onProgress(step, progress, options.now()),
    onWaiting: (step, text) => live.onWaiting(step, text),
    onLog: () => {},
    say: (text) => draw(text),
    end() {
      clearInterval(timer);
      ended = true;
      draw([]);
      output.draw("\x1b[?25h");
    },
  };
}
