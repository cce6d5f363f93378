// The page of commands, from what each declares of itself.

import type { Command } from "commander";
import { declaredCommands } from "../../src/cli/program.ts";

/** Options that every command has: said once. */
const COMMON = ["--project", "--env", "--json", "--quiet", "--verbose", "--color"];

/** The page. */
export async function commandsPage(): Promise<string> {
  const [status, ...commands] = await declaredCommands();
  if (status === undefined) throw new Error("no commands");
  const shared = status.options.filter((each) => COMMON.includes(each.long ?? ""));
  return [
    "# Commands",
    "",
    "Selections are the same everywhere: names and globs, `+upstream`, `downstream+`, `tag:x`, `group:x`, `is:stale`;",
    "a space is union, a comma intersection. Results go to standard output, everything else to standard error.",
    "",
    "Every command takes:",
    "",
    ...optionLines(shared),
    "",
    ...section(status, "nycflow"),
    ...commands.flatMap((each) => section(each, `nycflow ${each.name()}`)),
  ].join("\n");
}

function section(command: Command, name: string): string[] {
  const own = command.options.filter((each) => !COMMON.includes(each.long ?? "") && !each.hidden);
  const placed = command.registeredArguments.map((each) => {
    const dots = each.variadic ? "..." : "";
    return each.required ? `<${each.name()}${dots}>` : `[${each.name()}${dots}]`;
  });
  const usage = [name, ...(own.length > 0 ? ["[options]"] : []), ...placed].join(" ");
  const children = command.commands.flatMap((each) => section(each, `${name} ${each.name()}`));
  return [
    `## ${name}`,
    "",
    sentence(command.description()),
    "",
    "```text",
    usage,
    "```",
    "",
    ...command.registeredArguments.filter((each) => each.description).map((each) =>
      `- \`${each.name()}\`: ${each.description}`
    ),
    ...optionLines(own),
    ...(own.length + command.registeredArguments.length > 0 ? [""] : []),
    ...examples(command),
    ...children,
  ];
}

function optionLines(options: Command["options"]): string[] {
  return options.map((each) => {
    const choices = each.argChoices ? ` (${each.argChoices.join(", ")})` : "";
    return `- \`${each.flags}\`: ${each.description}${choices}`;
  });
}

/** What `--help` adds after the options. */
function examples(command: Command): string[] {
  let after = "";
  const output = { writeOut: (text: string) => void (after += text) };
  command.configureOutput(output).outputHelp();
  const found = /\nExamples:\n([^]*)$/.exec(after)?.[1] ?? "";
  const lines = found.split("\n").map((line) => line.replace(/^ {2}/, "")).filter((line) => line);
  return lines.length === 0 ? [] : ["```sh", ...lines, "```", ""];
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1).replace(/\.$/, "")}.`;
}
