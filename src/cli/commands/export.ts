/** `nycflow export`: what is published, as a file for others. */
import { Command } from "commander";
import { listOf, withCommon } from "../options.ts";
import type { CommandContext } from "../context.ts";

export function declare(): Command {
  return withCommon(new Command("export"))
    .description("the whole warehouse as one DuckDB file; or one asset as CSV, Parquet, JSON")
    .summary("the warehouse as one DuckDB file; an asset as CSV, Parquet, JSON")
    .argument("<file>", "FILE.duckdb; or .csv, .parquet, .json, .geojson for one asset")
    .argument("[selection...]", "assets (else all of them)")
    .option("--exclude <selection...>", "leave these out")
    .option("--force", "replace a file that no export made")
    .addHelpText(
      "after",
      "\nExamples:\n  nycflow export all.duckdb\n  nycflow export weeks.csv trips_by_week",
    );
}

export async function act(command: Command, { output, common }: CommandContext): Promise<number> {
  const { openSession } = await import("../open.ts");
  await using session = await openSession(common);
  const options = command.opts();
  const { exportFile } = await import("../../app/export.ts");
  const done = await exportFile(session, {
    file: String(command.processedArgs[0]),
    select: listOf(command.processedArgs[1]),
    exclude: listOf(options["exclude"]),
    force: options["force"] === true,
  });
  if (common.json) {
    output.out(JSON.stringify({ nycflow: 1, ...done }));
  } else if (!common.quiet) {
    const { exportLine } = await import("../../views/export.ts");
    output.err(exportLine(done, output.errStyle, output.columns));
  }
  return 0;
}
