/** `nycflow schedules`: what ticks when, and what its ticks did. */
import { Command } from "commander";
import { listOf, textOf, withCommon } from "../options.ts";
import type { CommandContext } from "../context.ts";

export function declare(): Command {
  return withCommon(new Command("schedules"))
    .description("the next five times and the last ticks; on, off and tick by name")
    .summary("the next times and the last ticks; on, off, tick")
    .argument("[action]", "on, off or tick")
    .argument("[name...]", "schedules, or assets with a schedule of their own")
    .option("--dry-run", "with tick: what it would run")
    .addHelpText(
      "after",
      "\nExamples:\n  nycflow schedules\n  nycflow schedules off new_trips",
    );
}

export async function act(command: Command, context: CommandContext): Promise<number> {
  const { output, common } = context;
  const action = textOf(command.processedArgs[0]);
  const names = listOf(command.processedArgs[1]);
  const dry = command.opts()["dryRun"] === true;
  const { openSession } = await import("../open.ts");
  const { usage } = await import("../usage_of.ts");
  await using session = await openSession(common, action !== null && !dry);
  const look = await import("../../app/look_automation.ts");
  const view = await session.view();
  const around = { now: view.now, timezone: view.loaded.project.timezone };
  if (action === null) {
    const found = look.listSchedules(view);
    const views = await import("../../views/automation.ts");
    output.out(
      common.json
        ? JSON.stringify(views.schedulesDocument(found, around.timezone))
        : views.schedulesLines(found, around, output.style, output.columns).join("\n"),
    );
    return 0;
  }
  if (action !== "on" && action !== "off" && action !== "tick") {
    throw usage("schedules", action, "there is: on, off, tick");
  }
  if (names.length === 0) {
    throw usage("schedules", action, "a name is missing: nycflow schedules lists them");
  }
  const sources = names.map((name) => look.scheduleNamed(view, name));
  if (action !== "tick") {
    await look.switchSources(session, view, sources.map(({ id }) => id), action === "on");
    if (!common.quiet && !common.json) output.out(`${names.join(", ")}: ${action}`);
    return 0;
  }
  if (dry) {
    const found = look.listSchedules(view).filter(({ name }) => names.includes(name));
    const selected = [...new Set(found.map(({ select }) => select))];
    const { chooseRun } = await import("../../app/choose.ts");
    const { plan } = chooseRun(
      view,
      { select: selected, exclude: [], partitions: [], from: null, to: null, force: false },
      { only: true, refresh: true },
    );
    const { planLines } = await import("../../views/plan.ts");
    output.out(planLines(plan, around, output.style, output.columns).join("\n"));
    return 0;
  }
  for (const source of sources) await look.tickNow(session, view, source);
  const { upOnce } = await import("../up_once.ts");
  const select = sources.map(({ select }) => "asset" in select ? select.asset : select.text);
  return await upOnce(session, {
    asked: { select, exclude: [], partitions: [], from: null, to: null, force: false },
    failFast: false,
    timeoutMs: null,
    results: true,
    outside: true,
  }, context);
}
