/** `nycflow complete -- WORDS…`: what shells ask at each press of the tab key. Answers quickly or not at all. */
import { Command } from "commander";
import type { CommandContext } from "../context.ts";

export function declare(): Command {
  return new Command("complete")
    .description("what may follow these words; asked by shells")
    .argument(
      "[words...]",
      "what has been typed behind the program's name, the last word being typed",
    )
    .allowUnknownOption();
}

export async function act(command: Command, context: CommandContext): Promise<number> {
  const { complete } = await import("../completion.ts");
  const { namesOf } = await import("../../app/names.ts");
  const words = (command.processedArgs[0] as readonly string[] | undefined) ?? [];
  try {
    const program = await context.program?.() ?? new Command();
    await using session = await sessionFor(words);
    const { candidates, paths } = await complete(program, words, namesOf(session));
    const lines = candidates.map(({ value, about }) => {
      const told = about.replaceAll(/\s+/g, " ").trim();
      return told === "" ? value : `${value}\t${told}`;
    });
    if (paths !== null) lines.push(`:${paths}`);
    if (lines.length > 0) context.output.out(lines.join("\n"));
  } catch (error) {
    // A word of complaint would land in the middle of what is being typed.
    if (context.common.verbose) throw error;
  }
  return 0;
}

/** The project that the words themselves name, else the one around here; null outside of any. */
async function sessionFor(words: readonly string[]) {
  const { hostOf } = await import("../open.ts");
  const { findProject } = await import("../../app/find.ts");
  const { Session } = await import("../../app/session.ts");
  const { ProblemError } = await import("../../core/problem/problem.ts");
  const at = words.findIndex((word) => word === "-C" || word === "--project");
  const named = at < 0 ? null : words[at + 1] ?? null;
  const host = hostOf();
  try {
    return new Session(host, findProject(host, named), false);
  } catch (error) {
    if (error instanceof ProblemError) return null;
    throw error;
  }
}
