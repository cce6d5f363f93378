/** `nycflow diff`: what the last change of an asset's content changed, or an environment against production. */
import { Command } from "commander";
import { readCount, textOf, withCommon } from "../options.ts";
import type { CommandContext } from "../context.ts";

export function declare(): Command {
  return withCommon(new Command("diff"))
    .description("what the last materialization changed: rows, columns, a sample")
    .argument("[asset]", "the asset; with --env all that the environment has")
    .option("-p, --partition <key>", "one partition of it")
    .option("-n, --back <n>", "against what it was so many changes ago", readCount)
    .option("--limit <n>", "rows of each kind to show", readCount)
    .addHelpText(
      "after",
      "\nExamples:\n  nycflow diff trips_by_week\n  nycflow diff --env dev",
    );
}

const SHOWN = 5;

export async function act(command: Command, { output, common }: CommandContext): Promise<number> {
  const { openSession } = await import("../open.ts");
  const options = command.opts();
  const name = textOf(command.processedArgs[0]);
  const limit = typeof options["limit"] === "number" ? options["limit"] : SHOWN;
  const back = typeof options["back"] === "number" ? options["back"] : 1;
  await using session = await openSession(common);
  if (session.environmentName !== null) {
    const { diffEnvironment } = await import("../diff_environment.ts");
    return await diffEnvironment(session, name, textOf(options["partition"]), limit, {
      output,
      common,
      argv: [],
    });
  }
  if (name === null) {
    const { problem, ProblemError } = await import("../../core/problem/problem.ts");
    throw new ProblemError(problem("usage", {
      message: "Cannot compare: no asset was named",
      why: "without --env a diff is about one asset and what it was before",
      hint: "name it, e.g. nycflow diff trips_by_week",
    }));
  }
  const { lookDiff } = await import("../../app/diff.ts");
  const { view, found } = await lookDiff(session, name, textOf(options["partition"]), back, limit);
  const { diffDocument, diffLines } = await import("../../views/diff.ts");
  const around = { now: view.now, timezone: view.loaded.project.timezone };
  if (common.json) output.out(JSON.stringify(diffDocument(found, around.timezone)));
  else output.out(diffLines(found, around, output.style, output.columns).join("\n"));
  return 0;
}
