/** `nycflow init`: a new project, from a template or around a file of one's own. */
import { Command } from "commander";
import { textOf, withCommon } from "../options.ts";
import type { CommandContext } from "../context.ts";

export function declare(): Command {
  return withCommon(new Command("init"))
    .description("a new project: taxi, cookies, empty, or around a file of yours")
    .argument(
      "[template]",
      "taxi (the demo, offline), cookies (the ideas in five minutes) or empty",
    )
    .argument("[dir]", "the folder (else the template's name, or the file's)")
    .option(
      "--from <file>",
      "around this .csv, .parquet or .json file instead: typed, with checks and a chart",
    )
    .addHelpText(
      "after",
      "\nExamples:\n  nycflow init taxi\n  nycflow init cookies\n  nycflow init --from sales.csv && cd sales && nycflow up",
    );
}

export async function act(command: Command, { output, common }: CommandContext): Promise<number> {
  const { hostOf } = await import("../open.ts");
  const host = hostOf();
  const from = textOf(command.opts()["from"]);
  const [first, second] = command.processedArgs.map(textOf);
  let made;
  if (from === null) {
    const { initProject } = await import("../../app/init.ts");
    made = await initProject(host, first ?? "taxi", second ?? null);
  } else {
    const { initFrom, oneFolder } = await import("../../app/init_from.ts");
    // With --from there is no template, so the first word is the folder.
    made = await initFrom(host, from, oneFolder(from, first ?? null, second ?? null));
  }
  if (common.json) {
    const { dir, files, notes } = made;
    output.out(JSON.stringify({ nycflow: 1, dir, files, notes }));
  } else if (!common.quiet) {
    const cd = made.dir === "."
      ? ""
      : `cd ${
        /^[\p{L}\p{N}_./-]+$/u.test(made.dir) ? made.dir : `'${made.dir.replaceAll("'", "'\\''")}'`
      } && `;
    for (const note of made.notes) output.out(note);
    if (made.lesson !== null) {
      const { lessonLines } = await import("../../views/lesson.ts");
      output.out(`${lessonLines(made.lesson, output.style, output.columns).join("\n")}\n`);
    }
    const next = made.lesson === null ? "nycflow up" : "nycflow plan";
    output.out(`made ${made.dir} (${made.files.length} files); next: ${cd}${next}`);
  }
  return 0;
}
