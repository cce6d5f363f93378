/** `nycflow types`: what editors need to complete and check asset modules. */
import { Command } from "commander";
import { withCommon } from "../options.ts";
import type { CommandContext } from "../context.ts";

export function declare(): Command {
  return withCommon(new Command("types"))
    .description("write the types of nycflow and of each table, for editors")
    .summary("write the types of nycflow and of each table, for editors")
    .addHelpText("after", "\nExamples:\n  nycflow types\n  nycflow types && deno check assets/");
}

export async function act(_command: Command, { output, common }: CommandContext): Promise<number> {
  const { openSession } = await import("../open.ts");
  await using session = await openSession(common);
  const { writeTypes } = await import("../../app/editor_types.ts");
  const done = await writeTypes(session);
  if (common.json) {
    output.out(JSON.stringify({ nycflow: 1, ...done }));
    return 0;
  }
  if (common.quiet) return 0;
  const { typesLines } = await import("../../views/editor_types.ts");
  output.out(typesLines(done, output.style, output.columns).join("\n"));
  return 0;
}
