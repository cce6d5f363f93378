/** `nycflow run`: materializes what is named, first refreshing what it stands on. */
import { Command } from "commander";
import {
  listOf,
  readDuration,
  textOf,
  withCommon,
  withPartitions,
  withSelection,
} from "../options.ts";
import type { CommandContext } from "../context.ts";

export function declare(): Command {
  return withCommon(withPartitions(withSelection(new Command("run"))))
    .description("materialize what is named, and first what it stands on where that is stale")
    .summary("materialize what is named, and first what it stands on")
    .option("--only", "not what it stands on")
    .option("--no-refresh", "only warn where what it stands on is stale")
    .option("--set <key=value...>", "settings of the assets' config")
    .option("--config <file>", "settings from a JSON file")
    .option("--force", "what it stands on too, pins and cool-downs included")
    .option("--dry-run", "show the plan, do nothing")
    .option("--fail-fast", "start nothing more after the first failure")
    .option("--timeout <time>", "end the run after so long, e.g. 30m", readDuration)
    .option("--wait <time>", "wait so long for what another process works on", readDuration)
    .addHelpText(
      "after",
      "\nExamples:\n  nycflow run trips_by_week\n  nycflow run taxi_trips --from 2023-01 --to 2023-02",
    );
}

export async function act(command: Command, context: CommandContext): Promise<number> {
  const { output, common } = context;
  const { openSession } = await import("../open.ts");
  await using session = await openSession(common, true);
  const options = command.opts();
  const select = listOf(command.processedArgs[0]);
  const { problem, ProblemError } = await import("../../core/problem/problem.ts");
  if (select.length === 0) {
    throw new ProblemError(problem("usage", {
      message: "Cannot run: no asset was named",
      why: "run materializes what it is told to, fresh or not",
      hint: "name some (nycflow run trips_by_week), or bring all up to date with: nycflow up",
    }));
  }
  const { proveSettings, readSettings } = await import("../../app/settings.ts");
  const settings = readSettings(
    session.host.cwd,
    listOf(options["set"]),
    textOf(options["config"]),
  );
  const view = await session.view();
  const { chooseRun } = await import("../../app/choose.ts");
  const refresh = options["refresh"] !== false;
  const chosen = chooseRun(view, {
    select,
    exclude: listOf(options["exclude"]),
    partitions: listOf(options["partition"]),
    from: textOf(options["from"]),
    to: textOf(options["to"]),
    force: options["force"] === true,
  }, { only: options["only"] === true, refresh });
  proveSettings(
    settings,
    view.loaded.project.settings,
    [...new Set(chosen.plan.steps.flatMap((step) => step.together))].map((key) =>
      view.layout.def(key)
    ),
  );
  const around = { now: view.now, timezone: view.loaded.project.timezone };
  if (options["dryRun"] === true) {
    if (common.json) {
      const { planDocument } = await import("../../views/documents.ts");
      output.out(JSON.stringify(planDocument(chosen.plan, view.layout)));
    } else {
      const { planLines } = await import("../../views/plan.ts");
      output.out(planLines(chosen.plan, around, output.style, output.columns).join("\n"));
    }
    return 0;
  }
  if (!refresh && !common.json) {
    const { staleUpstreams } = await import("../../app/stale_upstreams.ts");
    const stale = staleUpstreams(view, chosen.targets);
    if (stale.length > 0) {
      output.err(`warning: what it stands on is not up to date: ${stale.join(", ")}`);
    }
  }
  if (refresh && chosen.plan.held.length > 0 && !common.json) {
    const { failedUpstreams } = await import("../../app/stale_upstreams.ts");
    const failed = failedUpstreams(chosen);
    if (failed.length > 0) {
      const text = `${failed.join(", ")} failed: what is run now stands on the last good version`;
      output.err(`warning: ${text} (nycflow why ${failed[0]})`);
    }
  }
  if (chosen.plan.steps.length === 0) {
    const { heldProblem } = await import("../../app/stale_upstreams.ts");
    const held = heldProblem(view, chosen);
    if (held !== null) throw new ProblemError(held);
    if (common.json) {
      const { idleDocument } = await import("../../views/documents.ts");
      output.out(JSON.stringify(idleDocument(around)));
    } else if (!common.quiet) {
      const { planLines } = await import("../../views/plan.ts");
      output.out(planLines(chosen.plan, around, output.style, output.columns).at(-1) ?? "");
    }
    return 0;
  }
  const { go } = await import("../go.ts");
  const wait = options["wait"];
  return await go(session, view, chosen, {
    trigger: { kind: "run", of: null },
    selection: select.join(" "),
    settings,
    failFast: options["failFast"] === true,
    waitMs: typeof wait === "number" ? wait : 0,
    timeoutMs: typeof options["timeout"] === "number" ? options["timeout"] : null,
    heldIsBusy: true,
    results: true,
  }, context);
}
