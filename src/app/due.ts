/** What the clock has made due in a project, over one state: for reasons, whoever asks for them. */
import { dueSteps } from "../core/automation/due.ts";
import { type Clocked, clockedOf } from "../core/automation/source.ts";
import { type Tick, ticksDue } from "../core/automation/ticks.ts";
import type { ProjectDefinition } from "../core/definition.ts";
import { select } from "../core/graph/selection.ts";
import { parseSelection } from "../core/graph/selection_parser.ts";
import type { State } from "../core/heads.ts";
import type { AssetKey, HolderId, Instant } from "../core/key.ts";
import type { FullLayout } from "../core/layout_make.ts";
import { type Problem, problem } from "../core/problem/problem.ts";
import type { Circumstances } from "../core/reasons.ts";
import { err, type Result } from "../core/result.ts";
import { assetStatus, stateWords } from "../core/status.ts";

export interface Clockwork {
  readonly sources: readonly Clocked[];
  /** What is not in the log yet. */
  readonly ticks: readonly Tick[];
  /** The name of the tick by step. */
  readonly due: ReadonlyMap<string, string>;
}

/** `plain` are the circumstances without anything due, for selections by state. */
export function clockworkOf(
  project: ProjectDefinition,
  layout: FullLayout,
  state: State,
  now: Instant,
  dead: ReadonlySet<HolderId>,
  plain: () => Circumstances,
): Clockwork {
  const { sources } = clockedOf(project);
  if (sources.length === 0) return { sources, ticks: [], due: new Map() };
  const ticks = ticksDue(state, sources, now, dead);
  const due = dueSteps(layout, state, sources, ticks, (text) => {
    const found = selected(text, layout, state, plain(), dead);
    // A selection that picks nothing is told by `schedules`, and where its tick is recorded.
    return found.ok ? found.value : [];
  });
  return { sources, ticks, due };
}

/** The assets that a schedule or sensor selects. */
export function selected(
  text: string,
  layout: FullLayout,
  state: State,
  plain: Circumstances,
  dead: ReadonlySet<HolderId>,
): Result<ReadonlySet<AssetKey>, Problem> {
  const parsed = parseSelection(text);
  if (!parsed.ok) return parsed;
  try {
    const found = select(parsed.value, layout.graph, {
      states: (key) => stateWords(assetStatus(layout, state, key, plain, dead)),
      changed: () => {
        throw new RangeError("a schedule knows no git revision");
      },
    });
    if (!found.ok || found.value.size > 0) return found;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  return err(problem("selection-empty", {
    message: `Cannot tell what ${JSON.stringify(text)} selects`,
    why: "no asset is selected by it now",
    hint: "nycflow ls shows the assets that there are",
  }));
}
