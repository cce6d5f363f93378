/**
 * A new project out of a template. Never overwrites: what is there already is named, and nothing is written then.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { nearest } from "../core/graph/nearest.ts";
import { problem, ProblemError } from "../core/problem/problem.ts";
import { templateFiles, TEMPLATES } from "../host/templates.ts";
import type { AppHost } from "./host.ts";

export interface Initialised {
  /** As one types it from where one stands. */
  readonly dir: string;
  readonly files: readonly string[];
}

const IGNORED = [
  ".nycflow/",
  "charts/",
  "exports/",
  "*.duckdb",
  "*.duckdb.wal",
  ".env",
  "node_modules/",
];

/** `dir` defaults to the template's name. */
export async function initProject(
  host: AppHost,
  template: string,
  dir: string | null,
): Promise<Initialised> {
  const known = [...Object.keys(TEMPLATES), "empty"];
  const found = template === "empty" ? EMPTY : await templateFiles(template);
  if (found === null) {
    const near = nearest(template, known);
    throw new ProblemError(problem("usage", {
      message: `Cannot find a template named ${template}`,
      why: `there are: ${known.join(", ")}`,
      hint: near === null ? "nycflow init taxi" : `did you mean: nycflow init ${near}`,
    }));
  }
  const root = resolve(host.cwd, dir ?? template);
  const shown = relative(host.cwd, root) || ".";
  const files = [...found, { path: ".gitignore", text: `${IGNORED.join("\n")}\n` }];
  const ignore = join(root, ".gitignore");
  const writing = files.filter(({ path }) => path !== ".gitignore" || !existsSync(ignore));
  const there = writing.filter(({ path }) => existsSync(join(root, path))).map(({ path }) => path);
  if (there.length > 0) {
    throw new ProblemError(problem("exists-already", {
      message: `Cannot make a project in ${shown}: it would overwrite files`,
      why: `there already: ${there.slice(0, 4).join(", ")}${there.length > 4 ? " …" : ""}`,
      hint: `name another folder: nycflow init ${template} NAME`,
    }));
  }
  for (const { path, text } of writing) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text, { flag: "wx" });
  }
  if (existsSync(ignore) && !writing.some(({ path }) => path === ".gitignore")) addIgnored(ignore);
  return { dir: shown, files: writing.map(({ path }) => path) };
}

/** Adds what is missing at the end of a `.gitignore` that is there already. */
function addIgnored(file: string): void {
  const text = readFileSync(file, "utf8");
  const lines = new Set(text.split("\n").map((line) => line.trim()));
  const missing = IGNORED.filter((line) => !lines.has(line));
  if (missing.length === 0) return;
  const gap = text === "" || text.endsWith("\n") ? "" : "\n";
  writeFileSync(file, `${gap}${missing.join("\n")}\n`, { flag: "a" });
}

const EMPTY = [{
  path: "assets/hello.sql",
  text: [
    "/* @asset",
    "description: The first asset; edit it, add others beside it, and run nycflow up",
    "checks:",
    "  - not_null: [day]",
    "  - rows: { min: 1 }",
    "chart: { type: line, x: day, y: visits }",
    "*/",
    "select day::date as day, (100 + 40 * sin(row_number() over (order by day)))::int as visits",
    "from generate_series(timestamp '2024-01-01', timestamp '2024-03-31', interval 1 day) as days(day)",
    "order by day",
    "",
  ].join("\n"),
}] as const;
