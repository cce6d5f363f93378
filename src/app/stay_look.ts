/**
 * One look of an `up` that stays: asks sensors whose time has come, notes ticks, tells who is to be told, and says what
 * is to be started. Loads neither DuckDB nor user code; what runs, runs in a child.
 */
import { sensorId } from "../core/automation/source.ts";
import { nextDue } from "../core/automation/ticks.ts";
import type { Instant, StepKey } from "../core/key.ts";
import type { Problem } from "../core/problem/problem.ts";
import { automate, type Automated, noteTicks } from "./automate.ts";
import { chooseUp } from "./choose.ts";
import { heldElsewhere } from "./elsewhere.ts";
import { notifyChanges } from "./notify.ts";
import { nextQueued } from "./queue.ts";
import type { Session, View } from "./session.ts";

/** What the loop remembers between looks. */
export interface Memory {
  /** When each sensor and source was last asked. */
  readonly asked: Map<string, Instant>;
}

export interface StayLook {
  readonly automated: Automated;
  readonly warnings: readonly Problem[];
  /** Steps that could start, by asset; empty where there is nothing to do. */
  readonly steps: ReadonlyMap<StepKey, string>;
  /** A run was asked for ahead, and nobody works on it. */
  readonly queued: boolean;
  readonly next: Instant;
  /** Folders whose changes matter, relative to the project. */
  readonly folders: ReadonlyMap<string, { readonly recursive: boolean }>;
  readonly last: number;
}

export async function lookOnce(session: Session, memory: Memory): Promise<StayLook> {
  let view = await session.view();
  const before = view.state.last;
  const isDue = (id: string, everyMs: number) => {
    const last = memory.asked.get(id);
    if (last !== undefined && view.now < last + everyMs && view.now >= last) return false;
    memory.asked.set(id, view.now);
    return true;
  };
  const automated = await automate(session, view, {
    // Looking into a folder costs next to nothing.
    sensor: ({ name, watch, everyMs }) => watch !== null || isDue(sensorId(name), everyMs),
    source: (def) => isDue(`source:${def.key}`, def.observe?.everyMs ?? 60_000),
  });
  if (view.state.last !== before) view = await session.view();
  const { plan } = chooseUp(view, {
    select: [],
    exclude: [],
    partitions: [],
    from: null,
    to: null,
    force: false,
  });
  const idle = plan.steps.length === 0 || heldElsewhere(view, plan);
  // A tick that asks for nothing that could run is noted here, since no run will note it.
  if (idle) {
    await noteTicks(
      session,
      view,
      view.clock().ticks.filter((each) => each.outcome === "requested"),
    );
  }
  const queued = nextQueued(view, new Set()) !== null;
  const warnings = idle && !queued ? await notifyChanges(session, view) : [];
  return {
    automated,
    warnings,
    steps: new Map(idle ? [] : plan.steps.map((step) => [step.key, step.asset])),
    queued,
    next: nextLook(view, memory, plan.held.map(({ held }) => held.until)),
    folders: foldersOf(view),
    last: view.state.last,
  };
}

function nextLook(view: View, memory: Memory, untils: readonly (Instant | null)[]): Instant {
  const { project } = view.loaded;
  const sensors = project.sensors.filter((each) => each.watch === null).map(({ name, everyMs }) =>
    (memory.asked.get(sensorId(name)) ?? view.now) + everyMs
  );
  const tick = nextDue(view.state, view.clock().sources, view.now);
  const later = [...untils, tick, ...sensors].filter((each) => each !== null)
    .filter((each) => each > view.now);
  return Math.min(view.now + 60_000, ...later);
}

/** Definitions, the config beside them, and what sensors watch. */
function foldersOf(view: View): ReadonlyMap<string, { readonly recursive: boolean }> {
  const folders = new Map([
    ["assets", { recursive: true }],
    [".", { recursive: false }],
  ]);
  for (const { watch } of view.loaded.project.sensors) {
    if (watch === null) continue;
    const fixed = watch.split("/").slice(0, -1);
    const wild = fixed.findIndex((part) => /[*?[{]/.test(part));
    const base = (wild < 0 ? fixed : fixed.slice(0, wild)).join("/") || ".";
    folders.set(base, { recursive: wild >= 0 });
  }
  return folders;
}
