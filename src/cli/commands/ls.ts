/** `nycflow ls`: assets and their states. */
import { Command } from "commander";
import { listOf, withCommon, withSelection } from "../options.ts";
import type { CommandContext } from "../context.ts";

export function declare(): Command {
  return withCommon(withSelection(new Command("ls")))
    .description("assets and their states")
    .option("--exit-code", "end with 4 when something matches")
    .addHelpText("after", "\nExamples:\n  nycflow ls\n  nycflow ls is:stale --exit-code");
}

export async function act(command: Command, { output, common }: CommandContext): Promise<number> {
  const { openSession } = await import("../open.ts");
  await using session = await openSession(common);
  const options = command.opts();
  const { lookList } = await import("../../app/look.ts");
  const found = await lookList(
    session,
    listOf(command.processedArgs[0]),
    listOf(options["exclude"]),
  );
  if (common.json) {
    const { listDocument } = await import("../../views/documents.ts");
    output.out(JSON.stringify(listDocument(found)));
  } else if (!common.quiet || found.statuses.length > 0) {
    const { listLines } = await import("../../views/list.ts");
    const lines = listLines(found, output.style, output.columns);
    if (lines.length > 0) output.out(lines.join("\n"));
  }
  return options["exitCode"] === true && found.statuses.length > 0 ? 4 : 0;
}
