/** What `partitions:` may look like: `monthly`, `{ weekly: { weekStart: sunday } }`, static keys, two dimensions. */
import { readTime } from "../core/partition/civil.ts";
import type { Field, Fields, Shape } from "./shape.ts";
import { anyText, available, timezone } from "./words.ts";

export const WEEKDAYS = [
  "sunday",
  "monday",
  "tuesday",
  "wednesday",
  "thursday",
  "friday",
  "saturday",
] as const;

const localTime: Shape = {
  is: "text",
  what: "a year, month, day or hour such as 2023, 2023-01, 2023-01-01 or 2023-01-01T05",
  numbers: true,
  check: (text) =>
    readTime(text) !== null
      ? null
      : { why: "expected a year, month, day or hour such as 2023-01, 2023-01-01 or 2023-01-01T05" },
};

const timeFields: Fields = {
  start: { of: localTime, about: "The first window starts at or after it", example: "2023-01" },
  end: { of: localTime, about: "Where the windows end, itself left out", example: "2024-01" },
  timezone: {
    of: timezone,
    about: "The windows' time zone; the project's where nothing is said",
    example: "America/New_York",
  },
  includeCurrent: {
    of: { is: "flag" },
    about: "The window that has not ended yet exists too",
    example: "true",
    also: "include_current",
  },
  available: {
    of: available,
    about: "When a window's data can be expected",
    example: '"45d after end"',
  },
};

const weekFields: Fields = {
  ...timeFields,
  weekStart: {
    of: { is: "word", words: WEEKDAYS },
    about: "The day on which a week starts; monday where nothing is said",
    example: "sunday",
    also: "week_start",
  },
};

export const TIME_UNITS = {
  hourly: "hour",
  daily: "day",
  weekly: "week",
  monthly: "month",
  yearly: "year",
} as const;

function time(unit: string, fields: Fields): Field {
  return {
    // `monthly: "2023-01"` is short for its start.
    of: { is: "either", object: { is: "object", fields }, text: localTime, flag: { is: "flag" } },
    about: `One partition per ${unit}`,
    example: "{ start: 2023-01 }",
  };
}

const simpleKinds: Fields = {
  hourly: time("hour", timeFields),
  daily: time("day", timeFields),
  weekly: time("week", weekFields),
  monthly: time("month", timeFields),
  yearly: time("year", timeFields),
  static: {
    of: { is: "list", of: anyText, least: 1 },
    about: "These keys and no others",
    example: "[yellow, green]",
    also: "keys",
  },
};

export const partitions: Shape = choice({
  ...simpleKinds,
  dynamic: {
    of: { is: "anything" },
    about: "Keys that come while running: by a sensor, a request or --partition",
    example: "true",
  },
  multi: {
    of: { is: "map", of: choice(simpleKinds) },
    about: "Two dimensions, each partitioned in its own way",
    example: "{ month: monthly, service: { static: [yellow, green] } }",
    also: "dimensions",
  },
});

function choice(kinds: Fields): Shape {
  const of: Shape = { is: "choice", what: "partitions", kinds, options: {} };
  return { is: "either", text: of, object: of };
}
