/** `nycflow show`: one asset, or one run. */
import { Command } from "commander";
import { readCount, textOf, withCommon } from "../options.ts";
import type { Session } from "../../app/session.ts";
import type { CommandContext } from "../context.ts";

export function declare(): Command {
  return withCommon(new Command("show"))
    .description(
      "an asset (columns, checks, partitions, preview, chart) or a run (Gantt, steps, errors)",
    )
    .summary("an asset (columns, checks, preview, chart) or a run (steps)")
    .argument("<asset|run>", "an asset's name or a run's id")
    .option("-p, --partition <key>", "the preview of one partition")
    .option("--limit <n>", "rows to show (10)", readCount)
    .option("--all", "all rows")
    .option("--vertical", "each row as lines of name and value")
    .addHelpText(
      "after",
      "\nExamples:\n  nycflow show trips_by_week\n  nycflow show taxi_trips --partition 2023-02 --limit 50",
    );
}

export async function act(command: Command, { output, common }: CommandContext): Promise<number> {
  const { openSession } = await import("../open.ts");
  await using session = await openSession(common);
  const name = String(command.processedArgs[0]);
  const { lookAsset } = await import("../../app/look_asset.ts");
  const { lookRun } = await import("../../app/look.ts");
  const { showAssetLines, showRunLines } = await import("../../views/show.ts");
  const { runDocument, showDocument } = await import("../../views/documents.ts");
  if (/^[0-9a-z]{4,26}$/.test(name)) {
    const run = await lookRun(session, name);
    if (run !== null) {
      const { project } = await session.load();
      if (common.json) {
        output.out(JSON.stringify(runDocument(run.head, run.events, project.timezone)));
      } else {
        const around = { now: session.host.clock.now(), timezone: project.timezone };
        const { page } = await import("../pager.ts");
        page(output, showRunLines(run.head, run.events, around, output.style, output.columns));
      }
      return 0;
    }
  }
  if (/^[0-9a-z]{26}$/i.test(name)) {
    const { problem, ProblemError } = await import("../../core/problem/problem.ts");
    throw new ProblemError(problem("run-unknown", {
      message: `Cannot find the run ${name}`,
      why: "the history holds no run of that id",
      hint: "see the last run with: nycflow",
    }));
  }
  if (name.toLowerCase().endsWith("__rejected")) {
    const shown = await showRejected(session, name, { output, common });
    if (shown) return 0;
  }
  const options = command.opts();
  const said = options["limit"];
  const found = await lookAsset(session, name, textOf(options["partition"]), {
    rows: typeof said === "number" ? said : options["all"] === true ? null : undefined,
  });
  const around = { now: found.view.now, timezone: found.view.loaded.project.timezone };
  if (common.json) output.out(JSON.stringify(showDocument(found, around.timezone)));
  else {
    const { chartRows, page } = await import("../pager.ts");
    const layout = options["vertical"] === true ? "vertical" : "auto";
    const look = { most: chartRows(output), layout } as const;
    page(output, showAssetLines(found, around, output.style, output.columns, look));
  }
  return 0;
}

const ROWS = 20;

/** The rows that a blocking check refused, as a table; false where an asset itself has that name. */
async function showRejected(
  session: Session,
  name: string,
  { output, common }: Pick<CommandContext, "output" | "common">,
): Promise<boolean> {
  const { isRejectedName, rejectedNamed } = await import("../../app/rejected.ts");
  const view = await session.view();
  if (!isRejectedName(view, name)) return false;
  const warehouse = await session.warehouse();
  const found = await warehouse.preview(rejectedNamed(view, name), ROWS);
  if (!found.ok) {
    const { ProblemError } = await import("../../core/problem/problem.ts");
    throw new ProblemError(found.error);
  }
  if (common.json) {
    const { rowObjects } = await import("../../views/documents.ts");
    output.out(JSON.stringify({ nycflow: 1, asset: name, rows: rowObjects(found.value) }));
  } else {
    const { rowsTable } = await import("../../views/table.ts");
    output.out(rowsTable(found.value, output.style, output.columns).join("\n"));
  }
  return true;
}
