/**
 * Every key that a definition may have, in a SQL header or in `asset({…})`: what it may hold, what it is for, how
 * it looks. The one table from which come the validation, the editors' JSON schema and the reference page.
 */
import type { Fields, Shape } from "./shape.ts";
import { chart } from "./schema_chart.ts";
import { check } from "./schema_checks.ts";
import { cron } from "./schema_cron.ts";
import { partitions } from "./schema_partitions.ts";
import { anyText, assetName, back, duration, exportPath, timezone } from "./words.ts";

const whole: Shape = { is: "number", whole: true, min: 0 };
const texts: Shape = { is: "list", of: anyText, orOne: true };

const mapping: Shape = {
  is: "either",
  text: { is: "word", words: ["default", "all", "same", "latest"] },
  object: {
    is: "object",
    fields: {
      offset: { of: { is: "number", whole: true }, about: "So many windows away", example: "-1" },
      keys: { of: texts, about: "These partitions", example: "[yellow]" },
      dimension: { of: anyText, about: "The dimension that is meant", example: "month" },
      type: {
        of: {
          is: "word",
          words: ["default", "all", "same", "latest", "offset", "keys", "dimension"],
        },
        about: "Which mapping",
        example: "same",
      },
      by: { of: { is: "number", whole: true }, about: "So many windows away", example: "-1" },
      name: { of: anyText, about: "The dimension that is meant", example: "month" },
      lookback: { of: whole, about: "Windows before that are read too", example: "1" },
      lookahead: { of: whole, about: "Windows after that are read too", example: "1" },
    },
  },
};

const dependency: Shape = {
  is: "either",
  text: assetName,
  object: {
    is: "object",
    fields: {
      asset: { of: assetName, about: "The upstream asset", example: "taxi_trips", required: true },
      mapping: { of: mapping, about: "Which of its partitions are read", example: "latest" },
      lookback: { of: whole, about: "Windows before that are read too", example: "1" },
      lookahead: { of: whole, about: "Windows after that are read too", example: "1" },
    },
  },
};

const column: Shape = {
  is: "either",
  text: { is: "text", what: "a type such as BIGINT" },
  object: {
    is: "object",
    fields: {
      type: {
        of: { is: "text", what: "a type such as BIGINT" },
        about: "DuckDB's type",
        example: "BIGINT",
      },
      description: { of: anyText, about: "What it holds", example: "Trips that began" },
      nullable: { of: { is: "flag" }, about: "May it hold null", example: "false" },
    },
  },
};

const columnInList: Shape = {
  is: "either",
  text: anyText,
  object: {
    is: "object",
    fields: {
      name: { of: anyText, about: "The column", example: "num_trips", required: true },
      ...(column.object?.is === "object" ? column.object.fields : {}),
    },
  },
};

const exportEntry: Shape = {
  is: "either",
  text: exportPath,
  object: {
    is: "object",
    fields: {
      path: {
        of: { is: "text", what: "a path inside the project" },
        about: "The file; {partition} in it makes one file a partition",
        example: "exports/trips.csv",
        required: true,
      },
      format: {
        of: { is: "word", words: ["csv", "parquet", "json", "geojson", "svg"] },
        about: "The format; the path's ending where nothing is said",
        example: "csv",
      },
    },
  },
};

const freshness: Shape = {
  is: "either",
  text: duration,
  object: {
    is: "object",
    fields: {
      within: { of: duration, about: "How old it may be", example: "35d" },
      warn: { of: duration, about: "The age from which it is soon late", example: "33d" },
      by: { of: cron, about: "The times by which it is to be made anew", example: '"0 9 * * *"' },
      timezone: { of: timezone, about: "The time zone of `by`", example: "America/New_York" },
      refresh: {
        of: back,
        about: "Older windows that are concerned too",
        example: '"90d back"',
      },
    },
  },
};

const schedule: Shape = {
  is: "either",
  text: cron,
  object: {
    is: "object",
    fields: {
      cron: { of: cron, about: "When", example: '"0 6 * * *"', required: true },
      timezone: { of: timezone, about: "In which time zone", example: "America/New_York" },
    },
  },
};

const retry: Shape = {
  is: "either",
  number: { is: "number", whole: true, min: 1 },
  object: {
    is: "object",
    fields: {
      attempts: {
        of: { is: "number", whole: true, min: 1 },
        about: "All tries, the first included",
        example: "3",
      },
      delay: { of: duration, about: "Before the second try", example: "2s" },
      backoff: {
        of: { is: "word", words: ["none", "linear", "exponential"] },
        about: "How the delay grows",
        example: "exponential",
      },
      maxDelay: { of: duration, about: "The longest delay", example: "5m", also: "max_delay" },
      jitter: { of: { is: "flag" }, about: "Vary the delay at random", example: "true" },
      retryOn: {
        of: texts,
        about: "The errors that are tried again; all where nothing is said",
        example: "[download-failed]",
        also: "retry_on",
      },
    },
  },
};

const pool: Shape = {
  is: "either",
  text: { is: "text", what: "a pool's name" },
  object: {
    is: "object",
    fields: {
      name: { of: anyText, about: "The pool", example: "downloads", required: true },
      slots: {
        of: { is: "number", whole: true, min: 1 },
        about: "How many of its slots a step takes",
        example: "2",
      },
    },
  },
};

const config: Shape = { is: "map", of: { is: "anything" } };

export const HEADER: Fields = {
  description: { of: anyText, about: "What it holds, in a sentence", example: "Trips per week" },
  group: {
    of: anyText,
    about: "Its group; the folder's path where nothing is said",
    example: "taxi",
  },
  owner: { of: anyText, about: "Who answers for it", example: "ana@example.org" },
  tags: {
    of: {
      is: "either",
      list: { is: "list", of: anyText },
      text: anyText,
      object: { is: "map", of: anyText },
    },
    about: "Words to select by, as name or name=value",
    example: "[daily, team=taxi]",
  },
  partitions: { of: partitions, about: "What divides it", example: "monthly" },
  lookback: {
    of: whole,
    about: "Windows of each upstream before the mapped ones that are read too",
    example: "1",
  },
  lookahead: {
    of: whole,
    about: "Windows of each upstream after the mapped ones that are read too",
    example: "1",
  },
  mapping: {
    of: { is: "either", text: mapping, object: { is: "map", of: mapping } },
    about: "Which partitions of an upstream are read, by its name",
    example: "{ taxi_trips: latest }",
  },
  deps: {
    of: { is: "list", of: dependency, orOne: true },
    about: "The assets it reads; of SQL they are read from the query",
    example: "[taxi_zones]",
    only: "typescript",
  },
  materialized: {
    of: { is: "word", words: ["table", "view", "incremental"] },
    about: "How it is kept; table where nothing is said",
    example: "view",
  },
  strategy: {
    of: { is: "word", words: ["window", "append", "merge"] },
    about: "How an incremental asset takes in new rows",
    example: "merge",
  },
  watermark: {
    of: anyText,
    about: "The column that says how far it has come",
    example: "updated_at",
  },
  uniqueKey: {
    of: { is: "list", of: anyText, orOne: true, least: 1 },
    about: "The columns by which merge finds the row to replace",
    example: "[id]",
    also: "unique_key",
  },
  columns: {
    of: { is: "either", list: { is: "list", of: columnInList }, object: { is: "map", of: column } },
    about: "The columns that it promises",
    example: "{ num_trips: BIGINT }",
  },
  checks: {
    of: { is: "list", of: check, orOne: true },
    about: "What must be true of it",
    example: "[not_null: [period]]",
  },
  metadata: {
    of: { is: "map", of: { is: "text", what: "an SQL aggregate" } },
    about: "What is told with each version: by name, an SQL aggregate over its rows",
    example: '{ strays: "count(*) filter (where fare < 0)" }',
  },
  chart: {
    of: { is: "list", of: chart, orOne: true },
    about: "How it is drawn",
    example: "{ type: line, x: period, y: num_trips }",
    also: "charts",
  },
  export: {
    of: { is: "list", of: exportEntry, orOne: true },
    about: "Files for people, written after publishing",
    example: "[exports/trips.csv]",
    also: "exports",
  },
  config: {
    of: config,
    about: "Its settings and their values where none are given",
    example: "{ borough: Manhattan }",
  },
  freshness: { of: freshness, about: "How old it may be", example: "{ within: 35d }" },
  schedule: { of: schedule, about: "When it is due", example: '"0 6 * * *"' },
  automation: {
    of: { is: "word", words: ["eager", "cron", "missing", "manual"] },
    about: "What makes it run by itself; eager where nothing is said",
    example: "manual",
  },
  when: {
    of: { is: "either", text: { is: "text", what: "a SQL condition" }, flag: { is: "flag" } },
    about: "A condition without which it is skipped",
    example: "(select count(*) from taxi_trips) > 0",
  },
  needs: {
    of: { is: "word", words: ["all", "any", "done"] },
    about: "Which upstreams must have ended well; all where nothing is said",
    example: "any",
  },
  retry: {
    of: retry,
    about: "What happens when a try fails",
    example: "{ attempts: 3, delay: 2s }",
  },
  timeout: { of: duration, about: "How long a try may take", example: "10m" },
  pool: { of: pool, about: "The pool whose slots it takes", example: "downloads" },
  priority: {
    of: { is: "number", whole: true },
    about: "What goes first in a pool: the greater",
    example: "10",
  },
};

/** Keys that only TypeScript definitions have, besides `HEADER`. */
export const MODULE_ONLY: Fields = {
  name: {
    of: assetName,
    about: "Its name; the export's where nothing is said",
    example: '"taxi_trips"',
  },
};
