/**
 * How `--help` is laid out: what is special first, what every command has last, all of it within the terminal's width.
 * Decides no words but its headings; each command declares its own.
 */
import type { Command, Help, Option } from "commander";

/** The program's commands in the order in which one meets them. */
export const GROUPS: Readonly<Record<string, readonly string[]>> = {
  "Begin": ["init", "check", "doctor", "types", "completions"],
  "Bring up to date": ["up", "plan", "run", "backfill", "retry", "cancel"],
  "Look": [
    "ls",
    "dash",
    "why",
    "graph",
    "show",
    "chart",
    "sql",
    "partitions",
    "runs",
    "logs",
    "report",
  ],
  "Versions and environments": [
    ...["diff", "rollback", "unpin", "mark", "wipe", "clean"],
    ...["env", "promote", "export"],
  ],
  "By itself": [
    ...["schedules", "sensors", "pools", "ps", "down"],
    ...["notify", "crontab", "service"],
  ],
};

/** Options that every command has. */
const COMMON = ["--project", "--env", "--json", "--quiet", "--verbose", "--color", "--help"];

/** Lays out the command's help, and prints it by `write`. */
export function withHelp(command: Command, write: (text: string) => void): Command {
  return command
    .helpOption("-h, --help", "print this help")
    .configureHelp({ formatHelp: page, styleTitle: bold })
    .configureOutput({ writeOut: write });
}

function page(command: Command, helper: Help): string {
  const all = helper.visibleOptions(command);
  const common = all.filter(isCommon);
  const own = all.filter((each) => !isCommon(each));
  const words = helper.visibleArguments(command);
  const option = (each: Option) => [helper.optionTerm(each), describe(each, helper)];
  const blocks = [
    [`${helper.styleTitle("Usage:")} ${helper.commandUsage(command)}`],
    [helper.boxWrap(helper.commandDescription(command), helper.helpWidth ?? 80)],
    ...commandBlocks(command, helper),
    ...block("Arguments", words.map((each) => [each.name(), each.description]), helper),
    ...block("Options", own.map(option), helper),
    ...block(own.length === 0 ? "Options" : "Options of every command", common.map(option), helper),
  ];
  return `${blocks.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function commandBlocks(command: Command, helper: Help): string[][] {
  const known = helper.visibleCommands(command);
  const left = new Map(known.map((each) => [each.name(), helper.subcommandDescription(each)]));
  const width = Math.max(...[...left.keys()].map((name) => name.length));
  const blocks: string[][] = [];
  const take = (title: string, names: readonly string[]) => {
    const items = names.flatMap((name) => {
      const text = left.get(name);
      left.delete(name);
      return text === undefined ? [] : [[name.padEnd(width), text]];
    });
    blocks.push(...block(title, items, helper));
  };
  for (const [title, names] of Object.entries(GROUPS)) take(title, names);
  take("Help", [...left.keys()]);
  return blocks;
}

function block(title: string, items: readonly (readonly string[])[], helper: Help): string[][] {
  if (items.length === 0) return [];
  const width = Math.max(...items.map(([term = ""]) => term.length));
  const lines = items.map(([term = "", text = ""]) => helper.formatItem(term, width, text, helper));
  return [[helper.styleTitle(`${title}:`), ...lines]];
}

/** Commander would quote each choice, and take a line more for it. */
function describe(option: Option, helper: Help): string {
  if (!option.argChoices) return helper.optionDescription(option);
  const choices = option.argChoices.map((each) =>
    each === option.defaultValue ? `${each} (the default)` : each
  );
  return `${option.description}: ${choices.join(", ")}`;
}

function isCommon(option: Option): boolean {
  return COMMON.includes(option.long ?? "");
}

/** Commander takes the colours away where they are not wanted. */
function bold(text: string): string {
  return `\x1b[1m${text}\x1b[22m`;
}
