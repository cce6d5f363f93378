/** `nycflow dash`: the dashboard, by which nothing begins. */
import { Command } from "commander";
import { withCommon } from "../options.ts";
import { usage } from "../usage_of.ts";
import type { CommandContext } from "../context.ts";

export function declare(): Command {
  return withCommon(new Command("dash"))
    .description("look at everything on the whole terminal; starts nothing (`up` does)")
    .summary("look at everything on the whole terminal; starts nothing")
    .addHelpText("after", "\nExamples:\n  nycflow dash\n  nycflow dash -C /srv/taxi");
}

export async function act(_command: Command, context: CommandContext): Promise<number> {
  if (!context.output.terminal) {
    throw usage("dash", "", "it needs a terminal; off one use: nycflow, nycflow ls, nycflow runs");
  }
  const { runDashboard } = await import("../dash/run.ts");
  return await runDashboard({ keep: null }, context);
}
