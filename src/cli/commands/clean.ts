/** `nycflow clean`: removes the files of older versions; `up` does so by itself, more gently. */
import { Command, InvalidArgumentError } from "commander";
import { withCommon } from "../options.ts";
import type { CommandContext } from "../context.ts";

export function declare(): Command {
  return withCommon(new Command("clean"))
    .description("remove older versions, all but two of each partition; `up` cleans by itself")
    .summary("remove older versions; `up` cleans by itself")
    .option("--keep <n>", "so many older versions stay", readKept)
    .option("--dry-run", "only show what would go")
    .addHelpText("after", "\nExamples:\n  nycflow clean --dry-run\n  nycflow clean --keep 0");
}

function readKept(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError("a whole number is meant");
  return Number(text);
}

export async function act(command: Command, { output, common }: CommandContext): Promise<number> {
  const { openSession } = await import("../open.ts");
  const options = command.opts();
  const dry = options["dryRun"] === true;
  await using session = await openSession(common, !dry);
  const view = await session.view();
  const { clean, policyByHand } = await import("../../app/clean.ts");
  const { project } = view.loaded;
  const keep = typeof options["keep"] === "number" ? options["keep"] : null;
  const found = await clean(session, view, policyByHand(project, keep), dry);
  const { cleanDocument, cleanLines } = await import("../../views/clean.ts");
  if (common.json) output.out(JSON.stringify(cleanDocument(found, dry, project.timezone)));
  else if (!common.quiet) {
    output.out(cleanLines(found, dry, output.style, output.columns).join("\n"));
  }
  return 0;
}
