/** `nycflow check`: is the project right, without touching data. */
import { Command } from "commander";
import { listOf, withCommon, withSelection } from "../options.ts";
import type { CommandContext } from "../context.ts";

export function declare(): Command {
  return withCommon(withSelection(new Command("check")))
    .description("validate the project without touching data")
    .addHelpText("after", "\nExamples:\n  nycflow check\n  nycflow check +trips_by_week --json");
}

export async function act(command: Command, { output, common }: CommandContext): Promise<number> {
  const { openSession } = await import("../open.ts");
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
