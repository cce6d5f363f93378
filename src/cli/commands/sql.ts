/** `nycflow sql`: a query on what is published, at any time. */
import { Command } from "commander";
import { readCount, textOf, withCommon } from "../options.ts";
import type { CommandContext } from "../context.ts";
import type { Look } from "../shell/printing.ts";

const SHOWN = 40;

export function declare(): Command {
  return withCommon(new Command("sql"))
    .description("a query on the published tables; also from nycflow.runs, .steps, .checks")
    .summary("a query on the published tables, or on nycflow.runs and .steps")
    .argument(
      "[query]",
      "the query; where absent a shell, or off a terminal a script from standard input",
    )
    .option("--csv", "the result as CSV")
    .option("--parquet <file>", "the result into a Parquet file")
    .option("--limit <n>", `rows to show (on a terminal ${SHOWN})`, readCount)
    .option("--all", "all rows")
    .option("--vertical", "each row as lines of name and value")
    .addHelpText(
      "after",
      '\nExamples:\n  nycflow sql "select count(*) from taxi_trips"\n  nycflow sql "from trips_by_week" --csv',
    );
}

export async function act(command: Command, { output, common }: CommandContext): Promise<number> {
  const { openSession } = await import("../open.ts");
  await using session = await openSession(common);
  const options = command.opts();
  const typed = textOf(command.processedArgs[0]);
  const file = textOf(options["parquet"]);
  if (file !== null) {
    const { writeSql } = await import("../../app/sql.ts");
    const done = await writeSql(session, typed ?? await readStdin(output.terminal), file);
    if (!common.quiet) output.err(`${done.rows} rows in ${file}`);
    return 0;
  }
  const whole = options["all"] === true || common.json || options["csv"] === true;
  const said = options["limit"];
  const limit = typeof said === "number" ? said : whole ? null : SHOWN;
  const mode = common.json
    ? "json"
    : options["csv"] === true
    ? "csv"
    : options["vertical"] === true
    ? "vertical"
    : "table";
  const shell = { session, output, look: { mode, limit } satisfies Look };
  if (typed === null) {
    // A terminal that cannot be drawn over is read like a file, up to its end.
    if (output.terminal && output.style.animate) {
      const { runShell } = await import("../shell/shell.ts");
      return await runShell(shell);
    }
    const { runScript } = await import("../shell/script.ts");
    await runScript(shell, await readStdin(false));
    return 0;
  }
  const { querySql } = await import("../../app/sql.ts");
  const { rowLines } = await import("../shell/printing.ts");
  const lines = await rowLines(await querySql(session, typed, limit), mode, output);
  if (mode === "csv" || mode === "json") output.out(lines.join("\n"));
  else {
    const { page } = await import("../pager.ts");
    page(output, lines);
  }
  return 0;
}

async function readStdin(terminal: boolean): Promise<string> {
  const { problem, ProblemError } = await import("../../core/problem/problem.ts");
  const nothing = () =>
    new ProblemError(problem("usage", {
      message: "Cannot run a query: none was given",
      why: "neither an argument nor standard input holds one",
      hint: 'nycflow sql "select 1"',
    }));
  if (terminal) throw nothing();
  const { readFileSync } = await import("node:fs");
  const text = readFileSync(0, "utf8");
  if (text.trim() === "") throw nothing();
  return text;
}
