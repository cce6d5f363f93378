/** What a check may look like: `not_null: [a]`, `rows: { min: 1 }`, with options beside the kind. */
import type { Fields, Shape } from "./shape.ts";
import { anyText, assetName, duration } from "./words.ts";

const columnList: Shape = { is: "list", of: anyText, orOne: true, least: 1 };
const bound: Shape = {
  is: "either",
  number: { is: "number" },
  text: { is: "text", what: "a number or a date" },
};
const columnIn = {
  column: { of: anyText, about: "The column", example: "total_amount" },
  columns: { of: columnList, about: "The columns", example: "[pickup_datetime]" },
} satisfies Fields;

/** Failing rows from which it warns or is an error. */
const threshold: Shape = {
  is: "either",
  number: { is: "number", whole: true, min: 1 },
  text: {
    is: "text",
    what: 'a number of rows or a share such as "5%"',
    check: (text) =>
      /^>?=?\s*\d+(\.\d+)?\s*%?$/.test(text)
        ? null
        : { why: 'expected a number of rows or a share such as "5%"' },
  },
};

export const CHECK_OPTIONS: Fields = {
  name: { of: anyText, about: "What the check is called", example: "no_strays" },
  severity: {
    of: { is: "word", words: ["warn", "error"] },
    about: "How bad a failure is; error where nothing is said",
    example: "warn",
  },
  blocking: {
    of: { is: "flag" },
    about:
      "A failure keeps the candidate from being published; true for error where nothing is said",
    example: "false",
  },
  scope: {
    of: { is: "word", words: ["partition", "asset"] },
    about: "Of a partitioned asset: the candidate alone, or the other published partitions too",
    example: "partition",
  },
  warn: { of: threshold, about: "Failing rows from which it warns", example: "10" },
  error: { of: threshold, about: "Failing rows from which it is an error", example: '"1%"' },
};

export const CHECK_KINDS: Fields = {
  not_null: {
    of: columnList,
    about: "Columns that hold no null",
    example: "[period]",
    also: "notNull",
  },
  unique: {
    of: columnList,
    about: "Columns that together are different in every row",
    example: "[zone_id]",
  },
  accepted_values: {
    of: {
      is: "object",
      fields: {
        ...columnIn,
        values: {
          of: { is: "list", of: { is: "anything" }, least: 1 },
          about: "The values that may occur",
          example: "[1, 2, 6]",
          required: true,
        },
      },
    },
    about: "A column that holds none but these values",
    example: "{ column: vendor_id, values: [1, 2, 6] }",
    also: "acceptedValues",
  },
  relationships: {
    of: {
      is: "object",
      fields: {
        ...columnIn,
        to: {
          of: assetName,
          about: "The asset that holds them",
          example: "taxi_zones",
          required: true,
        },
        field: {
          of: anyText,
          about: "Its column; the same name where nothing is said",
          example: "zone_id",
        },
      },
    },
    about: "Values that all occur in another asset's column",
    example: "{ column: pickup_zone_id, to: taxi_zones, field: zone_id }",
  },
  range: {
    of: {
      is: "object",
      fields: {
        ...columnIn,
        min: { of: bound, about: "The least value", example: "0" },
        max: { of: bound, about: "The greatest value", example: "1000" },
      },
    },
    about: "Values between min and max, both included",
    example: "{ column: trip_distance, min: 0, max: 500 }",
  },
  rows: {
    of: {
      is: "object",
      fields: {
        min: { of: { is: "number", whole: true, min: 0 }, about: "The fewest rows", example: "1" },
        max: { of: { is: "number", whole: true, min: 0 }, about: "The most rows", example: "1000" },
      },
    },
    about: "How many rows there are",
    example: "{ min: 1 }",
  },
  recent: {
    of: {
      is: "object",
      fields: {
        ...columnIn,
        within: { of: duration, about: "How old it may be", example: "2d", required: true },
      },
    },
    about: "A column whose newest value is not older than this",
    example: "{ column: pickup_datetime, within: 2d }",
  },
  holds: {
    of: { is: "list", of: anyText, orOne: true, least: 1 },
    about: "A condition that is true for every row",
    example: "num_trips >= 0",
  },
  query: {
    of: anyText,
    about: "A query that returns no rows",
    example: "from trips where a > b",
  },
};

export const check: Shape = {
  is: "choice",
  what: "check",
  kinds: CHECK_KINDS,
  options: CHECK_OPTIONS,
};
