/** `nycflow up`: materializes whatever has a reason. */
import { Command } from "commander";
import { listOf, textOf, withCommon, withPartitions, withSelection } from "../options.ts";
import type { CommandContext } from "../context.ts";

export function declare(): Command {
  return withCommon(withPartitions(withSelection(new Command("up"))))
    .description("bring everything that has a reason up to date")
    .option("--once", "once, then end")
    .option("--force", "everything, pins and cool-downs included")
    .option("--fail-fast", "start nothing more after the first failure")
    .addHelpText(
      "after",
      "\nExamples:\n  nycflow up\n  */5 * * * * cd /srv/taxi && nycflow up --quiet",
    );
}

export async function act(command: Command, context: CommandContext): Promise<number> {
  const { output, common } = context;
  const { openSession } = await import("../open.ts");
  await using session = await openSession(common, true);
  const options = command.opts();
  const select = listOf(command.processedArgs[0]);
  const view = await session.view();
  const { chooseUp } = await import("../../app/choose.ts");
  const chosen = chooseUp(view, {
    select,
    exclude: listOf(options["exclude"]),
    partitions: listOf(options["partition"]),
    from: textOf(options["from"]),
    to: textOf(options["to"]),
    force: options["force"] === true,
  });
  const around = { now: view.now, timezone: view.loaded.project.timezone };
  const { heldElsewhere } = await import("../../app/elsewhere.ts");
  if (chosen.plan.steps.length === 0 || heldElsewhere(view, chosen.plan)) {
    const { afterPublishing } = await import("../../app/behind.ts");
    const warnings = await afterPublishing(session, view);
    const { problemsText } = await import("../../views/problem.ts");
    if (common.json) {
      const { idleDocument } = await import("../../views/documents.ts");
      output.out(JSON.stringify(idleDocument(around)));
    } else if (warnings.length > 0) {
      output.err(problemsText(warnings, output.errStyle, output.columns));
    } else if (!common.quiet) {
      const { planLines } = await import("../../views/plan.ts");
      output.out(planLines(chosen.plan, around, output.style, output.columns).at(-1) ?? "");
    }
    return 0;
  }
  const { go } = await import("../go.ts");
  return await go(session, view, chosen, {
    trigger: { kind: "up", of: null },
    selection: select.join(" "),
    settings: {},
    failFast: options["failFast"] === true,
    waitMs: 0,
    heldIsBusy: false,
    results: true,
  }, context);
}
