/** `nycflow service`: a systemd unit that works as printed. */
import { Command } from "commander";
import { withCommon } from "../options.ts";
import type { CommandContext } from "../context.ts";

export function declare(): Command {
  return withCommon(new Command("service"))
    .description("a systemd unit that keeps the project up to date and works as printed")
    .summary("a systemd unit that keeps the project up to date")
    .addHelpText(
      "after",
      "\nExamples:\n  nycflow service\n  nycflow service > ~/.config/systemd/user/nycflow-taxi.service",
    );
}

export async function act(_command: Command, { output, common }: CommandContext): Promise<number> {
  const { hostOf } = await import("../open.ts");
  const { serviceOf } = await import("../../app/unattended.ts");
  const { unit, name } = serviceOf(hostOf(), common);
  if (common.json) {
    output.out(JSON.stringify({ nycflow: 1, name, unit }));
    return 0;
  }
  output.out(unit.trimEnd());
  if (output.terminal && !common.quiet) {
    output.err([
      "",
      `nycflow service > ~/.config/systemd/user/${name}`,
      `systemctl --user enable --now ${name}`,
      "loginctl enable-linger   # so that it runs while nobody is logged in",
    ].join("\n"));
  }
  return 0;
}
