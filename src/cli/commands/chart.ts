/** `nycflow chart`: only the chart, at the terminal's width. */
import { Command } from "commander";
import { textOf, withCommon } from "../options.ts";
import type { CommandContext } from "../context.ts";

export function declare(): Command {
  return withCommon(new Command("chart"))
    .description("an asset's chart, at the terminal's width")
    .argument("<asset>", "the asset")
    .option("--at <version>", "as it was: -1 is before its last change; or a version's id")
    .option("--svg <file>", "as SVG, into a file")
    .option("--html <file>", "as a page of its own, into a file")
    .addHelpText(
      "after",
      "\nExamples:\n  nycflow chart trips_by_week\n  nycflow chart manhattan_map --svg map.svg\n  nycflow chart trips_by_week --at -1",
    );
}

export async function act(command: Command, { output, common }: CommandContext): Promise<number> {
  const { openSession } = await import("../open.ts");
  await using session = await openSession(common);
  const { assetNamed } = await import("../../app/look.ts");
  const { chartsAt, chartsOf } = await import("../../app/results.ts");
  const { problem, ProblemError } = await import("../../core/problem/problem.ts");
  const view = await session.view();
  const asset = assetNamed(view, String(command.processedArgs[0]));
  const at = textOf(command.opts()["at"]);
  const charts = at === null
    ? await chartsOf(session, view, asset)
    : await chartsAt(session, view, asset, /^-?\d{1,3}$/.test(at) ? -Math.abs(Number(at)) : at);
  if (charts.length === 0) {
    const def = view.layout.def(asset);
    throw new ProblemError(problem("usage", {
      message: `Cannot draw ${asset}: it declares no chart`,
      where: { asset, file: def.origin.file, line: def.origin.line },
      why: "a chart comes from chart: in the SQL header or from chart(…) in TypeScript",
      hint: `see its rows with: nycflow show ${asset}`,
    }));
  }
  if (common.json) {
    output.out(
      JSON.stringify({
        nycflow: 1,
        asset,
        ...(at === null ? {} : { at }),
        charts: charts.map(({ chart, rows, before }) => ({ chart, rows, before })),
      }),
    );
    return 0;
  }
  const svg = textOf(command.opts()["svg"]), html = textOf(command.opts()["html"]);
  if (svg !== null || html !== null) {
    const { writeCharts } = await import("../../app/chart_files.ts");
    const files = writeCharts(charts, asset, { svg, html, cwd: session.host.cwd });
    if (!common.quiet) { for (const file of files) output.err(file); }
    return 0;
  }
  const { chartLines } = await import("../../views/chart.ts");
  const around = { now: view.now, timezone: view.loaded.project.timezone, asset };
  const { chartRows } = await import("../pager.ts");
  const drawn = charts.map(({ chart, rows, before }) => {
    const here = { ...around, before };
    const lines = chartLines(chart, rows, here, output.style, output.columns, chartRows(output));
    if (!lines.ok) throw new ProblemError(lines.error);
    return lines.value.map((line) => line.trimEnd()).join("\n");
  });
  output.out(drawn.join("\n\n"));
  return 0;
}
