/**
 * The table of commands. Each is loaded when it is called for, and loads what it does only then; for help and
 * suggestions all are declared.
 */
import { Command, CommanderError } from "commander";
import { problem, ProblemError } from "../core/problem/problem.ts";
import { VERSION } from "../core/product.ts";
import * as status from "./commands/status.ts";
import { commonOf } from "./options.ts";
import { openOutput } from "./output.ts";
import type { CommandContext } from "./context.ts";
import process from "node:process";

/** What a command's file exports: how it is declared, and what it does; gives the exit code. */
export interface CommandModule {
  declare(): Command;
  act(command: Command, context: CommandContext): Promise<number>;
}

const COMMANDS: Readonly<Record<string, () => Promise<CommandModule>>> = {
  init: () => import("./commands/init.ts"),
  up: () => import("./commands/up.ts"),
  plan: () => import("./commands/plan.ts"),
  run: () => import("./commands/run.ts"),
  why: () => import("./commands/why.ts"),
  ls: () => import("./commands/ls.ts"),
  show: () => import("./commands/show.ts"),
  chart: () => import("./commands/chart.ts"),
  sql: () => import("./commands/sql.ts"),
};

/** All of them for help and suggestions; where the first word names one, that one: declaring all takes 3 ms. */
function commandsFor(argv: readonly string[]): readonly (() => Promise<CommandModule>)[] {
  const first = argv[0] ?? "";
  const named = Object.hasOwn(COMMANDS, first) ? COMMANDS[first] : undefined;
  return named === undefined ? Object.values(COMMANDS) : [named, check];
}

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
  for (const load of commandsFor(argv)) {
    const each = await load();
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
