/** Options that many commands share, declared once, and how their values are read. */
import { Command, InvalidArgumentError, Option } from "commander";
import { parseDuration } from "../core/duration.ts";

export interface Common {
  readonly project: string | null;
  readonly env: string | null;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly color: "auto" | "always" | "never";
}

/** Adds `-C`, `--env`, `--json`, `--quiet`, `--verbose` and `--color`. */
export function withCommon(command: Command): Command {
  return command
    .option("-C, --project <dir>", "the project's folder (else found upward from here)")
    .option("--env <name>", "an environment beside prod, e.g. dev; or NYCFLOW_ENV")
    .option("--json", "one JSON document, or one event a line, on stdout")
    .option("-q, --quiet", "only problems")
    .option("--verbose", "more about what goes wrong")
    .addOption(
      new Option("--color <when>", "colours").choices(["auto", "always", "never"]).default("auto"),
    );
}

export function withSelection(command: Command): Command {
  return command
    .argument("[selection...]", "assets: names, +upstream, downstream+, tag:x, is:stale …")
    .option("--exclude <selection...>", "leave these out");
}

export function withPartitions(command: Command): Command {
  return command
    .option("-p, --partition <key...>", "only these partitions")
    .option("--from <key>", "from this partition on, e.g. 2023-01")
    .option("--to <key>", "up to and with this one");
}

/** The values of `withCommon`, from the command and those above it. */
export function commonOf(command: Command): Common {
  const all: Record<string, unknown> = command.optsWithGlobals();
  const text = (name: string) => typeof all[name] === "string" ? all[name] as string : null;
  const color = text("color");
  return {
    project: text("project"),
    env: text("env"),
    json: all["json"] === true,
    quiet: all["quiet"] === true,
    verbose: all["verbose"] === true,
    color: color === "always" || color === "never" ? color : "auto",
  };
}

export function listOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

export function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

/** For commander: a duration such as `30s`. */
export function readDuration(text: string): number {
  const found = parseDuration(text);
  if (!found.ok) throw new InvalidArgumentError(found.error);
  return found.value;
}

/** For commander: a whole number from 1. */
export function readCount(text: string): number {
  if (!/^\d{1,9}$/.test(text) || Number(text) < 1) {
    throw new InvalidArgumentError("a whole number from 1 is meant");
  }
  return Number(text);
}
