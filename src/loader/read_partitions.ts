/** From `partitions:` in its one spelling to a scheme, and from `mapping:` to a mapping. */
import { parseAvailable } from "../core/duration.ts";
import type { Json, JsonObject } from "../core/json.ts";
import type {
  PartitionMapping,
  PartitionScheme,
  StaticScheme,
  TimeScheme,
} from "../core/partition/scheme.ts";
import { numberOf, objectOf, textOf, textsOf } from "./canonical.ts";
import { TIME_UNITS, WEEKDAYS } from "./schema_partitions.ts";
import { isObject } from "./shape.ts";

const MONDAY = 1;

export function readScheme(value: Json): PartitionScheme | null {
  const choice = objectOf(value);
  if (choice["dynamic"] !== undefined) return { type: "dynamic" };
  const multi = choice["multi"];
  if (isObject(multi)) {
    return {
      type: "multi",
      dimensions: Object.entries(multi).flatMap(([name, each]) => {
        const scheme = readSimple(objectOf(each));
        return scheme === null ? [] : [{ name, scheme }];
      }),
    };
  }
  return readSimple(choice);
}

function readSimple(choice: JsonObject): TimeScheme | StaticScheme | null {
  if (choice["static"] !== undefined) {
    return { type: "static", keys: textsOf(choice["static"]) };
  }
  for (const [word, unit] of Object.entries(TIME_UNITS)) {
    const said = choice[word];
    if (said === undefined) continue;
    const options = objectOf(said);
    const weekday = WEEKDAYS.findIndex((each) => each === options["weekStart"]);
    return {
      type: "time",
      unit,
      // `monthly: "2023-01"` is short for its start.
      start: typeof said === "string" ? said : textOf(options["start"], null),
      end: textOf(options["end"], null),
      timezone: textOf(options["timezone"], null),
      weekStart: weekday === -1 ? MONDAY : weekday,
      includeCurrent: options["includeCurrent"] === true,
      availableMs: availableOf(options["available"]),
    };
  }
  return null;
}

function availableOf(value: Json | undefined): number {
  if (typeof value === "number") return value;
  const parsed = typeof value === "string" ? parseAvailable(value) : null;
  return parsed?.ok ? parsed.value : 0;
}

export interface ReadMapping {
  readonly mapping: PartitionMapping;
  readonly lookback: number | null;
  readonly lookahead: number | null;
}

/** `"latest"`, `{ offset: -1 }`, `{ keys: [a] }`, `{ dimension: month }`, with lookback and lookahead beside it. */
export function readMapping(value: Json | undefined): ReadMapping {
  const options = objectOf(value);
  const count = (key: string) => typeof options[key] === "number" ? options[key] : null;
  return {
    mapping: mappingOf(typeof value === "string" ? value : textOf(options["type"], null), options),
    lookback: count("lookback"),
    lookahead: count("lookahead"),
  };
}

function mappingOf(word: string | null, options: JsonObject): PartitionMapping {
  if (word === "all" || word === "same" || word === "latest") return { type: word };
  const by = options["offset"] ?? options["by"];
  if (by !== undefined) return { type: "offset", by: numberOf(by, 0) };
  if (options["keys"] !== undefined) return { type: "keys", keys: textsOf(options["keys"]) };
  const name = textOf(options["dimension"] ?? options["name"], null);
  return name === null ? { type: "default" } : { type: "dimension", name };
}
