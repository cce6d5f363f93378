/** `nycflow pools`: who holds which slots, who waits. */
import { Command } from "commander";
import { withCommon } from "../options.ts";
import type { CommandContext } from "../context.ts";

export function declare(): Command {
  return withCommon(new Command("pools"))
    .description("who holds the slots of which pool, and who waits for them")
    .addHelpText("after", "\nExamples:\n  nycflow pools\n  nycflow pools --json");
}

export async function act(_command: Command, { output, common }: CommandContext): Promise<number> {
  const { openSession } = await import("../open.ts");
  await using session = await openSession(common);
  const view = await session.view();
  const { lookPools } = await import("../../app/pools.ts");
  const { poolLines, poolsDocument } = await import("../../views/pools.ts");
  const pools = await lookPools(session, view);
  const around = { now: view.now, timezone: view.loaded.project.timezone };
  if (common.json) output.out(JSON.stringify(poolsDocument(pools, around.timezone)));
  else output.out(poolLines(pools, around, output.style, output.columns).join("\n"));
  return 0;
}
