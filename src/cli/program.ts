/**
 * The table of commands. Declares them all, so that help and suggestions know them; each loads what it does only
 * when it is called.
 */
import { Command, CommanderError } from "commander";
import { problem, ProblemError } from "../core/problem/problem.ts";
import { VERSION } from "../core/product.ts";
import * as chart from "./commands/chart.ts";
import * as init from "./commands/init.ts";
import * as ls from "./commands/ls.ts";
import * as plan from "./commands/plan.ts";
import * as run from "./commands/run.ts";
import * as show from "./commands/show.ts";
import * as sql from "./commands/sql.ts";
import * as status from "./commands/status.ts";
import * as up from "./commands/up.ts";
import * as why from "./commands/why.ts";
import { commonOf } from "./options.ts";
import { openOutput } from "./output.ts";
import type { CommandContext } from "./context.ts";
import process from "node:process";

/** What a command's file exports: how it is declared, and what it does; gives the exit code. */
export interface CommandModule {
  declare(): Command;
  act(command: Command, context: CommandContext): Promise<number>;
}

const COMMANDS: readonly CommandModule[] = [init, up, plan, run, why, ls, show, chart, sql];

/** Parses and carries out one command line. Throws `ProblemError` for what cannot be done. */
export async function parse(argv: readonly string[]): Promise<number> {
  let code = 0;
  let chosen: Command | null = null;
  const context = (command: Command): CommandContext => {
    const common = commonOf(command);
    return { common, argv, output: openOutput({ env: process.env, color: common.color }) };
  };
  const program = status.declare()
    .name("nycflow")
    .version(`nycflow ${VERSION}`, "-V, --version", "print the version")
    .helpCommand("help [command]", "help about a command")
    .showHelpAfterError(false)
    .enablePositionalOptions(false)
    .action(async (_options, command) => {
      code = await status.act(command, context(command));
    });
  quiet(program);
  for (const each of COMMANDS) {
    const command = each.declare();
    command.action(async () => {
      code = await each.act(command, context(command));
    });
    quiet(command);
    program.addCommand(command);
  }
  try {
    await program.parseAsync([...argv], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return 0;
    chosen = program.commands.find((each) => argv.includes(each.name())) ?? null;
    throw usageProblem(error, chosen?.name() ?? null);
  }
  return code;
}

/** Commander neither prints errors nor ends the process: both are `main`'s. */
function quiet(command: Command): void {
  command.exitOverride().configureOutput({ writeErr: () => {}, outputError: () => {} });
}

/** Commander's words, in four parts. */
function usageProblem(error: CommanderError, command: string | null): ProblemError {
  const [first = "", second = ""] = error.message.replace(/^error: /, "").split("\n");
  const suggestion = /\(Did you mean (.*)\?\)/.exec(`${first} ${second}`)?.[1];
  const found = first.replace(/\s*\(Did you mean.*$/, "");
  const help = command === null ? "nycflow --help" : `nycflow ${command} --help`;
  return new ProblemError(problem("usage", {
    message: `Cannot understand the command line: ${found}`,
    why: suggestion === undefined
      ? "the words do not fit the command's form"
      : `there is no such word; the nearest is ${suggestion}`,
    hint: suggestion === undefined
      ? `see: ${help}`
      : `did you mean ${suggestion}? else see: ${help}`,
  }));
}
