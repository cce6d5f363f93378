/**
 * What may follow what has been typed: walks commander's tree, so that a command is completed as it is declared.
 * What a placeholder means (`<asset>`, `<key>`, `<file>`) decides where values come from; the values themselves are
 * asked of `Names`, each only where it is needed.
 */
import type { Argument, Command, Option } from "commander";
import type { Names } from "../app/names.ts";
import { type Candidate, completeSelection } from "./completion_selection.ts";

export interface Completion {
  readonly candidates: readonly Candidate[];
  /** The shell's own completion of paths is wanted too. */
  readonly paths: "file" | "dir" | null;
}

const NOTHING: Completion = { candidates: [], paths: null };

/** `words` are what stands behind the program's name; the last is being typed, "" for a new one. */
export async function complete(
  program: Command,
  words: readonly string[],
  names: Names,
): Promise<Completion> {
  const typed = words.at(-1) ?? "";
  const walked = walk(program, words.slice(0, -1));
  const found = await candidatesFor(program, walked, typed, names);
  const fits = found.candidates.filter(({ value }) => value.startsWith(typed));
  return { ...found, candidates: unique(fits) };
}

interface Walked {
  readonly command: Command;
  /** An option that waits for its value. */
  readonly pending: Option | null;
  readonly used: ReadonlySet<Option>;
  readonly positional: readonly string[];
  /** After `--` everything is an argument. */
  readonly literal: boolean;
}

function walk(program: Command, words: readonly string[]): Walked {
  let command = program;
  let pending: Option | null = null;
  let literal = false;
  const used = new Set<Option>();
  const positional: string[] = [];
  for (const word of words) {
    if (!literal && word === "--") [literal, pending] = [true, null];
    else if (!literal && word.startsWith("-") && word !== "-") {
      pending = null;
      const [flag = word] = word.split("=", 1);
      const option = optionCalled(command, program, flag);
      if (option === null) continue;
      used.add(option);
      if (takesValue(option) && !word.includes("=")) pending = option;
    } else if (pending !== null) {
      if (!pending.variadic) pending = null;
    } else if (command === program && positional.length === 0) {
      const next = program.commands.find((each) => each.name() === word);
      if (next === undefined && word !== "help") positional.push(word);
      else if (next !== undefined) command = next;
      else positional.push(word);
    } else positional.push(word);
  }
  return { command, pending, used, positional, literal };
}

function optionCalled(command: Command, program: Command, flag: string): Option | null {
  const all = [...command.options, ...program.options];
  return all.find((each) => each.long === flag || each.short === flag) ?? null;
}

function takesValue(option: Option): boolean {
  return option.required || option.optional;
}

async function candidatesFor(
  program: Command,
  { command, pending, used, positional, literal }: Walked,
  typed: string,
  names: Names,
): Promise<Completion> {
  const assets = positional;
  if (!literal && typed.startsWith("--") && typed.includes("=")) {
    const [flag = ""] = typed.split("=", 1);
    const option = optionCalled(command, program, flag);
    if (option === null) return NOTHING;
    const found = await valuesOf(option, typed.slice(flag.length + 1), assets, names);
    return {
      ...found,
      candidates: found.candidates.map((each) => ({ ...each, value: `${flag}=${each.value}` })),
    };
  }
  if (!literal && typed.startsWith("-")) {
    return { candidates: optionsOf(command, used), paths: null };
  }
  if (pending !== null && (!pending.optional || typed !== "")) {
    return await valuesOf(pending, typed, assets, names);
  }
  if (command === program) {
    if (positional.length > 0 && positional[0] !== "help") return NOTHING;
    return { candidates: commandsOf(program, positional.length === 0), paths: null };
  }
  const declared = command.registeredArguments;
  const argument = declared[positional.length] ??
    (declared.at(-1)?.variadic ? declared.at(-1) : undefined);
  return argument === undefined ? NOTHING : await meant(
    argument.name() === "name" ? `name of ${command.name()}` : argument.name(),
    choicesOf(argument),
    typed,
    assets,
    names,
  );
}

function commandsOf(program: Command, withHelp: boolean): readonly Candidate[] {
  const help = { value: "help", about: "help about a command" };
  const found = program.commands.map((each) => ({
    value: each.name(),
    about: each.summary() || each.description(),
  }));
  return withHelp ? [...found, help] : found;
}

function optionsOf(command: Command, used: ReadonlySet<Option>): readonly Candidate[] {
  const shown = command.options.filter((each) =>
    !each.hidden && !(used.has(each) && !each.variadic)
  );
  const help = { value: "--help", about: "what it does, with examples" };
  return [
    ...shown.flatMap((each) => {
      const about = each.description;
      return [each.long, each.short].flatMap((value) => value ? [{ value, about }] : []);
    }),
    help,
  ].sort((a, b) => Number(b.value.startsWith("--")) - Number(a.value.startsWith("--")));
}

/** `a, b or c` in the description of an action. */
function choicesOf(argument: Argument): readonly string[] {
  if (argument.argChoices) return argument.argChoices;
  if (!/^(?:action|what|shell)$/.test(argument.name())) return [];
  const [list = ""] = argument.description.split(/[;:(]/, 1);
  return list.split(/,| or /).map((word) => word.trim()).filter((word) => /^[\w-]+$/.test(word));
}

function valuesOf(
  option: Option,
  typed: string,
  assets: readonly string[],
  names: Names,
): Promise<Completion> {
  const placeholder = /[<[]([^>\]]+?)(?:\.{3})?[>\]]/.exec(option.flags)?.[1] ?? "";
  const name = option.long === "--env" ? "environment" : placeholder;
  return meant(name, option.argChoices ?? [], typed, assets, names);
}

/** What a placeholder stands for. */
async function meant(
  placeholder: string,
  choices: readonly string[],
  typed: string,
  assets: readonly string[],
  names: Names,
): Promise<Completion> {
  const plain = (values: readonly string[]) => values.map((value) => ({ value, about: "" }));
  const found = (candidates: readonly Candidate[]) => ({ candidates, paths: null });
  if (choices.length > 0) return found(plain(choices));
  switch (placeholder) {
    case "selection":
      return found(completeSelection(typed, await names.assets()));
    case "asset":
      return found(assetCandidates(await names.assets()));
    case "run":
      return found(await names.runs());
    case "asset|run":
    case "run|asset":
      return found([...assetCandidates(await names.assets()), ...await names.runs()]);
    case "key":
      return found(plain(await names.partitions(assets)));
    case "template":
      return found(plain(await names.templates()));
    case "environment":
      return found(plain(await names.environments()));
    case "name of env":
      return found(plain((await names.environments()).filter((each) => each !== "prod")));
    case "name of schedules":
      return found(plain(await names.schedules()));
    case "name of sensors":
      return found(plain(await names.sensors()));
    case "key=value":
      return found(plain((await names.settings(assets)).map((key) => `${key}=`)));
    case "file":
      return { candidates: [], paths: "file" };
    case "dir":
    case "folder":
      return { candidates: [], paths: "dir" };
    default:
      return NOTHING;
  }
}

function assetCandidates(
  assets: readonly { readonly key: string; readonly description: string }[],
): readonly Candidate[] {
  return assets.map(({ key, description }) => ({ value: key, about: description }));
}

function unique(candidates: readonly Candidate[]): readonly Candidate[] {
  return [...new Map(candidates.map((each) => [each.value, each])).values()];
}
