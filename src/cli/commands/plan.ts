/** `nycflow plan`: what `up` would do now, and why. */
import { Command } from "commander";
import { listOf, textOf, withCommon, withPartitions, withSelection } from "../options.ts";
import type { CommandContext } from "../context.ts";

export function declare(): Command {
  return withCommon(withPartitions(withSelection(new Command("plan"))))
    .description("what `up` would do now, and why")
    .option("--force", "as if everything had to run, pins and cool-downs included")
    .option("--exit-code", "end with 4 when there is something to do")
    .addHelpText("after", "\nExamples:\n  nycflow plan\n  nycflow plan trips_by_week+ --exit-code");
}

export async function act(command: Command, { output, common }: CommandContext): Promise<number> {
  const { openSession } = await import("../open.ts");
  await using session = await openSession(common);
  const options = command.opts();
  const { chooseUp } = await import("../../app/choose.ts");
  const view = await session.view();
  const { plan } = chooseUp(view, {
    select: listOf(command.processedArgs[0]),
    exclude: listOf(options["exclude"]),
    partitions: listOf(options["partition"]),
    from: textOf(options["from"]),
    to: textOf(options["to"]),
    force: options["force"] === true,
  });
  if (common.json) {
    const { planDocument } = await import("../../views/documents.ts");
    output.out(JSON.stringify(planDocument(plan, view.layout)));
  } else if (!common.quiet || plan.steps.length > 0) {
    const { planLines } = await import("../../views/plan.ts");
    const around = { now: view.now, timezone: view.loaded.project.timezone };
    output.out(planLines(plan, around, output.style, output.columns).join("\n"));
  }
  return options["exitCode"] === true && plan.steps.length > 0 ? 4 : 0;
}
