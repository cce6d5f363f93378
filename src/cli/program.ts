/**
 * The table of commands. Each is loaded when it is called for, and loads what it does only then; for help and
 * suggestions all are declared.
 */
import { Command, CommanderError } from "commander";
import { ProblemError } from "../core/problem/problem.ts";
import { VERSION } from "../core/product.ts";
import * as status from "./commands/status.ts";
import { withHelp } from "./help.ts";
import { commonOf } from "./options.ts";
import { openOutput } from "./output.ts";
import { usageProblem } from "./usage.ts";
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
  retry: () => import("./commands/retry.ts"),
  cancel: () => import("./commands/cancel.ts"),
  pools: () => import("./commands/pools.ts"),
  partitions: () => import("./commands/partitions.ts"),
  rollback: () => import("./commands/rollback.ts"),
  unpin: () => import("./commands/unpin.ts"),
  mark: () => import("./commands/mark.ts"),
  wipe: () => import("./commands/wipe.ts"),
  diff: () => import("./commands/diff.ts"),
  promote: () => import("./commands/promote.ts"),
  env: () => import("./commands/env.ts"),
  clean: () => import("./commands/clean.ts"),
  backfill: () => import("./commands/backfill.ts"),
  check: () => import("./commands/check.ts"),
  why: () => import("./commands/why.ts"),
  ls: () => import("./commands/ls.ts"),
  graph: () => import("./commands/graph.ts"),
  show: () => import("./commands/show.ts"),
  runs: () => import("./commands/runs.ts"),
  logs: () => import("./commands/logs.ts"),
  chart: () => import("./commands/chart.ts"),
  sql: () => import("./commands/sql.ts"),
  export: () => import("./commands/export.ts"),
  doctor: () => import("./commands/doctor.ts"),
  types: () => import("./commands/editor_types.ts"),
  completions: () => import("./commands/completions.ts"),
  report: () => import("./commands/report.ts"),
  schedules: () => import("./commands/schedules.ts"),
  sensors: () => import("./commands/sensors.ts"),
  dash: () => import("./commands/dash.ts"),
  ps: () => import("./commands/ps.ts"),
  down: () => import("./commands/down.ts"),
  notify: () => import("./commands/notify.ts"),
  crontab: () => import("./commands/crontab.ts"),
  service: () => import("./commands/service.ts"),
};

/** What programs ask and nobody types: no help names them. */
const HIDDEN: typeof COMMANDS = {
  complete: () => import("./commands/complete.ts"),
  look: () => import("./commands/look.ts"),
};

/** All of them for help and suggestions; where the first word names one, that one: declaring all takes 3 ms. */
function commandsFor(argv: readonly string[]): readonly (() => Promise<CommandModule>)[] {
  const first = argv[0] ?? "";
  const all = Object.hasOwn(HIDDEN, first) ? HIDDEN : COMMANDS;
  const named = Object.hasOwn(all, first) ? all[first] : undefined;
  return named === undefined ? Object.values(COMMANDS) : [named];
}

/** The program itself and all its commands, as they are declared: for the reference. */
export async function declaredCommands(): Promise<readonly Command[]> {
  const modules = await Promise.all(Object.values(COMMANDS).map((load) => load()));
  return [status.declare().name("nycflow"), ...modules.map((each) => each.declare())];
}

/** The same as one tree, to be walked: nothing in it acts. */
async function declaredProgram(): Promise<Command> {
  const [program = new Command(), ...commands] = await declaredCommands();
  for (const each of commands) program.addCommand(each);
  return program;
}

/** Parses and carries out one command line. Throws `ProblemError` for what cannot be done. */
export async function parse(argv: readonly string[]): Promise<number> {
  let code = 0;
  let chosen: Command | null = null;
  const context = (command: Command): CommandContext => {
    const common = commonOf(command);
    const output = openOutput({ env: process.env, color: common.color });
    return { common, argv, output, program: declaredProgram };
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
    throw new ProblemError(
      usageProblem(error, chosen?.name() ?? null, argv, Object.keys(COMMANDS)),
    );
  }
  return code;
}

/** Commander neither prints nor ends the process: both are `main`'s. */
function quiet(command: Command): void {
  withHelp(command, printHelp)
    .exitOverride()
    .configureOutput({ writeErr: () => {}, outputError: () => {} });
}

/** Like every other result: a reader that goes away is fine, and so is a terminal without Unicode. */
function printHelp(text: string): void {
  const output = openOutput({ env: process.env, color: "auto" });
  output.out((output.style.unicode ? text : text.replaceAll("…", "...")).trimEnd());
}
