/**
 * The evaluation of an `up` that does it once: all is asked side by side, and a sensor that takes its time holds up
 * nothing. What it asks for is done after all else, by the same `up`.
 */
import { sensorsOn } from "../automation/sensing.ts";
import { type Automated, lookOutside, noteSilent } from "./automate.ts";
import type { Session, View } from "./session.ts";

/** Sensors that have not answered yet; `view.state` is theirs until they have. */
export interface Late {
  readonly sensors: readonly string[];
  /** The longest of their time limits. */
  readonly limitMs: number;
  /** What they found in the end. */
  readonly rest: Promise<Automated>;
}

/** Longer than a runner's start and most requests over a network. */
const PATIENCE_MS = 2_000;

/** Sources are waited for, since what is made of them would be made twice. `outside`: anything is asked at all. */
export async function automateOnce(
  session: Session,
  view: View,
  outside: boolean,
): Promise<{ readonly found: Automated; readonly late: Late | null }> {
  await noteSilent(session, view);
  if (!outside) return { found: NOTHING, late: null };
  const open = new Map(
    sensorsOn(view.state, view.loaded.project.sensors).filter(({ watch }) => watch === null)
      .map(({ name, timeoutMs }) => [name, timeoutMs]),
  );
  const answered: Automated[] = [];
  const asked = open.size === 0 ? Promise.resolve(NOTHING) : lookOutside(session, view, {
    sensor: ({ name }) => open.has(name),
    source: () => false,
  }, (_, each) => {
    answered.push(each);
    for (const { sensor } of each.sensed) open.delete(sensor);
  });
  // Whoever is broken off in the meantime has nobody who listens.
  asked.catch(() => {});
  const quick = await lookOutside(session, view, {
    sensor: ({ watch }) => watch !== null,
    source: () => true,
  });
  if (await within(asked, PATIENCE_MS)) {
    return { found: together([quick, await asked]), late: null };
  }
  const told = answered.length;
  (await session.runner()).makeRoom(open.size);
  return {
    found: together([quick, ...answered]),
    late: {
      sensors: [...open.keys()],
      limitMs: Math.max(...open.values()),
      rest: asked.then(() => together(answered.slice(told))),
    },
  };
}

const NOTHING: Automated = { sensed: [], problems: [] };

function together(found: readonly Automated[]): Automated {
  return {
    sensed: found.flatMap(({ sensed }) => sensed),
    problems: found.flatMap(({ problems }) => problems),
  };
}

/** Whether it ended in so long; how, is for whoever waits for it. */
async function within(work: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const over = new Promise<false>((resolve) => timer = setTimeout(() => resolve(false), ms));
  try {
    return await Promise.race([work.then(() => true, () => true), over]);
  } finally {
    clearTimeout(timer);
  }
}
