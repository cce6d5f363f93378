/** `nycflow wipe`: forgets what is published, so that it is missing again. */
import { Command } from "commander";
import { listOf, textOf, withCommon, withPartitions } from "../options.ts";
import type { CommandContext } from "../context.ts";

export function declare(): Command {
  return withCommon(withPartitions(new Command("wipe")))
    .description("forget what is published, so that it is missing again")
    .argument("<asset>", "the asset")
    .option("--orphaned", "only what another scheme has left")
    .option("-y, --yes", "without asking")
    .addHelpText(
      "after",
      "\nExamples:\n  nycflow wipe trips_by_week --partition 2023-01-01 --yes\n  nycflow wipe taxi_trips --orphaned",
    );
}

export async function act(command: Command, { output, common }: CommandContext): Promise<number> {
  const { openSession } = await import("../open.ts");
  const options = command.opts();
  await using session = await openSession(common, true);
  const { wipe, wipeable } = await import("../../app/by_hand.ts");
  const found = await wipeable(session, String(command.processedArgs[0]), {
    partitions: listOf(options["partition"]),
    from: textOf(options["from"]),
    to: textOf(options["to"]),
  }, options["orphaned"] === true);
  const { wipedLine, wipeQuestion } = await import("../../views/by_hand.ts");
  const partitions = found.partitions.map((each) => each || null);
  if (partitions.length > 0) {
    const { agreed } = await import("../ask.ts");
    if (!agreed(wipeQuestion(found, found.rows), options["yes"] === true, output)) {
      output.err("nothing was forgotten");
      return 0;
    }
    await wipe(session, found);
  }
  if (common.json) {
    output.out(JSON.stringify({ nycflow: 1, asset: found.asset, partitions }));
  } else if (!common.quiet) {
    output.out(
      partitions.length === 0
        ? `nothing to forget: ${found.asset} has nothing published there`
        : wipedLine(found),
    );
  }
  const { afterByHand } = await import("../after_by_hand.ts");
  await afterByHand(session, { output, common, argv: [] });
  return 0;
}
