/** `nycflow promote`: an environment's versions become production's. */
import { Command } from "commander";
import { listOf, withCommon } from "../options.ts";
import type { CommandContext } from "../context.ts";

export function declare(): Command {
  return withCommon(new Command("promote"))
    .description("publish in production what an environment has of its own")
    .argument("<environment>", "its name")
    .argument("[selection...]", "only these assets")
    .addHelpText(
      "after",
      "\nExamples:\n  nycflow promote dev\n  nycflow promote dev trips_by_week",
    );
}

export async function act(command: Command, { output, common }: CommandContext): Promise<number> {
  const { openSession } = await import("../open.ts");
  const name = String(command.processedArgs[0]);
  const { mustBeEnvironment } = await import("../../app/environments.ts");
  await using production = await openSession({ ...common, env: "prod" }, true);
  mustBeEnvironment(production.project, name);
  await using environment = await openSession({ ...common, env: name }, true);
  const { promote } = await import("../../app/promote.ts");
  const done = await promote(environment, production, listOf(command.processedArgs[1]));
  const { promotedLines, promotedDocument } = await import("../../views/environments.ts");
  if (common.json) output.out(JSON.stringify(promotedDocument(done)));
  else if (!common.quiet) {
    output.out(promotedLines(done, output.style, output.columns).join("\n"));
  }
  const { afterByHand } = await import("../after_by_hand.ts");
  await afterByHand(production, { output, common, argv: [] });
  return 0;
}
