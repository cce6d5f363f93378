/** `--set key=value` and `--config FILE`: a step's own settings. Values are JSON where they parse as such, else text. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Json, JsonObject } from "../core/json.ts";
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
