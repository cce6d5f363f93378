/** `nycflow.config.ts`: what it says, held against its table, and what holds where it says nothing. */
import { basename } from "node:path";
import type {
  DashboardSettings,
  NotifySink,
  ProjectDefinition,
  RetryPolicy,
} from "../core/definition.ts";
import type { JsonObject } from "../core/json.ts";
import { type Problem, problem, type Where } from "../core/problem/problem.ts";
import { listOf, objectOf, textOf, textsOf } from "./canonical.ts";
import type { Environment } from "./environment.ts";
import { durationOf, readRetry } from "./read_policies.ts";
import { isObject } from "./shape.ts";
import { placeAt } from "./source_text.ts";

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
      ...keptOf(objectOf(warehouse["keep"])),
      budgetBytes: amountBytes(warehouse["budget"]),
    },
    concurrency: typeof options["concurrency"] === "number" ? options["concurrency"] : null,
    settings: objectOf(options["settings"]),
    secrets: secretsOf(options),
    variables: variablesOf(options),
    dashboard: dashboardOf(objectOf(options["dashboard"])),
    defaults: {
      timeoutMs: durationOf(defaults["timeout"]),
      retry: readRetry(defaults["retry"]),
    },
  };
}

function dashboardOf(options: JsonObject): DashboardSettings {
  const keys = Object.entries(objectOf(options["keys"])).map(([action, own]) =>
    [action, typeof own === "string" ? [own] : textsOf(own)] as const
  );
  return {
    keys: Object.fromEntries(keys),
    clock: options["clock"] !== false,
    mouse: options["mouse"] !== false,
  };
}

function keptOf(keep: JsonObject): Pick<ProjectDefinition["warehouse"], "keep"> {
  const { versions, days } = keep;
  if (typeof versions !== "number" && typeof days !== "number") return {};
  return {
    keep: {
      ...(typeof versions === "number" ? { versions } : {}),
      ...(typeof days === "number" ? { days } : {}),
    },
  };
}

/** Bytes of `"20GB"`; a number counts MB. */
function amountBytes(value: JsonObject[string] | undefined): number | null {
  const megabytes = typeof value === "number"
    ? value
    : typeof value === "string"
    ? memoryMb(value)
    : null;
  return megabytes === null ? null : megabytes * 1024 * 1024;
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
  const kind = (["command", "webhook", "mail", "ping"] as const)
    .find((each) => Object.hasOwn(sink, each)) ?? "command";
  const { on, draw, [kind]: value, ...rest } = sink;
  const events = textsOf(on).flatMap((each) =>
    (["failure", "late", "recovery", "reminder"] as const).filter((known) => known === each)
  );
  return {
    kind,
    options: kind === "command"
      ? { command: value ?? "" }
      : kind === "webhook" || kind === "ping"
      ? { url: value ?? "", ...rest }
      : objectOf(value),
    on: events.length === 0 ? ["failure", "late", "recovery", "reminder"] : events,
    draw: (["run", "trends", "charts"] as const).filter((each) => textsOf(draw).includes(each)),
  };
}

/** Values that the configuration gives to variables which nothing sets. */
export function variablesOf(options: JsonObject): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(objectOf(options["env"])).flatMap(([name, said]) => {
      const value = isObject(said) ? said["default"] : undefined;
      return value === undefined || value === null ? [] : [[name, String(value)]];
    }),
  );
}

/** What each type of variable looks like; any text where it is not listed. */
const LOOKS: Readonly<Record<string, readonly [pattern: RegExp, what: string]>> = {
  integer: [/^[+-]?\d+$/, "a whole number"],
  number: [/^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i, "a number"],
  boolean: [/^(true|false|1|0|yes|no|on|off)$/i, "true or false"],
  url: [/^[a-z][a-z0-9+.-]*:\/\/\S+$/i, "an address such as https://example.org"],
};

/** Declared variables that are not set and have no default, and those with a value that cannot be meant. */
export function missingVariables(
  options: JsonObject,
  env: Environment,
  text: () => string | null = () => null,
): readonly Problem[] {
  return Object.entries(objectOf(options["env"])).flatMap(([name, said]): readonly Problem[] => {
    const value = env[name];
    if (value !== undefined && isObject(said)) {
      const wrong = wrongValue(value, said);
      if (wrong === null) return [];
      const shown = said["secret"] === true ? "" : ` ${JSON.stringify(value)}`;
      return [problem("environment-missing", {
        message: `Cannot use${shown === "" ? " the value" : shown} of ${name}`,
        where: placeOfName(text() ?? "", name),
        why: `nycflow.config.ts declares it as ${wrong}`,
        hint: `correct ${name}=… in .env, or where it is exported`,
        fields: { name },
      })];
    }
    if (value !== undefined) return [];
    if (Object.hasOwn(variablesOf({ env: { [name]: said } }), name)) return [];
    const what = typeof said === "string" ? said : textOf(objectOf(said)["description"], "");
    return [problem("environment-missing", {
      message: `Cannot start without ${name}`,
      where: placeOfName(text() ?? "", name),
      why: `it is declared in nycflow.config.ts${what === "" ? "" : ` (${what})`} and is not set`,
      hint: `add ${name}=… to .env, or export it`,
      fields: { name },
    })];
  });
}

/** What a declared variable was to be; null where it is that. */
function wrongValue(value: string, said: JsonObject): string | null {
  const allowed = textsOf(said["values"]);
  if (allowed.length > 0 && !allowed.includes(value)) return `one of ${allowed.join(", ")}`;
  const [pattern, what] = LOOKS[textOf(said["type"], "")] ?? [];
  return pattern === undefined || pattern.test(value.trim()) ? null : what ?? null;
}

/** Where the configuration says the name; only the file where it is put together. */
function placeOfName(text: string, name: string): Where {
  const [file] = CONFIG_FILES;
  const at = new RegExp(`(?<![\\w$])${name.replace(/[^\w]/g, "\\$&")}(?![\\w$])`).exec(text)?.index;
  return at === undefined ? { file } : placeAt(file, text, at, name.length);
}
