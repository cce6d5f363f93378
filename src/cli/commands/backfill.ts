/** `nycflow backfill`: all partitions in a range, in one run or in many; gone on with where it was cut off. */
import { Command, Option } from "commander";
import type { Backfill, BackfillFilter } from "../../core/backfill_request.ts";
import {
  listOf,
  readCount,
  readDuration,
  textOf,
  withCommon,
  withPartitions,
  withSelection,
} from "../options.ts";
import type { CommandContext } from "../context.ts";

export function declare(): Command {
  return withCommon(withPartitions(withSelection(new Command("backfill"))))
    .description("materialize all partitions in a range, and first what they stand on")
    .summary("materialize all partitions in a range")
    .option("--missing", "only those without a version")
    .option("--failed", "only those whose last attempt failed")
    .option("--resume", "go on with the last backfill: what it has not made yet")
    .addOption(
      new Option("--order <which>", "which partitions come first").choices(["newest", "oldest"]),
    )
    .option("--per-run <n>", "so many keys to a run (else one run for all)", readCount)
    .option("--max <n>", "at most so many keys now; the rest is left for --resume", readCount)
    .option("--set <key=value...>", "settings of the assets' config")
    .option("--config <file>", "settings from a JSON file")
    .option("--dry-run", "show the plan, do nothing")
    .option("--fail-fast", "start nothing more after the first failure")
    .option("--wait <time>", "wait so long for what another process works on", readDuration)
    .addHelpText(
      "after",
      "\nExamples:\n  nycflow backfill trips_by_week --from 2023-01 --to 2023-03 --missing\n" +
        "  nycflow backfill --resume",
    );
}

export async function act(command: Command, context: CommandContext): Promise<number> {
  const { output, common } = context;
  const options = command.opts();
  const select = listOf(command.processedArgs[0]);
  const resume = options["resume"] === true;
  const filter = await filterOf(options, select, resume);
  const { openSession } = await import("../open.ts");
  await using session = await openSession(common, true);
  const { prepareBackfill, chooseBatch, lastBackfill } = await import("../../app/backfill.ts");
  const { readSettings } = await import("../../app/settings.ts");
  const number = (name: string) => typeof options[name] === "number" ? options[name] : null;
  const order = options["order"] === "newest" || options["order"] === "oldest"
    ? options["order"]
    : null;
  let backfill: Backfill = {
    id: session.host.ids.next(),
    select,
    exclude: listOf(options["exclude"]),
    partitions: listOf(options["partition"]),
    from: textOf(options["from"]),
    to: textOf(options["to"]),
    filter,
    order,
    perRun: number("perRun"),
    settings: readSettings(session.host.cwd, listOf(options["set"]), textOf(options["config"])),
  };
  let since: number | null = null;
  if (resume) {
    const last = await lastBackfill(session, select);
    since = last.since;
    backfill = {
      ...last.backfill,
      order: order ?? last.backfill.order,
      perRun: backfill.perRun ?? last.backfill.perRun,
    };
  }
  let view = await session.view();
  const prepared = prepareBackfill(view, backfill, since, number("max"));
  const around = { now: view.now, timezone: view.loaded.project.timezone };
  const { backfillLines } = await import("../../views/backfill.ts");
  if (prepared.batches.length === 0) {
    if (common.json) {
      const { idleDocument } = await import("../../views/documents.ts");
      output.out(JSON.stringify(idleDocument(around)));
    } else if (!common.quiet) output.out(backfillLines.nothing(backfill, resume));
    return 0;
  }
  if (options["dryRun"] === true) {
    const { plan } = chooseBatch(view, prepared, joined(prepared.batches));
    if (common.json) {
      const { planDocument } = await import("../../views/documents.ts");
      output.out(JSON.stringify(planDocument(plan, view.layout)));
    } else {
      const { planLines } = await import("../../views/plan.ts");
      output.out(planLines(plan, around, output.style, output.columns).join("\n"));
    }
    return 0;
  }
  const { go } = await import("../go.ts");
  const began = session.host.clock.now();
  const count = prepared.batches.length;
  let worst = 0;
  let done = 0;
  for (const [at, batch] of prepared.batches.entries()) {
    if (at > 0) view = await session.view();
    const chosen = chooseBatch(view, prepared, batch);
    if (chosen.plan.steps.length === 0) continue;
    if (count > 1 && !common.json && !common.quiet) {
      output.err(backfillLines.batch(batch, at, count, began, session.host.clock.now()));
    }
    const wait = number("wait");
    const code = await go(session, view, chosen, {
      trigger: { kind: "backfill", of: null },
      selection: backfillLines.selection(backfill),
      settings: backfill.settings,
      failFast: options["failFast"] === true,
      waitMs: wait ?? 0,
      heldIsBusy: true,
      results: false,
      backfill,
    }, context);
    done = at + 1;
    worst = code === 1 || worst === 0 ? code : worst;
    if (code > 1 || (code === 1 && options["failFast"] === true)) break;
  }
  if (!common.json && (worst !== 0 || prepared.later > 0)) {
    output.err(backfillLines.left(worst, count - done, prepared.later));
  }
  return worst;
}

async function filterOf(
  options: Record<string, unknown>,
  select: readonly string[],
  resume: boolean,
): Promise<BackfillFilter> {
  const { problem, ProblemError } = await import("../../core/problem/problem.ts");
  const said = ["missing", "failed", "resume"].filter((name) => options[name] === true);
  if (said.length > 1) {
    throw new ProblemError(problem("usage", {
      message: `Cannot use --${said[0]} and --${said[1]} together`,
      why: "each says by itself which partitions are meant",
      hint: "choose one of --missing, --failed and --resume",
    }));
  }
  if (resume && ["from", "to", "partition"].some((name) => options[name] !== undefined)) {
    throw new ProblemError(problem("usage", {
      message: "Cannot choose partitions with --resume",
      why: "it goes on with those of the backfill that was cut off",
      hint: "leave --from, --to and --partition out, or begin anew with --missing",
    }));
  }
  if (select.length === 0 && !resume) {
    throw new ProblemError(problem("usage", {
      message: "Cannot backfill: no asset was named",
      why: "a backfill materializes what it is told to, fresh or not",
      hint: "name some, e.g. nycflow backfill trips_by_week --from 2023-01 --to 2023-03",
    }));
  }
  return options["missing"] === true ? "missing" : options["failed"] === true ? "failed" : "all";
}

function joined(batches: readonly ReadonlyMap<string, readonly string[]>[]) {
  const all = new Map<string, string[]>();
  for (const batch of batches) {
    for (const [asset, keys] of batch) all.set(asset, [...all.get(asset) ?? [], ...keys]);
  }
  return all as ReadonlyMap<string, readonly string[]> as Parameters<
    typeof import("../../app/backfill.ts").chooseBatch
  >[2];
}
