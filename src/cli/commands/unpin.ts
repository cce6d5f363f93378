/** `nycflow unpin`: take a pin away, so that the asset is brought up to date again. */
import { Command } from "commander";
import { listOf, textOf, withCommon, withPartitions } from "../options.ts";
import type { CommandContext } from "../context.ts";

export function declare(): Command {
  return withCommon(withPartitions(new Command("unpin")))
    .description("take a pin away, so that the asset is brought up to date again")
    .argument("<asset>", "the asset")
    .addHelpText(
      "after",
      "\nExamples:\n  nycflow unpin trips_by_week\n  nycflow unpin taxi_trips --partition 2023-02",
    );
}

export async function act(command: Command, { output, common }: CommandContext): Promise<number> {
  const { openSession } = await import("../open.ts");
  const options = command.opts();
  await using session = await openSession(common, true);
  const { unpin } = await import("../../app/by_hand.ts");
  const done = await unpin(session, String(command.processedArgs[0]), {
    partitions: listOf(options["partition"]),
    from: textOf(options["from"]),
    to: textOf(options["to"]),
  });
  const { unpinnedLine } = await import("../../views/by_hand.ts");
  if (common.json) {
    const partitions = done.partitions.map((each) => each || null);
    output.out(JSON.stringify({ nycflow: 1, asset: done.asset, partitions }));
  } else if (!common.quiet) output.out(unpinnedLine(done));
  return 0;
}
