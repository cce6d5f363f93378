/** `nycflow completions SHELL`: the script that makes a shell complete nycflow's command line. */
import { Argument, Command } from "commander";
import { completionScript, type Shell, SHELLS } from "../completion_scripts.ts";
import type { CommandContext } from "../context.ts";

export function declare(): Command {
  return new Command("completions")
    .description("the script that makes your shell complete commands, assets, partitions, runs")
    .summary("make your shell complete commands, assets, partitions, runs")
    .addArgument(new Argument("<shell>", "bash, zsh, fish or powershell").choices([...SHELLS]))
    .addHelpText(
      "after",
      '\nExamples:\n  eval "$(nycflow completions bash)"\n  nycflow completions fish > ~/.config/fish/completions/nycflow.fish',
    );
}

export function act(command: Command, { output }: CommandContext): Promise<number> {
  output.out(completionScript(String(command.processedArgs[0]) as Shell).trimEnd());
  return Promise.resolve(0);
}
