/**
 * `env()`: reading the environment such that it is known what was read. Who records it is whoever runs the module;
 * outside nycflow (a test of one's own) it reads the process's environment.
 */
import { problem, ProblemError } from "../core/problem/problem.ts";

const ENVIRONMENT: unique symbol = Symbol.for("nycflow.environment") as never;

/** Gives a variable's value and remembers that it was asked for. */
export type ReadVariable = (name: string) => string | undefined;

type Place = {
  [ENVIRONMENT]?: ReadVariable;
  readonly process?: { readonly env: Readonly<Record<string, string | undefined>> };
};

/**
 * A variable of the environment or of the project's `.env`. Missing without a `fallback` is an error that names it,
 * never `""`. Read while a module is imported it belongs to the definition; within `run`, to what was built.
 *
 * @example partitions: monthly({ start: env("TAXI_FROM", "2023-01") })
 */
export function env(name: string, fallback?: string): string {
  const place = globalThis as Place;
  const read = place[ENVIRONMENT] ?? ((each) => place.process?.env[each]);
  return required(name, read(name), fallback);
}

/** The value, the fallback, or the error that says what is missing. */
export function required(
  name: string,
  value: string | undefined,
  fallback: string | undefined,
): string {
  if (value !== undefined) return value;
  if (fallback !== undefined) return fallback;
  throw new ProblemError(problem("environment-missing", {
    message: `Cannot read ${name} from the environment`,
    why: "it is not set, and no default is given",
    hint: `add ${name}=… to .env, or give a default: env(${JSON.stringify(name)}, "…")`,
    fields: { name },
  }));
}

/** Makes `env()` read through `read`, until the next call; for whoever runs modules. */
export function provideEnvironment(read: ReadVariable): void {
  (globalThis as Place)[ENVIRONMENT] = read;
}
