/** What is printed when the dashboard has been left: what was made meanwhile, and how the last run ended. */
import { Session } from "../../app/session.ts";
import type { AssetKey } from "../../core/key.ts";
import { signalExit } from "../signals.ts";
import type { CommandContext } from "../context.ts";
import { hostOf } from "../open.ts";

export interface Afterwards {
  readonly project: string;
  readonly environment: string | null;
  readonly startedAt: number;
  readonly left: "background" | "killed" | null;
  readonly signal: NodeJS.Signals | null;
  readonly keep:
    | { readonly select: readonly string[]; readonly more: readonly string[] }
    | null;
}

/** Gives the exit code. */
export async function afterDashboard(after: Afterwards, context: CommandContext): Promise<number> {
  const { output } = context;
  const { project, environment, keep } = after;
  if (after.left === "background" && keep !== null) {
    const { startBackground } = await import("../../app/resident.ts");
    const found = await startBackground(project, environment, [...keep.select, ...keep.more]);
    output.err(`process ${found.pid} keeps it up to date; nycflow down ends it`);
  }
  if (after.signal !== null) return signalExit(after.signal);
  if (keep === null) return 0;
  await using session = new Session(hostOf(), project, false, () => {}, environment);
  try {
    const view = await session.view();
    const made = new Set<AssetKey>();
    let failed = 0;
    for (const [asset, heads] of view.state.heads) {
      for (const head of heads.values()) {
        if ((head.published?.at ?? 0) >= after.startedAt) made.add(asset);
        if ((head.failure?.at ?? 0) >= after.startedAt) failed++;
      }
    }
    if (made.size > 0) {
      const { resultsOf } = await import("../../app/results.ts");
      const { resultsLines } = await import("../../views/results.ts");
      const { chartRows } = await import("../pager.ts");
      const around = { now: view.now, timezone: view.layout.timezone };
      const lines = resultsLines(
        await resultsOf(session, view, made),
        around,
        output.style,
        output.columns,
        chartRows(output),
      );
      if (lines.length > 0) output.out(lines.map((line) => line.trimEnd()).join("\n"));
    }
    if (after.left === "killed") return signalExit("SIGINT");
    return failed > 0 ? 1 : 0;
  } catch {
    // What is broken was told on the screen.
    return 0;
  }
}
