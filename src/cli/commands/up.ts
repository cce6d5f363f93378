/** `nycflow up`: materializes whatever has a reason. */
import { Command, Option } from "commander";
import {
  listOf,
  readDuration,
  textOf,
  withCommon,
  withPartitions,
  withSelection,
} from "../options.ts";
import type { CommandContext } from "../context.ts";

export function declare(): Command {
  return withCommon(withPartitions(withSelection(new Command("up"))))
    .description("bring everything that has a reason up to date")
    .option("--once", "once, then end")
    .option("--no-tui", "stay, with log lines: for a service or a container")
    .option("-d, --detach", "stay, in the background; `nycflow down` ends it")
    .option("--force", "everything, pins and cool-downs included")
    .addOption(new Option("--no-results", "not what was made").hideHelp())
    .addOption(new Option("--no-outside", "sensors and sources were asked already").hideHelp())
    .option("--fail-fast", "start nothing more after the first failure")
    .option("--timeout <time>", "end the run after so long, e.g. 30m", readDuration)
    .addHelpText(
      "after",
      "\nExamples:\n  nycflow up\n  */5 * * * * cd /srv/taxi && nycflow up --quiet",
    );
}

export async function act(command: Command, context: CommandContext): Promise<number> {
  const { common } = context;
  const options = command.opts();
  const asked = {
    select: listOf(command.processedArgs[0]),
    exclude: listOf(options["exclude"]),
    partitions: listOf(options["partition"]),
    from: textOf(options["from"]),
    to: textOf(options["to"]),
    force: options["force"] === true,
  };
  const { openSession } = await import("../open.ts");
  if (options["once"] !== true && (options["detach"] === true || options["tui"] === false)) {
    const { stay } = await import("../up_stay.ts");
    for (const name of ["partition", "from", "to", "force"]) {
      if (options[name] === undefined) continue;
      const { usage } = await import("../usage_of.ts");
      throw usage("up", `--${name}`, "it is for once: add --once, or leave it out to stay");
    }
    return await stay({
      select: asked.select,
      exclude: asked.exclude,
      detached: options["detach"] === true,
      more: moreOf(options),
    }, context);
  }
  const once = ["once", "partition", "from", "to", "force"].some((name) =>
    options[name] !== undefined && options[name] !== false
  );
  if (!once && opensDashboard(context)) {
    const { runDashboard } = await import("../dash/run.ts");
    return await runDashboard({
      keep: { select: asked.select, exclude: asked.exclude, more: moreOf(options) },
    }, context);
  }
  await using session = await openSession(common, true);
  const { upOnce } = await import("../up_once.ts");
  return await upOnce(session, {
    asked,
    failFast: options["failFast"] === true,
    timeoutMs: typeof options["timeout"] === "number" ? options["timeout"] : null,
    results: options["results"] !== false,
    outside: options["outside"] !== false,
  }, context);
}

/** What is told to every run that it starts. */
function moreOf(options: Record<string, unknown>): readonly string[] {
  return [
    ...(options["failFast"] === true ? ["--fail-fast"] : []),
    ...(typeof options["timeout"] === "number" ? ["--timeout", `${options["timeout"]}ms`] : []),
  ];
}

/** A terminal that may be drawn over, and a person who wants to look. */
function opensDashboard({ output, common }: CommandContext): boolean {
  return output.terminal && output.style.animate && !common.json && !common.quiet;
}
