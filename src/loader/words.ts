/**
 * The small texts that many keys share: durations, time zones, cron lines, names, paths. Decides what each
 * may look like and what is said when it does not.
 */
import { parseAvailable, parseBack, parseDuration } from "../core/duration.ts";
import { parseAssetKey } from "../core/key.ts";
import { checkZone } from "../core/partition/check.ts";
import type { Result } from "../core/result.ts";
import type { Shape, Trouble } from "./shape.ts";

export const anyText: Shape = { is: "text", what: "a text", numbers: true };

const LENGTH = 'a length of time such as "30s", "10m", "1h30m" or "35d"';

export const duration: Shape = lengthOf(LENGTH, parseDuration);
export const available: Shape = lengthOf(
  'a length of time such as "45d after end"',
  parseAvailable,
);
export const back: Shape = lengthOf('a length of time such as "90d back"', parseBack);

function lengthOf(what: string, parse: (text: string) => Result<number, string>): Shape {
  return {
    is: "text",
    what,
    milliseconds: true,
    check: (text) => {
      const parsed = parse(text);
      if (parsed.ok) return null;
      const better = /: (write \d\S*)$/.exec(parsed.error)?.[1];
      return { why: parsed.error, ...(better === undefined ? {} : { hint: better }) };
    },
  };
}

export const timezone: Shape = {
  is: "text",
  what: 'an IANA time zone such as "America/New_York"',
  check: timezoneTrouble,
};

/** Null where the zone exists. */
export function timezoneTrouble(text: string): Trouble | null {
  const found = checkZone(text);
  if (found === null) return null;
  const { code, why, hint } = found;
  return { code, why: why ?? "", ...(hint === undefined ? {} : { hint }) };
}

export const assetName: Shape = {
  is: "text",
  what: "an asset's name",
  check: (text) => {
    const parsed = parseAssetKey(text);
    if (parsed.ok) return null;
    const { why, hint } = parsed.error;
    return { code: "bad-asset-name", why: why ?? "", ...(hint === undefined ? {} : { hint }) };
  },
};

/** A path that stays inside the project, since the project is what may be copied and deleted as one. */
export const projectPath: Shape = {
  is: "text",
  what: "a path inside the project, such as exports/trips.csv",
  check: projectPathTrouble,
};

export function projectPathTrouble(text: string): Trouble | null {
  const path = text.replaceAll("\\", "/");
  if (path.startsWith("/") || /^[A-Za-z]:/.test(path) || path.split("/").includes("..")) {
    return {
      why: "the path leads out of the project",
      hint: "write a path relative to the project's folder, such as exports/trips.csv",
    };
  }
  return null;
}

export const EXPORT_FORMATS = ["csv", "parquet", "json", "geojson", "svg"] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** An export's format is its ending. */
export function exportFormat(path: string): ExportFormat | null {
  const ending = path.slice(path.lastIndexOf(".") + 1).toLowerCase();
  return EXPORT_FORMATS.find((each) => each === ending) ?? null;
}

export const exportPath: Shape = {
  is: "text",
  what: "a path that ends in .csv, .parquet, .json, .geojson or .svg",
  check: (text) => {
    if (exportFormat(text) === null) {
      return {
        why: "the ending says the format: .csv, .parquet, .json, .geojson or .svg",
        hint: `write ${text.replace(/\.[^./]*$/, "")}.csv`,
      };
    }
    return projectPathTrouble(text);
  },
};
