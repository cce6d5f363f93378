/** The options of everything that a module can define besides what `HEADER` says of assets. */
import { cron } from "./schema_cron.ts";
import { HEADER } from "./schema_header.ts";
import type { Fields, Shape } from "./shape.ts";
import { anyText, duration, projectPath, timezone } from "./words.ts";

const description = { of: anyText, about: "What it is, in a sentence", example: "Every morning" };

/** What a module says in functions and objects of its own has been taken out before it comes here. */
const { deps: _deps, config: _config, ...assetOptions } = HEADER;

const shell: Fields = {
  ...assetOptions,
  command: {
    of: { is: "either", text: anyText, list: { is: "list", of: anyText, least: 1 } },
    about: "A line for the shell, or a program and its arguments",
    example: '"python forecast.py {output}"',
    required: true,
  },
  outputs: {
    of: { is: "either", text: projectPath, object: { is: "map", of: { is: "anything" } } },
    about: "The file that it writes, or several assets by name",
    example: '"forecast.csv"',
  },
  cwd: { of: projectPath, about: "Where the command runs", example: '"scripts"' },
  env: {
    of: { is: "map", of: anyText },
    about: "Variables for the command",
    example: '{ MODE: "fast" }',
  },
};

const source: Fields = {
  ...assetOptions,
  path: { of: anyText, about: "A file, a glob or an address to look at", example: '"inbox/a.csv"' },
  every: { of: duration, about: "How often it is looked at", example: '"5m"' },
};

export const SCHEDULE: Fields = {
  description,
  cron: { of: cron, about: "When", example: '"0 6 * * *"', required: true },
  timezone: { of: timezone, about: "In which time zone", example: '"America/New_York"' },
  select: { of: anyText, about: "What it makes due", example: '"+trips_by_week"', required: true },
  catchUp: {
    of: { is: "word", words: ["latest", "all", "skip"] },
    about: "What becomes of ticks that were missed",
    example: '"all"',
  },
  catchUpLimit: {
    of: { is: "number", whole: true, min: 1 },
    about: "How many missed ticks are made up for",
    example: "10",
  },
  overlap: {
    of: { is: "word", words: ["skip", "queue"] },
    about: "A tick while the last one's run goes on",
    example: '"queue"',
  },
};

export const SENSOR: Fields = {
  description,
  every: { of: duration, about: "How often it is evaluated", example: '"30s"' },
  timeout: { of: duration, about: "How long an evaluation may take", example: '"1m"' },
  select: { of: anyText, about: "What its requests make", example: '"request_chart"' },
  watch: { of: projectPath, about: "The files it watches", example: '"requests/*.json"' },
};

export const CHECK: Fields = {
  description,
  severity: HEADER_CHECK("severity", ["warn", "error"]),
  blocking: {
    of: { is: "flag" },
    about: "A failure keeps the candidate from being published",
    example: "false",
  },
  scope: HEADER_CHECK("scope", ["partition", "asset"]),
  warn: { of: { is: "anything" }, about: "Failing rows from which it warns", example: "10" },
  error: {
    of: { is: "anything" },
    about: "Failing rows from which it is an error",
    example: '"1%"',
  },
};

function HEADER_CHECK(name: string, words: readonly string[]) {
  return {
    of: { is: "word", words },
    about: name === "severity" ? "How bad a failure is" : "What it sees of a partitioned asset",
    example: `"${words[0]}"`,
  } as const;
}

const object = (fields: Fields): Shape => ({ is: "object", fields });

export const ASSET_SHAPES = {
  asset: object(assetOptions),
  assets: object(assetOptions),
  shell: object(shell),
  source: object(source),
} as const;
export const SCHEDULE_SHAPE = object(SCHEDULE);
export const SENSOR_SHAPE = object(SENSOR);
export const CHECK_SHAPE = object(CHECK);
