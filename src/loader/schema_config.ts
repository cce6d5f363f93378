/** What `nycflow.config.ts` may say; the same kind of table as for headers, for validation, schema and reference. */
import { DASH_ACTIONS } from "../core/dash_action.ts";
import { keyTrouble } from "../core/dash_key.ts";
import { memoryMb } from "./config.ts";
import type { Fields, Shape } from "./shape.ts";
import { anyText, duration, projectPath, timezone } from "./words.ts";

const positive: Shape = { is: "number", whole: true, min: 1 };

const key: Shape = { is: "text", what: 'a key such as "r" or "ctrl+r"', check: keyTrouble };

const memory: Shape = {
  is: "text",
  what: 'an amount of memory such as "4GB" or "512MB"',
  check: (text) =>
    memoryMb(text) === null
      ? { why: 'expected an amount of memory such as "4GB" or "512MB"' }
      : null,
};

const on = {
  of: {
    is: "list",
    of: { is: "word", words: ["failure", "late", "recovery", "reminder"] },
    orOne: true,
  },
  about: "Of what it is told; all where nothing is said",
  example: '["failure", "recovery"]',
} as const;

export const SINK_KINDS: Fields = {
  command: {
    of: { is: "either", text: anyText, list: { is: "list", of: anyText, least: 1 } },
    about: "A command that gets the message on its standard input",
    example: '"mail -s nycflow ops@example.org"',
  },
  webhook: {
    of: anyText,
    about: "An address that the message is sent to",
    example: '"${SLACK_URL}"',
  },
  mail: {
    of: { is: "map", of: { is: "anything" } },
    about: "Mail: to, from, server, user, password",
    example: '{ to: "ops@example.org", server: "smtp://localhost" }',
  },
  ping: {
    of: anyText,
    about: "An address that is asked after every look, so that silence is noticed there",
    example: '"https://hc-ping.com/${PING_ID}"',
  },
};

const sink: Shape = {
  is: "choice",
  what: "notification",
  kinds: SINK_KINDS,
  options: {
    on,
    draw: {
      of: { is: "list", of: { is: "word", words: ["run", "trends", "charts"] }, orOne: true },
      about:
        "What stands drawn below the text: the run along time, the asset's trends, its charts as last published",
      example: '["run", "charts"]',
    },
    shape: {
      of: { is: "word", words: ["json", "slack", "discord", "teams", "text"] },
      about: "The form of what a webhook is sent",
      example: '"slack"',
    },
    headers: {
      of: { is: "map", of: anyText },
      about: "Headers of a webhook",
      example: '{ authorization: "Bearer ${TOKEN}" }',
    },
  },
};

const retry: Shape = {
  is: "either",
  number: positive,
  object: {
    is: "object",
    fields: {
      attempts: { of: positive, about: "All tries, the first included", example: "3" },
      delay: { of: duration, about: "Before the second try", example: '"2s"' },
      backoff: {
        of: { is: "word", words: ["none", "linear", "exponential"] },
        about: "How the delay grows",
        example: '"exponential"',
      },
      maxDelay: { of: duration, about: "The longest delay", example: '"5m"' },
      jitter: { of: { is: "flag" }, about: "Vary the delay at random", example: "true" },
      retryOn: {
        of: { is: "list", of: anyText, orOne: true },
        about: "The errors that are tried again",
        example: '["download-failed"]',
      },
    },
  },
};

export const CONFIG: Fields = {
  name: {
    of: anyText,
    about: "The project's name; the folder's where nothing is said",
    example: '"taxi"',
  },
  timezone: {
    of: timezone,
    about: "The time zone of partitions, schedules and shown times; UTC where nothing is said",
    example: '"America/New_York"',
  },
  concurrency: { of: positive, about: "Steps side by side at the most", example: "4" },
  pools: {
    of: { is: "map", of: positive },
    about: "Slots of each pool",
    example: "{ downloads: 2 }",
  },
  notify: {
    of: { is: "list", of: sink, orOne: true },
    about: "Who is told of failures",
    example: '[{ command: "notify-send nycflow" }]',
  },
  warehouse: {
    of: {
      is: "object",
      fields: {
        mirror: {
          of: { is: "either", text: projectPath, flag: { is: "flag" } },
          about: "A DuckDB file that is kept up to date for other programs",
          example: '"warehouse.duckdb"',
        },
        memory: {
          of: { is: "either", text: memory, number: positive },
          about: "Memory for queries, shared out among the steps that run; a number counts MB",
          example: '"4GB"',
        },
        threads: { of: positive, about: "Threads for queries", example: "4" },
        keep: {
          of: {
            is: "object",
            fields: {
              versions: {
                of: { is: "number", whole: true, min: 0 },
                about: "Older versions of each partition that stay",
                example: "5",
              },
              days: {
                of: { is: "number", min: 0 },
                about: "What was replaced within so many days stays too",
                example: "30",
              },
            },
          },
          about: "What cleaning leaves of older versions; two, and those of seven days",
          example: "{ versions: 5, days: 30 }",
        },
        budget: {
          of: { is: "either", text: memory, number: positive },
          about: "Disk for all versions; above it older ones go first; a number counts MB",
          example: '"20GB"',
        },
        scratch: {
          of: anyText,
          about: "A folder for what does not fit into memory",
          example: '"/var/tmp"',
        },
      },
    },
    about: "Where and with what queries run",
    example: '{ mirror: "warehouse.duckdb", memory: "4GB" }',
  },
  settings: {
    of: { is: "map", of: { is: "anything" } },
    about: "Settings that every asset reads as $config.name",
    example: '{ borough: "Manhattan" }',
  },
  env: {
    of: {
      is: "map",
      of: {
        is: "either",
        text: anyText,
        object: {
          is: "object",
          fields: {
            description: { of: anyText, about: "What it is for", example: '"The shop\'s address"' },
            type: {
              of: { is: "word", words: ["text", "integer", "number", "boolean", "url"] },
              about: "What its value must look like; any text where nothing is said",
              example: '"integer"',
            },
            values: {
              of: { is: "list", of: anyText, least: 1 },
              about: "The values that it may have",
              example: '["demo", "live"]',
            },
            secret: { of: { is: "flag" }, about: "Its value is never shown", example: "true" },
            default: { of: anyText, about: "Its value where it is not set", example: '"demo"' },
          },
        },
      },
    },
    about: "Variables that have to be set before anything starts",
    example: "{ SHOP_TOKEN: { secret: true } }",
  },
  secrets: {
    of: { is: "list", of: anyText, orOne: true },
    about: "Variables whose values are never shown",
    example: '["SHOP_TOKEN"]',
  },
  dashboard: {
    of: {
      is: "object",
      fields: {
        keys: {
          of: {
            is: "object",
            fields: Object.fromEntries(
              DASH_ACTIONS.map((action) => [action, {
                of: { is: "list", of: key, orOne: true },
                about: `Keys for ${action}`,
                example: '["ctrl+r"]',
              }]),
            ),
          },
          about: "Keys by action, in place of its own; ? in the dashboard says what each does",
          example: '{ run: "r", retry: ["t", "ctrl+t"] }',
        },
        clock: { of: { is: "flag" }, about: "Show the time of day", example: "false" },
        mouse: { of: { is: "flag" }, about: "Take the mouse", example: "false" },
      },
    },
    about: "How the dashboard is to be",
    example: "{ clock: false }",
  },
  defaults: {
    of: {
      is: "object",
      fields: {
        timeout: { of: duration, about: "How long a try may take", example: '"30m"' },
        retry: { of: retry, about: "What happens when a try fails", example: "{ attempts: 3 }" },
      },
    },
    about: "What holds for assets that do not say otherwise",
    example: '{ timeout: "30m" }',
  },
};

export const CONFIG_SHAPE: Shape = { is: "object", fields: CONFIG };
