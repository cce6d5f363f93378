/** `--set key=value` and `--config FILE`: a step's own settings. Values are JSON where they parse as such, else text. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Json, JsonObject } from "../core/json.ts";
import type { AssetDefinition } from "../core/definition.ts";
import { nearest } from "../core/graph/nearest.ts";
import { problem, ProblemError } from "../core/problem/problem.ts";

export function readSettings(
  cwd: string,
  pairs: readonly string[],
  file: string | null,
): JsonObject {
  const settings: Record<string, Json> = file === null ? {} : { ...fromFile(cwd, file) };
  for (const pair of pairs) {
    const equals = pair.indexOf("=");
    const key = pair.slice(0, equals).trim();
    if (equals <= 0 || key === "") {
      throw new ProblemError(problem("setting-invalid", {
        message: `Cannot use the setting ${JSON.stringify(pair)}`,
        why: "a setting is written key=value",
        hint: "e.g. --set borough=Queens",
      }));
    }
    settings[key] = valueOf(pair.slice(equals + 1));
  }
  return settings;
}

/** A setting that none of these assets takes would change nothing, in silence: most likely it is misspelt. */
export function proveSettings(
  settings: JsonObject,
  project: JsonObject,
  definitions: readonly AssetDefinition[],
): void {
  const names = Object.keys(settings);
  if (names.length === 0 || definitions.length === 0) return;
  const known = new Set<string>(Object.keys(project));
  for (const definition of definitions) {
    const taken = settingsOf(definition);
    if (taken === null) return;
    for (const name of taken) known.add(name);
  }
  const unknown = names.find((name) => !known.has(name));
  if (unknown === undefined) return;
  const near = nearest(unknown, known);
  const assets = definitions.map((each) => each.key);
  throw new ProblemError(problem("setting-invalid", {
    message: `Cannot use the setting ${unknown}`,
    why: assets.length === 1
      ? `${assets[0]} has no setting of that name`
      : `none of the ${assets.length} assets of this run has a setting of that name`,
    hint: near !== null
      ? `did you mean ${near}?`
      : known.size === 0
      ? `give it settings first: config: { ${unknown}: … } in its definition`
      : `settings are ${[...known].sort().slice(0, 8).join(", ")}`,
  }));
}

/** Names of the settings that it takes; null where only its code knows. */
function settingsOf({ config, sql, kind }: AssetDefinition): readonly string[] | null {
  const bound = (sql?.parameters ?? []).filter((each) => each.startsWith("config."))
    .map((each) => each.slice("config.".length).split(".")[0] ?? "");
  if (config === null) return kind === "typescript" || kind === "shell" ? null : bound;
  if (config.exact === true) return [...Object.keys(config.defaults), ...bound];
  const properties = config.schema?.["properties"];
  const open = (config.schema?.["additionalProperties"] ?? false) !== false;
  return typeof properties === "object" && properties !== null && !open
    ? Object.keys(properties)
    : null;
}

function valueOf(text: string): Json {
  if (!/^(-?\d|true$|false$|null$|[[{"])/.test(text)) return text;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

function fromFile(cwd: string, file: string): JsonObject {
  const tell = (why: string) =>
    new ProblemError(problem("setting-invalid", {
      message: `Cannot read settings from ${file}`,
      where: { file },
      why,
      hint: 'the file holds one JSON object, e.g. { "borough": "Queens" }',
    }));
  let read: unknown;
  try {
    read = JSON.parse(readFileSync(resolve(cwd, file), "utf8"));
  } catch (error) {
    throw tell(error instanceof Error ? error.message : String(error));
  }
  if (typeof read !== "object" || read === null || Array.isArray(read)) {
    throw tell("it holds no object");
  }
  return read as JsonObject;
}
