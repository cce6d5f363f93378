/** `nycflow crontab`: a line for cron that works as printed. */
import { Command } from "commander";
import { textOf, withCommon } from "../options.ts";
import type { CommandContext } from "../context.ts";

export function declare(): Command {
  return withCommon(new Command("crontab"))
    .description("a line for cron that works as printed")
    .argument("[schedule]", "when cron looks, five fields", "*/5 * * * *")
    .addHelpText(
      "after",
      "\nExamples:\n  nycflow crontab\n  (crontab -l; nycflow crontab) | crontab -",
    );
}

export async function act(command: Command, { output, common }: CommandContext): Promise<number> {
  const { hostOf } = await import("../open.ts");
  const { crontabOf } = await import("../../app/unattended.ts");
  const { parseCron } = await import("../../core/schedule/cron.ts");
  const { ProblemError } = await import("../../core/problem/problem.ts");
  const schedule = textOf(command.processedArgs[0]) ?? "*/5 * * * *";
  const read = parseCron(schedule, "UTC");
  if (!read.ok) throw new ProblemError(read.error);
  const line = crontabOf(hostOf(), common, schedule);
  if (common.json) output.out(JSON.stringify({ nycflow: 1, line }));
  else output.out(line);
  if (output.terminal && !common.quiet && !common.json) {
    output.err("\nadd it with: (crontab -l; nycflow crontab) | crontab -");
  }
  return 0;
}
