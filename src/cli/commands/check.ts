/** `nycflow check`: is the project right, without touching data. */
import { Command } from "commander";
import { listOf, withCommon, withSelection } from "../options.ts";
import type { CommandContext } from "../context.ts";

export function declare(): Command {
  return withCommon(withSelection(new Command("check")))
    .description("validate the project without touching data; --data runs the data checks")
    .summary("validate the project without touching data")
    .option("--data", "run the data checks on what is published")
    .addHelpText("after", "\nExamples:\n  nycflow check\n  nycflow check +trips_by_week --json");
}

export async function act(command: Command, context: CommandContext): Promise<number> {
  const { output, common } = context;
  const { openSession } = await import("../open.ts");
  if (command.opts()["data"] === true) return await checkData(command, context);
  await using session = await openSession(common);
  const { checkProject } = await import("../../app/check.ts");
  const found = await checkProject(
    session,
    listOf(command.processedArgs[0]),
    listOf(command.opts()["exclude"]),
  );
  const { checkDocument, checkLines } = await import("../../views/check.ts");
  if (common.json) output.out(JSON.stringify(checkDocument(found)));
  else {
    const { problemsText } = await import("../../views/problem.ts");
    if (found.problems.length > 0) {
      output.err(problemsText(found.problems, output.errStyle, output.columns));
    }
    const lines = common.quiet ? [] : checkLines(found, output.style, output.columns);
    if (lines.length > 0) output.out(lines.join("\n"));
  }
  return found.problems.length > 0 ? 2 : 0;
}

/** A run of checks alone: they are claimed, logged and told like other steps. */
async function checkData(command: Command, context: CommandContext): Promise<number> {
  const { output, common } = context;
  const { openSession } = await import("../open.ts");
  await using session = await openSession(common, true);
  const select = listOf(command.processedArgs[0]);
  const view = await session.view();
  const { chooseChecks } = await import("../../app/check_data.ts");
  const chosen = chooseChecks(view, select, listOf(command.opts()["exclude"]));
  if (chosen.plan.steps.length === 0) {
    if (common.json) {
      const { idleDocument } = await import("../../views/documents.ts");
      const { timezone } = view.loaded.project;
      output.out(JSON.stringify(idleDocument({ now: view.now, timezone })));
    } else if (!common.quiet) {
      output.out("no data checks to run: nothing selected has both checks and a version");
    }
    return 0;
  }
  const { go } = await import("../go.ts");
  return await go(session, view, chosen, {
    trigger: { kind: "run", of: "check" },
    selection: select.join(" "),
    settings: {},
    failFast: false,
    waitMs: 0,
    heldIsBusy: true,
    results: false,
  }, context);
}
