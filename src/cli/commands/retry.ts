/** `nycflow retry`: what a run left undone, and what depends on it. */
import { Command } from "commander";
import { readDuration, textOf, withCommon } from "../options.ts";
import type { CommandContext } from "../context.ts";

export function declare(): Command {
  return withCommon(new Command("retry"))
    .description("what failed, was cancelled or cut off in a run, and what depends on it")
    .summary("what failed in a run, and what depends on it")
    .argument(
      "[run]",
      "the run's id, or its last letters; the last that did not succeed where absent",
    )
    .option("--dry-run", "show the plan, do nothing")
    .option("--fail-fast", "start nothing more after the first failure")
    .option("--timeout <time>", "end the run after so long, e.g. 30m", readDuration)
    .option("--wait <time>", "wait so long for what another process works on", readDuration)
    .addHelpText("after", "\nExamples:\n  nycflow retry\n  nycflow retry 7f3a91 --dry-run");
}

export async function act(command: Command, context: CommandContext): Promise<number> {
  const { output, common } = context;
  const { openSession } = await import("../open.ts");
  await using session = await openSession(common, true);
  const options = command.opts();
  const view = await session.view();
  const { chooseRetry } = await import("../../app/retry.ts");
  const found = await chooseRetry(session, view, textOf(command.processedArgs[0]));
  const around = { now: view.now, timezone: view.loaded.project.timezone };
  const steps = found?.chosen.plan.steps.length ?? 0;
  if (found !== null && options["dryRun"] === true && steps > 0) {
    if (common.json) {
      const { planDocument } = await import("../../views/documents.ts");
      output.out(JSON.stringify(planDocument(found.chosen.plan, view.layout)));
    } else {
      const { planLines } = await import("../../views/plan.ts");
      const lines = planLines(found.chosen.plan, around, output.style, output.columns);
      output.out(lines.join("\n"));
    }
    return 0;
  }
  if (found === null || steps === 0) {
    if (found !== null) {
      const { heldProblem } = await import("../../app/stale_upstreams.ts");
      const { ProblemError } = await import("../../core/problem/problem.ts");
      const held = heldProblem(view, found.chosen);
      if (held !== null) throw new ProblemError(held);
    }
    if (common.json) {
      const { idleDocument } = await import("../../views/documents.ts");
      output.out(JSON.stringify(idleDocument(around)));
    } else if (!common.quiet) {
      output.out(
        found === null
          ? "nothing to retry: every run succeeded"
          : `nothing to retry: what run ${found.run.run} left undone has been done since`,
      );
    }
    return 0;
  }
  const { go } = await import("../go.ts");
  const wait = options["wait"];
  const timeout = options["timeout"];
  return await go(session, view, found.chosen, {
    trigger: { kind: "retry", of: found.run.run },
    selection: found.selection,
    settings: found.settings,
    failFast: options["failFast"] === true,
    waitMs: typeof wait === "number" ? wait : 0,
    timeoutMs: typeof timeout === "number" ? timeout : null,
    heldIsBusy: true,
    results: true,
  }, context);
}
