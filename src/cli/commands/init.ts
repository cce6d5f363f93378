/** `nycflow init`: a new project. */
import { Command } from "commander";
import { textOf, withCommon } from "../options.ts";
import type { CommandContext } from "../context.ts";

export function declare(): Command {
  return withCommon(new Command("init"))
    .description("a new project: taxi (the demo, offline) or empty")
    .argument("[template]", "taxi or empty", "taxi")
    .argument("[dir]", "the folder (else the template's name)")
    .addHelpText("after", "\nExamples:\n  nycflow init taxi\n  nycflow init empty my-project");
}

export async function act(command: Command, { output, common }: CommandContext): Promise<number> {
  const { initProject } = await import("../../app/init.ts");
  const { hostOf } = await import("../open.ts");
  const template = String(command.processedArgs[0]);
  const made = await initProject(hostOf(), template, textOf(command.processedArgs[1]));
  if (common.json) {
    output.out(JSON.stringify({ nycflow: 1, dir: made.dir, files: made.files }));
  } else if (!common.quiet) {
    const go = made.dir === "."
      ? ""
      : `cd ${/^[\w./-]+$/.test(made.dir) ? made.dir : `'${made.dir}'`} && `;
    output.out(`made ${made.dir} (${made.files.length} files); next: ${go}nycflow up`);
  }
  return 0;
}
