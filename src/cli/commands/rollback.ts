/** `nycflow rollback`: an earlier version becomes current again, and stays. */
import { Command } from "commander";
import { readCount, textOf, withCommon } from "../options.ts";
import type { CommandContext } from "../context.ts";

export function declare(): Command {
  return withCommon(new Command("rollback"))
    .description("make an earlier version current again, and pin it")
    .argument("<asset>", "the asset")
    .option("-p, --partition <key>", "one partition of it; else what its last change replaced")
    .option("--to <version>", "a version by its id, or the end of it")
    .option("-n, --back <n>", "so many changes of content back", readCount)
    .addHelpText(
      "after",
      "\nExamples:\n  nycflow rollback trips_by_week\n  nycflow rollback taxi_trips --partition 2023-02 -n 2",
    );
}

export async function act(command: Command, { output, common }: CommandContext): Promise<number> {
  const { openSession } = await import("../open.ts");
  const options = command.opts();
  const back = typeof options["back"] === "number" ? options["back"] : 1;
  await using session = await openSession(common, true);
  const { rollback } = await import("../../app/by_hand.ts");
  const done = await rollback(
    session,
    String(command.processedArgs[0]),
    textOf(options["partition"]),
    { version: textOf(options["to"]), back },
  );
  const { rolledBackLines } = await import("../../views/by_hand.ts");
  if (common.json) {
    const moves = done.moves.map((each) => ({ ...each, partition: each.partition || null }));
    output.out(JSON.stringify({ nycflow: 1, asset: done.asset, pinned: moves }));
  } else if (!common.quiet) output.out(rolledBackLines(done).join("\n"));
  const { afterByHand } = await import("../after_by_hand.ts");
  await afterByHand(session, { output, common, argv: [] });
  return 0;
}
