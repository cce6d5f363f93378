/** `nycflow logs`: what steps printed, of the last run or of what is named. */
import { Command, InvalidArgumentError } from "commander";
import { readCount, readDuration, textOf, withCommon } from "../options.ts";
import type { LogsAsked } from "../../app/log_files.ts";
import type { CommandContext } from "../context.ts";

export function declare(): Command {
  return withCommon(new Command("logs"))
    .description("what steps printed and how they failed; of the last run where nothing is named")
    .summary("what steps printed and how they failed")
    .argument("[run|asset]", "a run's id, or an asset: its last attempt")
    .option("-f, --follow", "go on as it is written")
    .option("-p, --partition <key>", "only this partition")
    .option("--attempt <n>", "this try (else the last)", readCount)
    .option("--since <time>", "only so far back, e.g. 2h", readDuration)
    .option("--grep <regex>", "only lines that match", readPattern)
    .option("-n, --lines <n>", "only the last so many", readCount)
    .addHelpText(
      "after",
      "\nExamples:\n  nycflow logs\n  nycflow logs taxi_trips_file --attempt 1 --grep 'GET|retry'",
    );
}

export async function act(command: Command, { output, common }: CommandContext): Promise<number> {
  const { openSession } = await import("../open.ts");
  await using session = await openSession(common);
  const options = command.opts();
  const { followLogs, readLogs } = await import("../../app/read_logs.ts");
  const { logDocument, logPainter } = await import("../../views/logs.ts");
  const now = session.host.clock.now();
  const timezone = await zoneOf(session);
  const number = (name: string) => typeof options[name] === "number" ? options[name] : null;
  const since = number("since");
  const asked = {
    name: textOf(command.processedArgs[0]),
    partition: textOf(options["partition"]),
    attempt: number("attempt"),
  };
  const grep: unknown = options["grep"];
  const filter = {
    since: since === null ? null : now - since,
    grep: grep instanceof RegExp ? grep : null,
    lines: number("lines"),
  };
  const painted = logPainter({ now, timezone }, output.style);
  const print = (entries: Parameters<typeof painted>[0]) => {
    const lines = common.json
      ? entries.map((entry) => JSON.stringify(logDocument(entry, timezone)))
      : painted(entries);
    output.out(lines.join("\n"));
    return true;
  };
  if (options["follow"] === true) {
    await followLogs(session, asked, filter, print);
    return 0;
  }
  const found = await readLogs(session, asked, filter);
  if (found.entries.length > 0) print(found.entries);
  else if (!common.json && !common.quiet) output.err(nothing(asked, found.steps));
  return 0;
}

/** A project that does not load has logs all the same. */
async function zoneOf(session: import("../../app/session.ts").Session): Promise<string> {
  const { ProblemError } = await import("../../core/problem/problem.ts");
  try {
    return (await session.load()).project.timezone;
  } catch (error) {
    if (error instanceof ProblemError) return "UTC";
    throw error;
  }
}

function nothing(
  { name, partition, attempt }: LogsAsked,
  steps: number,
): string {
  if (steps > 0) return "nothing was printed, or nothing of it matches";
  const what = [name, partition].filter((each) => each !== null).join(" ");
  if (attempt !== null) return `there is no try ${attempt}${what === "" ? "" : ` of ${what}`}`;
  return name === null ? "nothing has been run here yet" : `${what} has not been tried yet`;
}

function readPattern(text: string): RegExp {
  try {
    return new RegExp(text);
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
  }
}
