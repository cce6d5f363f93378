// The pages of what may be written into a header, into `chart:` and into the configuration, from the loader's tables.

import {
  CHART_OPTIONS,
  CHART_TYPES,
  type ChartType,
  COMMON_OPTIONS,
} from "../../src/core/chart.ts";
import { CHECK_KINDS, CHECK_OPTIONS } from "../../src/loader/schema_checks.ts";
import { CONFIG } from "../../src/loader/schema_config.ts";
import { HEADER, MODULE_ONLY } from "../../src/loader/schema_header.ts";
import { partitions } from "../../src/loader/schema_partitions.ts";
import type { Field, Fields, Shape } from "../../src/loader/shape.ts";

/** Every key of a header. */
export function headerPage(): string {
  return [
    "# The header",
    "",
    "A SQL asset may begin with a comment that says more about it, in YAML:",
    "",
    "```sql",
    "/* @asset",
    "description: Trips per week",
    "checks: [not_null: [period]]",
    "*/",
    "select …",
    "```",
    "",
    "The same keys are the options of `asset({…})` in TypeScript, in its spelling. All are optional.",
    "",
    ...keys(HEADER, 2),
    "## In TypeScript only",
    "",
    ...keys(MODULE_ONLY, 3),
    "## Checks",
    "",
    "An entry of `checks:` is one of these, with options beside it: `{ unique: [id], severity: warn }`.",
    "",
    ...keys(CHECK_KINDS, 3),
    "### Options of every check",
    "",
    ...list(CHECK_OPTIONS),
    "",
    "## Partitions",
    "",
    "`partitions:` is one of these, as a word or with what is to be said of it.",
    "",
    ...keys(kindsOf(partitions), 3),
  ].join("\n");
}

/** Every type of chart. */
export function chartsPage(): string {
  const about = (name: string) => {
    const option = CHART_OPTIONS[name as keyof typeof CHART_OPTIONS];
    return `- \`${name}\`: ${lower(option.about)}; e.g. \`${name}: ${option.example}\``;
  };
  const types: [string, ChartType][] = Object.entries(CHART_TYPES);
  return [
    "# Charts",
    "",
    "`chart:` in a header, or `chart({…}, rows)` in TypeScript. A list makes several.",
    "",
    "## What every chart takes",
    "",
    ...COMMON_OPTIONS.map(about),
    "",
    ...types.flatMap(([name, type]) => [
      `## ${name}`,
      "",
      `${type.about}${type.also === undefined ? "" : ` (also called \`${type.also}\`)`}.`,
      "",
      "```yaml",
      `chart: ${type.example}`,
      "```",
      "",
      ...type.options.map((option) =>
        type.required.includes(option) ? `${about(option)} (required)` : about(option)
      ),
      ...(type.options.length > 0 ? [""] : []),
    ]),
  ].join("\n");
}

/** Every key of `nycflow.config.ts`. */
export function configPage(): string {
  return [
    "# nycflow.config.ts",
    "",
    "What holds for the project as a whole. All of it is optional; so is the file.",
    "",
    "```ts",
    'import { defineConfig } from "nycflow";',
    "",
    'export default defineConfig({ timezone: "America/New_York" });',
    "```",
    "",
    ...keys(CONFIG, 2),
  ].join("\n");
}

function keys(fields: Fields, level: number): string[] {
  return Object.entries(fields).flatMap(([name, field]) => [
    `${"#".repeat(level)} ${name}`,
    "",
    `${field.about}.${field.only === undefined ? "" : ` (${field.only} only)`}`,
    "",
    "```yaml",
    ...`${name}: ${field.example}`.split("\n"),
    "```",
    "",
    `Takes ${takes(field.of)}.${
      field.also === undefined ? "" : ` Also spelled \`${field.also}\`.`
    }`,
    "",
    ...inner(field.of),
  ]);
}

/** What is said within it, where it takes keys with values. */
function inner(shape: Shape): string[] {
  const fields = fieldsOf(shape);
  return fields === null ? [] : [...list(fields), ""];
}

function list(fields: Fields): string[] {
  return Object.entries(fields).map(([name, field]) => line(name, field));
}

function line(name: string, field: Field): string {
  const required = field.required ? " (required)" : "";
  return `- \`${name}\`${required}: ${lower(field.about)}; ${
    takes(field.of)
  }; e.g. \`${field.example}\``;
}

function fieldsOf(shape: Shape): Fields | null {
  switch (shape.is) {
    case "object":
      return shape.fields;
    case "list":
    case "map":
      return fieldsOf(shape.of);
    case "either":
      return [shape.object, shape.list].reduce<Fields | null>(
        (found, each) => found ?? (each === undefined ? null : fieldsOf(each)),
        null,
      );
    default:
      return null;
  }
}

function kindsOf(shape: Shape): Fields {
  const found = shape.is === "either" ? shape.object : shape;
  if (found?.is !== "choice") throw new Error("partitions are no choice any more");
  return found.kinds;
}

function takes(shape: Shape): string {
  switch (shape.is) {
    case "anything":
      return "any value";
    case "text":
      return shape.what;
    case "word":
      return shape.words.map((each) => `\`${each}\``).join(", ");
    case "flag":
      return "`true` or `false`";
    case "number":
      return `a ${shape.whole ? "whole " : ""}number${
        shape.min === undefined ? "" : `, ${shape.min} or more`
      }`;
    case "list":
      return shape.orOne ? `a list, or one: ${takes(shape.of)}` : `a list: ${takes(shape.of)}`;
    case "map":
      return `names, and for each ${takes(shape.of)}`;
    case "object":
      return "keys with values";
    case "either":
      return [shape.text, shape.number, shape.flag, shape.list, shape.object]
        .filter((each) => each !== undefined).map(takes)
        .filter((each, at, all) => all.indexOf(each) === at).join(", or ");
    case "choice": {
      const named = (fields: object) => Object.keys(fields).map((each) => `\`${each}\``).join(", ");
      const besides = named(shape.options ?? {});
      return `one of ${named(shape.kinds)}${besides === "" ? "" : `; besides ${besides}`}`;
    }
  }
}

function lower(text: string): string {
  // A name such as DuckDB keeps its capital letter.
  return /^[A-Z][a-z]*[A-Z]/.test(text) ? text : `${text.charAt(0).toLowerCase()}${text.slice(1)}`;
}
