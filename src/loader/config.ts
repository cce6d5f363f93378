/** `nycflow.config.ts`: what it says, held against its table, and what holds where it says nothing. */
import { basename } from "node:path";
import type { NotifySink, ProjectDefinition, RetryPolicy } from "../core/definition.ts";
import type { JsonObject } from "../core/json.ts";
import { type Problem, problem } from "../core/problem/problem.ts";
import { listOf, objectOf, textOf, textsOf } from "./canonical.ts";
import type { Environment } from "./environment.ts";
import { durationOf, readRetry } from "./read_policies.ts";
import { isObject } from "./shape.ts";

/** Names under which the configuration is found; the first that is there. */
export const CONFIG_FILES = ["nycflow.config.ts"] as const;

export type ProjectConfig = Omit<ProjectDefinition, "assets" | "schedules" | "sensors"> & {
  readonly defaults: { readonly timeoutMs: number | null; readonly retry: RetryPolicy | null };
};

/** The configuration with all that it leaves unsaid. `project` is the absolute folder. */
export function configOf(options: JsonObject, project: string): ProjectConfig {
  const warehouse = objectOf(options["warehouse"]);
  const { mirror, memory, threads } = warehouse;
  const defaults = objectOf(options["defaults"]);
  return {
    name: textOf(options["name"], basename(project)),
    timezone: textOf(options["timezone"], "UTC"),
    notify: listOf(options["notify"]).map((each) => readSink(objectOf(each))),
    pools: Object.fromEntries(
      Object.entries(objectOf(options["pools"])).flatMap(([name, slots]) =>
        typeof slots === "number" ? [[name, slots]] : []
      ),
    ),
    warehouse: {
      mirror: mirror === true ? "warehouse.duckdb" : textOf(mirror, null),
      memoryMb: typeof memory === "number"
        ? memory
        : typeof memory === "string"
        ? memoryMb(memory)
        : null,
      threads: typeof threads === "number" ? threads : null,
      scratch: textOf(warehouse["scratch"], null),
    },
    concurrency: typeof options["concurrency"] === "number" ? options["concurrency"] : null,
    settings: objectOf(options["settings"]),
    secrets: secretsOf(options),
    defaults: {
      timeoutMs: durationOf(defaults["timeout"]),
      retry: readRetry(defaults["retry"]),
    },
  };
}

const MEMORY = /^\s*(\d+(?:\.\d+)?)\s*(k|m|g|t)i?b?\s*$/i;
const MEBI: Readonly<Record<string, number>> = { k: 1 / 1024, m: 1, g: 1024, t: 1024 * 1024 };

/** Mebibytes of `4GB`; null where it is no amount of memory. */
export function memoryMb(text: string): number | null {
  const [, amount, unit] = MEMORY.exec(text) ?? [];
  if (amount === undefined || unit === undefined) return null;
  return Math.max(1, Math.floor(Number(amount) * (MEBI[unit.toLowerCase()] ?? 1)));
}

function secretsOf(options: JsonObject): readonly string[] {
  const declared = Object.entries(objectOf(options["env"]))
    .filter(([, each]) => isObject(each) && each["secret"] === true).map(([name]) => name);
  return [...new Set([...textsOf(options["secrets"]), ...declared])].sort();
}

function readSink(sink: JsonObject): NotifySink {
  const kind = (["command", "webhook", "mail"] as const)
    .find((each) => Object.hasOwn(sink, each)) ?? "command";
  const { on, [kind]: value, ...rest } = sink;
  const events = textsOf(on).flatMap((each) =>
    (["failure", "late", "recovery", "reminder"] as const).filter((known) => known === each)
  );
  return {
    kind,
    options: kind === "command"
      ? { command: value ?? "" }
      : kind === "webhook"
      ? { url: value ?? "", ...rest }
      : objectOf(value),
    on: events.length === 0 ? ["failure", "late", "recovery", "reminder"] : events,
  };
}

/** Variables that the configuration declares, gives no default for, and the environment does not have. */
export function missingVariables(options: JsonObject, env: Environment): readonly Problem[] {
  return Object.entries(objectOf(options["env"])).flatMap(([name, said]): readonly Problem[] => {
    if (env[name] !== undefined) return [];
    if (isObject(said) && typeof said["default"] === "string") return [];
    const what = typeof said === "string" ? said : textOf(objectOf(said)["description"], "");
    return [problem("environment-missing", {
      message: `Cannot start without ${name}`,
      where: { file: CONFIG_FILES[0] },
      why: `it is declared in nycflow.config.ts${what === "" ? "" : ` (${what})`} and is not set`,
      hint: `add ${name}=… to .env, or export it`,
      fields: { name },
    })];
  });
}
