/**
 * What schedules and sensors select must be there: a misspelled name would otherwise be a schedule that never does
 * anything, and says so to nobody.
 */
import type { AssetDefinition, ScheduleDefinition, SensorDefinition } from "../core/definition.ts";
import { buildGraph } from "../core/graph/graph.ts";
import { select } from "../core/graph/selection.ts";
import { parseSelection } from "../core/graph/selection_parser.ts";
import { type Problem, problem } from "../core/problem/problem.ts";

type Selecting = Pick<ScheduleDefinition | SensorDefinition, "name" | "select" | "origin">;

/** Selections that cannot be read, or name what is not there. A state that nothing has now is no mistake. */
export function selectProblems(
  assets: readonly AssetDefinition[],
  selecting: readonly Selecting[],
  source: (file: string, line: number) => string,
): readonly Problem[] {
  const asked = selecting.filter((each) => each.select !== "");
  if (asked.length === 0) return [];
  const graph = buildGraph(assets);
  if (!graph.ok) return [];
  return asked.flatMap(({ name, select: text, origin }): readonly Problem[] => {
    const where = {
      asset: name,
      file: origin.file,
      line: origin.line,
      source: source(origin.file, origin.line),
    };
    const parsed = parseSelection(text);
    const found = parsed.ok
      ? select(parsed.value, graph.value, { states: () => NOTHING, changed: () => NOBODY })
      : parsed;
    if (found.ok) return [];
    const { message, why, hint } = found.error;
    return [problem("definition-invalid", {
      message: `Cannot tell what ${name} selects by ${JSON.stringify(text)}`,
      where,
      why: why ?? message,
      ...(hint === undefined ? {} : { hint }),
    })];
  });
}

const NOTHING: ReadonlySet<string> = new Set();
const NOBODY: ReadonlySet<AssetDefinition["key"]> = new Set();
