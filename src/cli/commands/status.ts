/** The bare `nycflow`: how things stand; outside a project, what to type first. */
import { Command } from "commander";
import { withCommon } from "../options.ts";
import type { CommandContext } from "../context.ts";

export function declare(): Command {
  return withCommon(new Command())
    .description("Fresh tables, files and charts from a folder of assets, in the terminal.")
    .addHelpText(
      "after",
      "\nExamples:\n  nycflow init taxi && cd taxi && nycflow up\n  nycflow why trips_by_week",
    );
}

export async function act(_command: Command, { output, common }: CommandContext): Promise<number> {
  const { hostOf, openSession } = await import("../open.ts");
  const { findProject } = await import("../../app/find.ts");
  const { ProblemError } = await import("../../core/problem/problem.ts");
  const host = hostOf();
  try {
    findProject(host, common.project);
  } catch (error) {
    if (!(error instanceof ProblemError) || common.project !== null || common.json) throw error;
    const { firstLines } = await import("../../views/status.ts");
    output.out(firstLines(output.style, output.columns).join("\n"));
    return 0;
  }
  await using session = await openSession(common);
  const { lookStatus } = await import("../../app/look.ts");
  const found = await lookStatus(session);
  if (common.json) {
    const { statusDocument } = await import("../../views/documents.ts");
    output.out(JSON.stringify(statusDocument(found)));
  } else {
    const { statusLines } = await import("../../views/status.ts");
    output.out(statusLines(found, output.style, output.columns).join("\n"));
  }
  return 0;
}
