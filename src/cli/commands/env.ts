/** `nycflow env ls`, `nycflow env rm`: the environments beside production. */
import { Command } from "commander";
import { textOf, withCommon } from "../options.ts";
import type { CommandContext } from "../context.ts";

export function declare(): Command {
  return withCommon(new Command("env"))
    .description("the environments: ls, rm NAME")
    .argument("[what]", "ls or rm", "ls")
    .argument("[name]", "which to remove")
    .option("-y, --yes", "without asking")
    .addHelpText("after", "\nExamples:\n  nycflow env ls\n  nycflow env rm dev --yes");
}

export async function act(command: Command, { output, common }: CommandContext): Promise<number> {
  const { openSession } = await import("../open.ts");
  const { problem, ProblemError } = await import("../../core/problem/problem.ts");
  const what = String(command.processedArgs[0]);
  const name = textOf(command.processedArgs[1]);
  if ((what !== "ls" && what !== "rm") || (what === "rm" && name === null)) {
    throw new ProblemError(problem("usage", {
      message: what === "rm"
        ? "Cannot remove an environment: none was named"
        : `Cannot understand: env ${what}`,
      why: "env takes ls, or rm and a name",
      hint: "e.g. nycflow env rm dev",
    }));
  }
  await using session = await openSession({ ...common, env: "prod" });
  const { listEnvironments, mustBeEnvironment, removeEnvironment } = await import(
    "../../app/environments.ts"
  );
  if (what === "rm" && name !== null) {
    mustBeEnvironment(session.project, name);
    const { agreed } = await import("../ask.ts");
    const question = `remove the environment ${name} with all that it has of its own?`;
    if (!agreed(question, command.opts()["yes"] === true, output)) {
      output.err("nothing was removed");
      return 0;
    }
    await removeEnvironment(session, name);
    if (common.json) output.out(JSON.stringify({ nycflow: 1, removed: name }));
    else if (!common.quiet) output.out(`removed ${name}`);
    return 0;
  }
  const found = await listEnvironments(session);
  const { environmentLines, environmentsDocument } = await import("../../views/environments.ts");
  const { project } = await session.load();
  const around = { now: session.host.clock.now(), timezone: project.timezone };
  if (common.json) output.out(JSON.stringify(environmentsDocument(found, around.timezone)));
  else output.out(environmentLines(found, around, output.style, output.columns).join("\n"));
  return 0;
}
