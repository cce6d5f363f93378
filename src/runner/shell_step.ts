/** A shell asset's command: what is put into it, how it is ended, and which files it made. */
import { spawn } from "node:child_process";
import { statSync } from "node:fs";
import { basename, join } from "node:path";
import process from "node:process";
import type { StepOrder } from "../core/order.ts";
import { problem, ProblemError } from "../core/problem/problem.ts";
import { file } from "../define/results.ts";
import { isRecord, type Live } from "../define/spec.ts";
import type { Workplace } from "./context.ts";
import type { StepRoom } from "./room.ts";

/** A file that the command is to write. */
interface Target {
  readonly name: string;
  /** Absolute. */
  readonly path: string;
}

/** Runs the command; gives what a `run` would have returned. Throws a `ProblemError` where it fails. */
export async function runCommand(
  order: StepOrder,
  live: Live,
  place: Workplace,
  room: StepRoom,
): Promise<unknown> {
  const { command, cwd, env } = live.options as {
    readonly command: string | readonly string[];
    readonly cwd?: string;
    readonly env?: Readonly<Record<string, string>>;
  };
  const targets = targetsOf(order, live, place);
  const before = new Map(targets.map((each) => [each.name, stampOf(each.path)]));
  const values = valuesOf(order, targets, place);
  const [program = "", ...args] = typeof command === "string"
    ? ["/bin/sh", "-c", fill(command, values, shellQuoted, order)]
    : command.map((each) => fill(String(each), values, (value) => value, order));
  await run(order, room, program, args, {
    cwd: join(order.project, cwd ?? "."),
    env: { ...process.env, ...environmentOf(values), ...env },
  });
  for (const { name, path } of targets) {
    const after = stampOf(path);
    if (after === null || after === before.get(name)) {
      throw new ProblemError(unmade(order, path, after !== null));
    }
  }
  if (targets.length === 0) return undefined;
  const [first] = targets;
  if (!isRecord(live.options["outputs"])) return file(first?.path ?? "");
  return Object.fromEntries(targets.map(({ name, path }) => [name, file(path)]));
}

function targetsOf(order: StepOrder, live: Live, place: Workplace): readonly Target[] {
  const { outputs } = live.options;
  const target = (name: string, declared: string): Target => {
    const named = declared.replaceAll("{partition}", order.partition.replaceAll(/[^\w.-]/g, "_"));
    const scratch = !/[/\\]/.test(named);
    const path = scratch ? place.context.files.path(basename(named)) : join(order.project, named);
    return { name, path };
  };
  if (typeof outputs === "string") return [target(order.definition.key, outputs)];
  if (!isRecord(outputs)) return [];
  return Object.entries(outputs).map(([name, each]) =>
    target(name, String(isRecord(each) ? each["file"] : each))
  );
}

/** Names as they stand in braces, and as `NYCFLOW_…` in the environment. */
function valuesOf(
  order: StepOrder,
  targets: readonly Target[],
  place: Workplace,
): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  values.set("run", order.run);
  values.set("project", order.project);
  values.set("scratch", place.context.files.folder);
  if (order.definition.partitions !== null) values.set("partition", order.partition);
  if (order.window !== null) {
    values.set("start", order.window.startLocal);
    values.set("end", order.window.endLocal);
  }
  if (targets.length === 1) values.set("output", targets[0]?.path ?? "");
  for (const { name, path } of targets) values.set(`output.${name}`, path);
  for (const input of order.inputs) {
    const paths = input.versions.flatMap((each) =>
      each.file ? [join(order.project, each.file.path)] : []
    );
    values.set(`upstream.${input.asset}`, paths.join("\n"));
  }
  return values;
}

function environmentOf(values: ReadonlyMap<string, string>): Record<string, string> {
  return Object.fromEntries(
    [...values].map((
      [name, value],
    ) => [`NYCFLOW_${name.toUpperCase().replaceAll(".", "_")}`, value]),
  );
}

/** Puts values in for `{name}`; braces around anything else are the command's own. */
function fill(
  text: string,
  values: ReadonlyMap<string, string>,
  quote: (value: string) => string,
  order: StepOrder,
): string {
  return text.replaceAll(/\{([a-z]+(?:\.[\p{L}\p{N}_]+)?)\}/gu, (whole, name: string) => {
    const value = values.get(name);
    if (value !== undefined) return value.split("\n").map(quote).join(" ");
    if (!/^(partition|start|end|output|upstream)(\.|$)/.test(name)) return whole;
    throw new ProblemError(problem("definition-invalid", {
      message: `Cannot put ${whole} into the command of ${order.definition.key}`,
      why: name.startsWith("upstream.")
        ? `${name.slice("upstream.".length)} is none of its deps`
        : name.startsWith("output")
        ? "it declares no such output"
        : "it is not partitioned that way",
      hint: `there are ${[...values.keys()].map((each) => `{${each}}`).join(", ")}`,
    }));
  });
}

function shellQuoted(value: string): string {
  return `'${value.replaceAll("'", "'\\''")}'`;
}

/** What it prints goes where the runner's own prints go: into the log. */
function run(
  order: StepOrder,
  room: StepRoom,
  program: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env: Readonly<Record<string, string | undefined>> },
): Promise<void> {
  return new Promise((resolve, reject) => {
    room.signal.throwIfAborted();
    const child = spawn(program, [...args], {
      ...options,
      stdio: ["ignore", "inherit", "inherit"],
    });
    const stop = () => child.kill("SIGTERM");
    room.signal.addEventListener("abort", stop, { once: true });
    const settle = (why: string | null, fields: { readonly exit?: number }) => {
      room.signal.removeEventListener("abort", stop);
      if (room.signal.aborted) reject(new Error("aborted"));
      else if (why === null) resolve();
      else reject(new ProblemError(broken(order, why, fields)));
    };
    child.once("error", (error) => {
      const missing = (error as { readonly code?: unknown }).code === "ENOENT";
      settle(missing ? `there is no program ${program}` : error.message, {});
    });
    child.once("exit", (code, signal) => {
      if (code === 0) settle(null, {});
      else if (signal !== null) settle(`it was ended by ${signal}`, {});
      else settle(`it ended with ${code}`, { exit: code ?? -1 });
    });
  });
}

function broken(order: StepOrder, why: string, fields: { readonly exit?: number }) {
  return problem("code-exited", {
    message: `Cannot build ${order.definition.key}: its command failed`,
    why,
    hint: `nycflow logs ${order.definition.key}`,
    fields,
  });
}

function unmade(order: StepOrder, path: string, old: boolean) {
  return problem("result-invalid", {
    message: `Cannot build ${order.definition.key}`,
    why: `its command ended well, but ${old ? "did not write" : "made no file"} ${basename(path)}${
      old ? " anew" : ""
    }`,
    hint: "write to {output}, or to $NYCFLOW_OUTPUT",
  });
}

/** Tells whether a file was written between two looks. */
function stampOf(path: string): string | null {
  const found = statSync(path, { throwIfNoEntry: false });
  return found?.isFile() ? `${found.ino} ${found.size} ${found.mtimeMs} ${found.ctimeMs}` : null;
}
