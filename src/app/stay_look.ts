/**
 * One look of an `up` that stays: reads watched folders, notes ticks, and says what is to be started. Loads neither
 * DuckDB nor user code; what runs, runs in a child, and what may take its time (`stay_errands.ts`) is not waited for.
 */
import type { Look } from "../automation/supervisor.ts";
import { sensorId, sourceId } from "../core/automation/source.ts";
import { nextDue } from "../core/automation/ticks.ts";
import type { Instant } from "../core/key.ts";
import { automate, type Automated, noteTicks } from "./automate.ts";
import { chooseUp } from "./choose.ts";
import { heldElsewhere } from "./elsewhere.ts";
import { nextQueued } from "./queue.ts";
import type { Session, View } from "./session.ts";

/** A source that does not say how often it is looked at. */
const SOURCE_MS = 60_000;

/** What the loop remembers between looks. */
export interface Memory {
  /** When each sensor and source was last asked. */
  readonly asked: Map<string, Instant>;
}

export interface StayAsked {
  /** As typed; empty for everything. */
  readonly select: readonly string[];
  readonly exclude: readonly string[];
}

export interface StayLook extends Look {
  readonly automated: Automated;
  /** Sensors and sources that are to be asked now, by their ids; they are counted as asked. */
  readonly outside: ReadonlySet<string>;
  /** Somebody is to be told of things. */
  readonly tells: boolean;
}

export async function lookOnce(
  session: Session,
  memory: Memory,
  asked: StayAsked,
): Promise<StayLook> {
  let view = await session.view();
  const before = view.state.last;
  // Looking into a folder costs next to nothing.
  const automated = await automate(session, view, {
    sensor: ({ watch }) => watch !== null,
    source: () => false,
  });
  if (view.state.last !== before) view = await session.view();
  const { plan } = chooseUp(view, { ...asked, partitions: [], from: null, to: null, force: false });
  const idle = plan.steps.length === 0 || heldElsewhere(view, plan);
  // A tick that asks for nothing that could run is noted here, since no run will note it.
  if (idle) {
    await noteTicks(
      session,
      view,
      view.clock().ticks.filter((each) => each.outcome === "requested"),
    );
  }
  return {
    automated,
    outside: askedNow(view, memory),
    tells: view.loaded.project.notify.length > 0,
    steps: new Map(idle ? [] : plan.steps.map((step) => [step.key, step.asset])),
    // Who names assets wants these alone.
    queued: asked.select.length === 0 && nextQueued(view, new Set()) !== null,
    next: nextLook(view, memory, plan.held.map(({ held }) => held.until)),
    folders: foldersOf(view),
    last: view.state.last,
  };
}

/** All that is asked in intervals: sensors that are code, and sources. */
function outsideOf(view: View): readonly { readonly id: string; readonly everyMs: number }[] {
  const { sensors } = view.loaded.project;
  return [
    ...sensors.filter(({ watch }) => watch === null)
      .map(({ name, everyMs }) => ({ id: sensorId(name), everyMs })),
    ...view.layout.graph.keys.flatMap((key) => {
      const { observe } = view.layout.def(key);
      if (observe === undefined) return [];
      return [{ id: sourceId(key), everyMs: observe.everyMs ?? SOURCE_MS }];
    }),
  ];
}

function askedNow(view: View, { asked }: Memory): ReadonlySet<string> {
  const due = outsideOf(view).filter(({ id, everyMs }) => {
    const last = asked.get(id);
    // A clock that went back is no reason to wait for it to come again.
    return last === undefined || view.now >= last + everyMs || view.now < last;
  });
  for (const { id } of due) asked.set(id, view.now);
  return new Set(due.map(({ id }) => id));
}

function nextLook(view: View, { asked }: Memory, untils: readonly (Instant | null)[]): Instant {
  const outside = outsideOf(view).map(({ id, everyMs }) => (asked.get(id) ?? view.now) + everyMs);
  const tick = nextDue(view.state, view.clock().sources, view.now);
  const later = [...untils, tick, ...outside].filter((each) => each !== null)
    .filter((each) => each > view.now);
  return Math.min(view.now + 60_000, ...later);
}

/** Definitions, the config beside them, and what sensors watch. */
function foldersOf(view: View): Look["folders"] {
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
