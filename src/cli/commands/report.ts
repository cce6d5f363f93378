/** `nycflow report`: the project as one page that can be sent around. */
import { Command } from "commander";
import { listOf, textOf, withCommon, withSelection } from "../options.ts";
import type { CommandContext } from "../context.ts";

const USUAL = "report.html";

export function declare(): Command {
  return withCommon(withSelection(new Command("report")))
    .description("one self-contained HTML page: charts, tables, lineage, checks, runs")
    .summary("one self-contained HTML page: charts, tables, lineage, runs")
    .option("-o, --output <file>", `the page's file (${USUAL}; - for standard output)`)
    .addHelpText(
      "after",
      "\nExamples:\n  nycflow report -o taxi.html\n  nycflow report trips_by_week manhattan_map -o two.html",
    );
}

export async function act(command: Command, { output, common }: CommandContext): Promise<number> {
  const { openSession } = await import("../open.ts");
  await using session = await openSession(common);
  const { gatherReport } = await import("../../app/report.ts");
  const { reportPage } = await import("../../views/report.ts");
  const select = listOf(command.processedArgs[0]);
  const { view, data } = await gatherReport(session, select, listOf(command.opts()["exclude"]));
  const page = reportPage(data, { now: view.now, timezone: view.loaded.project.timezone });
  const file = textOf(command.opts()["output"]) ?? USUAL;
  if (file === "-") {
    output.out(page.trimEnd());
    return 0;
  }
  const { resolve } = await import("node:path");
  const { writeWhole } = await import("../../app/chart_files.ts");
  writeWhole(resolve(session.host.cwd, file), page);
  if (common.json) {
    output.out(JSON.stringify({ nycflow: 1, file, bytes: new TextEncoder().encode(page).length }));
  } else if (!common.quiet) {
    const { bytes } = await import("../../term/number.ts");
    output.err(`${file}, ${bytes(new TextEncoder().encode(page).length)}`);
  }
  return 0;
}
