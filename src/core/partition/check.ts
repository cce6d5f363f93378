/**
 * Whether a partition scheme, as declared, can be meant. Decides nothing about upstreams or other assets;
 * `mapping.ts` says whether two schemes fit together.
 */
import type { AssetDefinition } from "../definition.ts";
import { nearest } from "../graph/nearest.ts";
import { type Problem, problem } from "../problem/problem.ts";
import { readTime } from "./civil.ts";
import type { PartitionScheme, StaticScheme, TimeScheme } from "./scheme.ts";
import { openZone, zoneExists } from "./zone.ts";

/** Everything wrong with a scheme, at once. */
export function checkScheme(scheme: PartitionScheme): readonly Problem[] {
  switch (scheme.type) {
    case "time":
      return checkTime(scheme);
    case "static":
      return checkStatic(scheme);
    case "dynamic":
      return [];
    case "multi":
      return checkMulti(scheme.dimensions);
  }
}

/** What a time zone's name is wrong about; null where the zone exists. */
export function checkZone(name: string): Problem | null {
  if (zoneExists(name)) return null;
  const known = Intl.supportedValuesOf("timeZone");
  const city = (zone: string) => zone.slice(zone.lastIndexOf("/") + 1);
  const close = nearest(name, [...known, "UTC"]) ??
    known.find((zone) =>
      city(zone).toLowerCase() === city(name).toLowerCase().replaceAll(" ", "_")
    ) ?? null;
  return problem("timezone-unknown", {
    message: `There is no time zone ${JSON.stringify(name)}`,
    why: "a time zone is an IANA name such as America/New_York, or UTC",
    hint: close === null ? "write an IANA name, e.g. Europe/Berlin" : `write ${close}`,
    fields: { timezone: name, nearest: close },
  });
}

const wrong = (message: string, why: string, hint: string): Problem =>
  problem("partition-scheme", { message, why, hint });

function checkTime(scheme: TimeScheme): readonly Problem[] {
  const found: Problem[] = [];
  if (scheme.timezone !== null) {
    const zone = checkZone(scheme.timezone);
    if (zone !== null) found.push(zone);
  }
  const start = readBound("start", scheme.start, found);
  const end = readBound("end", scheme.end, found);
  if (start !== null && end !== null && end <= start) {
    found.push(wrong(
      `Cannot partition from ${scheme.start} to ${scheme.end}`,
      end === start
        ? "end is exclusive, so nothing lies between the two"
        : "the end lies before the start",
      end === start ? "set end to the first time after the last window" : "swap start and end",
    ));
  }
  if (scheme.unit === "hour" && start !== null && start < 0) {
    found.push(wrong(
      `Cannot begin hourly partitions with ${scheme.start}`,
      "the hours of a time zone are counted from 1970 on",
      "set start to 1970-01-01 or later, or partition by day",
    ));
  }
  if (!Number.isInteger(scheme.weekStart) || scheme.weekStart < 0 || scheme.weekStart > 6) {
    found.push(wrong(
      `Cannot begin a week on day ${scheme.weekStart}`,
      "weekStart is a day of the week: 0 is Sunday, 1 Monday, 6 Saturday",
      "write a day's name, e.g. weekStart: sunday",
    ));
  }
  if (!(scheme.availableMs >= 0) || !Number.isFinite(scheme.availableMs)) {
    found.push(wrong(
      "Cannot expect data before its window has ended",
      "available is a length of time after the end of the window",
      `write it as available: "45d after end"`,
    ));
  }
  return found;
}

function readBound(name: "start" | "end", text: string | null, found: Problem[]): number | null {
  if (text === null) return null;
  const written = readTime(text);
  if (written === null) {
    found.push(wrong(
      `Cannot read ${JSON.stringify(text)} as the ${name} of partitions`,
      "it is no date or time that exists",
      `write it like 2023, 2023-01, 2023-01-31 or 2023-01-31T05`,
    ));
    return null;
  }
  return written.local;
}

const CONTROL = /\p{Cc}/u;

function checkStatic(scheme: StaticScheme): readonly Problem[] {
  if (scheme.keys.length === 0) {
    return [wrong("Cannot partition by no keys", "the list is empty", "list at least one key")];
  }
  const found: Problem[] = [];
  const seen = new Set<string>(), told = new Set<string>();
  for (const key of scheme.keys) {
    const shown = JSON.stringify(key);
    if (seen.has(key) && !told.has(key)) {
      told.add(key);
      found.push(
        wrong(`The partition key ${shown} is listed twice`, "keys are unique", "drop one"),
      );
    }
    seen.add(key);
    if (key.trim() === "" || CONTROL.test(key)) {
      found.push(wrong(
        `Cannot use ${shown} as a partition key`,
        "a key holds at least one visible character and no control characters",
        "give it a name",
      ));
    }
  }
  return found;
}

function checkMulti(
  dimensions: readonly { readonly name: string; readonly scheme: TimeScheme | StaticScheme }[],
): readonly Problem[] {
  const found: Problem[] = [];
  if (dimensions.length !== 2) {
    found.push(wrong(
      `Cannot partition by ${dimensions.length} dimensions`,
      "there are two, e.g. a day and a region",
      dimensions.length < 2
        ? "use the one scheme without dimensions"
        : "make one asset for each key of the third",
    ));
  }
  const names = dimensions.map((each) => each.name);
  if (new Set(names).size < names.length) {
    found.push(wrong("Two dimensions have one name", "mappings name them", "rename one"));
  }
  if (dimensions.filter((each) => each.scheme.type === "time").length > 1) {
    found.push(wrong(
      "Cannot partition by two times",
      "a partition has one time window",
      "keep one as the partition and the other as a column",
    ));
  }
  for (const { name, scheme } of dimensions) {
    for (const each of checkScheme(scheme)) {
      found.push({ ...each, why: `in the dimension ${name}: ${each.why ?? ""}` });
    }
    if (scheme.type !== "static") continue;
    for (const key of scheme.keys.filter((each) => each.includes("|"))) {
      found.push(wrong(
        `Cannot use ${JSON.stringify(key)} as a key of the dimension ${name}`,
        "the keys of two dimensions are joined by |",
        `write it without |, e.g. ${JSON.stringify(key.replaceAll("|", "_"))}`,
      ));
    }
  }
  return found;
}

/**
 * A warning where an hourly SQL asset compares naive times in a zone whose clock goes back: it reads the
 * doubled autumn hour twice. `timezone` is the resolved one.
 */
export function warnHourly(def: AssetDefinition, timezone: string): Problem | null {
  const scheme = def.partitions;
  const hourly = scheme?.type === "time" ? scheme.unit === "hour" : scheme?.type === "multi" &&
    scheme.dimensions.some((each) => each.scheme.type === "time" && each.scheme.unit === "hour");
  if (!hourly || def.sql === null) return null;
  const naive = def.sql.parameters.filter((each) =>
    each === "partition_start" || each === "partition_end"
  );
  if (naive.length === 0) return null;
  const zone = openZone(timezone);
  if (zone.stretchAt(0).to === Infinity) return null;
  return problem("partition-scheme", {
    message: `${def.key} counts the doubled autumn hour twice`,
    where: { asset: def.key, file: def.origin.file, line: def.sql.line },
    why: `$${naive[0]} has no time zone, and in ${timezone} one hour a year comes twice`,
    hint: "compare TIMESTAMPTZ columns with $partition_start_tz and $partition_end_tz",
  });
}
