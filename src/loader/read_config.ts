/** What the runner found in `nycflow.config.ts`, held against its table. */
import type { JsonObject } from "../core/json.ts";
import { type Problem, problem } from "../core/problem/problem.ts";
import type { DescribedModule } from "../ports/loader.ts";
import { canonical, objectOf } from "./canonical.ts";
import { parsePath } from "./module_asset.ts";
import { CONFIG_SHAPE } from "./schema_config.ts";
import { findings, pathText } from "./shape.ts";
import { modulePlaces, toProblem } from "./where.ts";

export interface ReadConfig {
  /** In the one spelling; {} where something is wrong. */
  readonly options: JsonObject;
  readonly problems: readonly Problem[];
}

/** What the runner described, validated. */
export function readConfig(described: DescribedModule, text: string): ReadConfig {
  const found = described.exports.find((each) => each.spec.kind === "config");
  if (found === undefined) {
    const problems = described.problems.length > 0 ? described.problems : [
      problem("config-invalid", {
        message: `Cannot find a configuration in ${described.file}`,
        where: { file: described.file, line: 1 },
        why: "it has no default export made by defineConfig()",
        hint: 'export default defineConfig({ timezone: "America/New_York" })',
      }),
    ];
    return { options: {}, problems };
  }
  const placed = modulePlaces(described.file, text, found);
  const own = found.spec.problems.map((each) =>
    problem("config-invalid", {
      message: each.message,
      where: placed(parsePath(each.path), "value"),
      ...(each.why === null ? {} : { why: each.why }),
      ...(each.hint === null ? {} : { hint: each.hint }),
      fields: { path: each.path },
    })
  );
  const options = found.spec.options;
  const wrong = findings(CONFIG_SHAPE, options, "nycflow.config.ts", "typescript")
    .filter((each) => !own.some((other) => other.fields?.["path"] === pathText(each.path)))
    .map((each) => toProblem(each, placed, "config-invalid"));
  const problems = [...described.problems, ...own, ...wrong];
  return {
    options: problems.length > 0 ? {} : objectOf(canonical(CONFIG_SHAPE, options)),
    problems,
  };
}
