/** `nycflow dash`: the dashboard, by which nothing begins. */
import { Command } from "commander";
import { withCommon } from "../options.ts";
import { problem, ProblemError } from "../../core/problem/problem.ts";
import type { CommandContext } from "../context.ts";

export function declare(): Command {
  return withCommon(new Command("dash"))
    .description("look at everything on the whole terminal; starts nothing (`up` does)")
    .summary("look at everything on the whole terminal; starts nothing")
    .addHelpText("after", "\nExamples:\n  nycflow dash\n  nycflow dash -C /srv/taxi");
}

export async function act(_command: Command, context: CommandContext): Promise<number> {
  if (!context.output.terminal || context.common.json) {
    throw new ProblemError(problem("usage", {
      message: "Cannot show the dashboard here",
      why: context.output.terminal
        ? "it is drawn for people, and --json asks for a document"
        : "it is drawn on a terminal, and standard input and output are not both one",
      hint: "read it as lines: nycflow, nycflow ls, nycflow runs",
    }));
  }
  const { runDashboard } = await import("../dash/run.ts");
  return await runDashboard({ keep: null }, context);
}
