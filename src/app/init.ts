/** A new project out of a template. How files are written, and what is never overwritten, stands in `init_write.ts`. */
import { resolve } from "node:path";
import { nearest } from "../core/graph/nearest.ts";
import { problem, ProblemError } from "../core/problem/problem.ts";
import { templateFiles, TEMPLATES } from "../host/templates.ts";
import type { AppHost } from "./host.ts";
import { type Initialised, refuseOverwriting, shownDir, writeFiles } from "./init_write.ts";

/** A template's lesson, printed when the project has been made. */
const LESSON = "LESSON.md";

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
    const file = /\.(csv|tsv|parquet|jsonl?|ndjson)$/i.test(template);
    throw new ProblemError(problem("usage", {
      message: `Cannot find a template named ${template}`,
      why: `there are: ${known.join(", ")}`,
      hint: file
        ? `a project around a file of yours: nycflow init --from ${template}`
        : near === null
        ? "nycflow init taxi"
        : `did you mean: nycflow init ${near}`,
    }));
  }
  const root = resolve(host.cwd, dir ?? template);
  const paths = found.map(({ path }) => path);
  refuseOverwriting(host.cwd, root, paths, `nycflow init ${template} NAME`);
  writeFiles(root, found);
  return {
    dir: shownDir(host.cwd, root),
    files: [...paths, ".gitignore"],
    lesson: found.find(({ path }) => path === LESSON)?.text ?? null,
    notes: [],
  };
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
