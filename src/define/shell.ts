/** `shell()`: any program as an asset; `source()`: data that others write. */
import type { SpecProblem } from "../core/spec.ts";
import { dependencyTroubles } from "./dependency.ts";
import type { Dependencies, Duration, OutputOptions, StepOptions } from "./options.ts";
import type { Partitions } from "./partitions.ts";
import { type Asset, define, isRecord } from "./spec.ts";
import { needsOptions, wrong } from "./trouble.ts";
import type { BaseContext } from "../core/context.ts";
import type { JsonObject } from "../core/json.ts";

/** What `shell()` takes. */
export interface ShellOptions<N extends string, D extends Dependencies> extends StepOptions {
  /** @default the name of the export */
  readonly name?: N;
  /** What it reads: their files are in `$NYCFLOW_UPSTREAM_NAME` and `{upstream.name}`. */
  readonly deps?: D;
  readonly partitions?: Partitions;
  /**
   * A line for the shell, or a program and its arguments. `{output}`, `{partition}`, `{start}`, `{end}` and
   * `{upstream.name}` are put in, quoted for the shell; the same are in the environment as `NYCFLOW_OUTPUT` and so on.
   * It runs in the project's folder, and what it prints is its log.
   */
  readonly command: string | readonly string[];
  /**
   * The file that it writes, or several assets by name. A bare name (`"trips.csv"`) stands in a scratch folder and is
   * what `{output}` (or `{output.name}`) means; a path with a folder in it is relative to the project. Without
   * outputs it makes no data: that it ran is what counts.
   */
  readonly outputs?:
    | string
    | Readonly<Record<string, string | (OutputOptions & { readonly file: string })>>;
  /** Where the command runs, relative to the project. */
  readonly cwd?: string;
  /** Variables for the command, besides the environment's. */
  readonly env?: Readonly<Record<string, string>>;
  /** SQL that is true or false over its dependencies. */
  readonly when?: string;
}

/**
 * Any program as an asset: what it writes is published when it ends with 0.
 *
 * @example
 * export const forecast = shell({ deps: ["trips_by_week"], command: "python forecast.py {upstream.trips_by_week} {output}", outputs: "forecast.csv" });
 */
export function shell<const N extends string = string, const D extends Dependencies = readonly []>(
  options: ShellOptions<N, D>,
): Asset<N> {
  const found: SpecProblem[] = [...needsOptions(options, "shell")];
  if (isRecord(options)) {
    found.push(...dependencyTroubles(options["deps"], "deps"));
    const { command, outputs } = options as {
      readonly command?: unknown;
      readonly outputs?: unknown;
    };
    const words = Array.isArray(command) && command.length > 0 &&
      command.every((each) => typeof each === "string");
    if (command !== undefined && !words && (typeof command !== "string" || command.trim() === "")) {
      const expected = "a line for the shell, or a list of texts";
      found.push(wrong(command, "command", expected, 'command: "python forecast.py {output}"'));
    }
    if (isRecord(outputs)) {
      for (const [name, each] of Object.entries(outputs)) {
        const file = isRecord(each) ? each["file"] : each;
        if (typeof file !== "string") {
          found.push(wrong(file, `outputs.${name}`, "a file's name", `${name}: "${name}.csv"`));
        }
      }
    } else if (outputs !== undefined && typeof outputs !== "string") {
      found.push(
        wrong(outputs, "outputs", "a file's name, or an object of them", 'outputs: "forecast.csv"'),
      );
    }
  }
  return define("shell", options, found) as Asset<N>;
}

/** What `source()` takes. */
export interface SourceOptions<N extends string> extends OutputOptions {
  /** @default the name of the export */
  readonly name?: N;
  readonly partitions?: Partitions;
  /** A file or a glob relative to the project, or an address: what `observe` looks at where it is not given. */
  readonly path?: string;
  /** How often it is looked at. */
  readonly every?: Duration;
  /** Looks at it and gives whatever tells its content apart: an etag, a date, a count. */
  readonly observe?: (context: ObserveContext) => Observation | Promise<Observation>;
}

/** What `observe` of a source is given. */
export type ObserveContext = Pick<BaseContext, "signal" | "log" | "env" | "now">;

/** What `observe` gives: whatever tells the content apart, alone or with metadata beside it. */
export type Observation =
  | string
  | number
  | { readonly dataVersion: string | number; readonly metadata?: JsonObject };

/**
 * Data that others write: it is observed and never run, and what stands on it runs when it has changed.
 *
 * @example export const prices = source({ path: "inbox/prices.csv", freshness: { within: "1d" } });
 */
export function source<const N extends string = string>(options: SourceOptions<N>): Asset<N> {
  const found: SpecProblem[] = [...needsOptions(options, "source")];
  if (isRecord(options)) {
    const { path, observe } = options as { readonly path?: unknown; readonly observe?: unknown };
    if (observe !== undefined && typeof observe !== "function") {
      found.push(wrong(observe, "observe", "a function", "observe: () => ({ dataVersion: … })"));
    }
    if (path !== undefined && typeof path !== "string") {
      found.push(wrong(path, "path", "a text", 'path: "inbox/*.csv"'));
    }
    if (path === undefined && observe === undefined) {
      found.push({
        path: "",
        message: "Cannot tell how to look at this source",
        why: "neither `path` nor `observe` is given",
        hint: 'add path: "inbox/prices.csv"',
      });
    }
  }
  return define("source", options, found) as Asset<N>;
}
