/** `nycflow doctor`: whether the installation and the project are well, and what to do where not. */
import { Command } from "commander";
import { withCommon } from "../options.ts";
import type { CommandContext } from "../context.ts";

export function declare(): Command {
  return withCommon(new Command("doctor"))
    .description("check the installation and the project; ends with 1 where something is bad")
    .summary("check the installation and the project")
    .option("--rebuild", "make a lost or damaged state store anew from the versions in the lake")
    .addHelpText("after", "\nExamples:\n  nycflow doctor\n  nycflow doctor --quiet || echo sick");
}

export async function act(command: Command, context: CommandContext): Promise<number> {
  const { output, common } = context;
  if (command.opts()["rebuild"] === true) return await rebuild(context);
  const { hostOf, openSession } = await import("../open.ts");
  const { lookAtInstallation } = await import("../../app/doctor_installation.ts");
  const { doctorDocument, doctorLines } = await import("../../views/doctor.ts");
  const findings = [
    ...await lookAtInstallation(hostOf(), {
      isTerminal: output.terminal,
      columns: output.columns,
      color: output.style.color,
      unicode: output.style.unicode,
    }),
  ];
  if (await isInProject(context)) {
    await using session = await openSession({ ...common, quiet: true });
    const { lookAtProject } = await import("../../app/doctor_project.ts");
    findings.push(...await lookAtProject(session));
  }
  if (common.json) output.out(JSON.stringify(doctorDocument(findings)));
  else {
    const lines = doctorLines(findings, common.quiet, output.style, output.columns);
    if (lines.length > 0) output.out(lines.join("\n"));
  }
  return findings.some((each) => each.state === "bad") ? 1 : 0;
}

/** Outside of any project the installation alone is looked at; a folder that was named must be one. */
async function isInProject({ common }: CommandContext): Promise<boolean> {
  const { hostOf } = await import("../open.ts");
  const { findProject } = await import("../../app/find.ts");
  const { ProblemError } = await import("../../core/problem/problem.ts");
  try {
    findProject(hostOf(), common.project);
    return true;
  } catch (error) {
    if (error instanceof ProblemError && common.project === null) return false;
    throw error;
  }
}

async function rebuild({ output, common }: CommandContext): Promise<number> {
  const { openSession } = await import("../open.ts");
  const { rebuildStore } = await import("../../app/rebuild_store.ts");
  await using session = await openSession(common, true);
  const done = await rebuildStore(session);
  if (common.json) {
    output.out(JSON.stringify({ nycflow: 1, ...done }));
  } else if (!common.quiet) {
    const { rebuiltLines } = await import("../../views/rebuilt.ts");
    output.out(rebuiltLines(done, output.style, output.columns).join("\n"));
  }
  return 0;
}
