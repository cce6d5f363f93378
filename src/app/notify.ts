/** Sends the notices that are due to every sink that wants them, and remembers who was told. */
import { isOff, sensorId } from "../core/automation/source.ts";
import type { Event } from "../core/event.ts";
import { freshness } from "../core/freshness.ts";
import type { State } from "../core/heads.ts";
import {
  type Defined,
  type Late,
  type Notice,
  noticesDue,
  SENDING_PROBLEM,
} from "../core/notice.ts";
import type { Problem } from "../core/problem/problem.ts";
import { type Group, grouped, messageOf } from "./notice_text.ts";
import type { Session, View } from "./session.ts";

export interface Telling {
  /** Charts may be drawn, for which DuckDB is loaded; who only looks draws none. */
  readonly rows: boolean;
  /** Which notices are left to others. */
  readonly leave?: (notice: Notice) => boolean;
}

/** Gives the problems of sinks that did not take theirs; they are told again later. */
export async function notifyChanges(
  session: Session,
  view: View,
  { rows, leave = () => false }: Telling,
): Promise<readonly Problem[]> {
  const sinks = view.loaded.project.notify;
  if (sinks.length === 0) return [];
  const { sendMessage, sinkNames } = await import("../host/notify.ts");
  const names = sinkNames(sinks);
  const due = await claimNotices(session, view, names, leave);
  if (due.length === 0) return [];
  const env = await session.environment();
  const send = async (name: string, group: Group) => {
    const sink = sinks[names.indexOf(name)];
    if (sink === undefined) return null;
    const message = messageOf(session.project, view.loaded.project, group);
    const { draw = [] } = sink;
    const { subject } = group.notices[0];
    if (draw.length === 0 || subject.kind === "sensor") {
      return await sendMessage(sink, name, message, env, session.project);
    }
    const { drawingsFor } = await import("./notify_drawings.ts");
    const run = subject.kind === "step" ? subject.attempt?.run ?? null : null;
    const drawings = await drawingsFor(session, view, { asset: subject.asset, run }, draw, rows);
    return await sendMessage(sink, name, { ...message, drawings }, env, session.project);
  };
  const events: Event[] = [];
  const problems: Problem[] = [];
  const sent = await Promise.all(
    grouped(due).flatMap((group) =>
      group.sinks.map(async (name) => ({
        group,
        name,
        problem: await send(name, group),
      }))
    ),
  );
  for (const { group, name, problem } of sent) {
    for (const { about, of } of group.notices) {
      events.push({ kind: "notified", about, of, sink: name, problem });
    }
    if (problem !== null) problems.push(problem);
  }
  await (await session.store()).commit(view.state, session.host.clock.now(), () => events);
  return problems;
}

/** What is due, and noted as being sent: whoever else looks now finds nothing to tell. */
async function claimNotices(
  session: Session,
  view: View,
  names: readonly string[],
  leave: (notice: Notice) => boolean,
): Promise<readonly Notice[]> {
  const { graph } = view.layout;
  const { notify, sensors } = view.loaded.project;
  const sinks = notify.flatMap(({ kind, on }, index) =>
    kind === "ping" ? [] : [{ name: names[index] ?? kind, on }]
  );
  const defined: Defined = {
    asset: (asset) => graph.has(asset),
    step: (asset, partition) =>
      graph.has(asset) && view.layout.partitions(asset).keys.has(partition),
    sensor: (name) =>
      sensors.some((sensor) => sensor.name === name) && !isOff(view.state, sensorId(name)),
  };
  const now = session.host.clock.now();
  const find = (state: State) =>
    noticesDue(state, sinks, lateAssets(view, state), defined, now)
      .filter((notice) => !leave(notice));
  let due = find(view.state);
  if (due.length === 0) return due;
  await (await session.store()).commit(view.state, now, (state) => {
    due = find(state);
    return due.flatMap(({ about, of, sinks }) =>
      sinks.map((sink): Event => ({
        kind: "notified",
        about,
        of,
        sink,
        problem: SENDING_PROBLEM,
      }))
    );
  });
  return due;
}

/** A sign of life to whoever waits for one; in the log only when that begins to fail, or works again. */
export async function pingAll(session: Session, view: View): Promise<readonly Problem[]> {
  const sinks = view.loaded.project.notify;
  if (!sinks.some(({ kind }) => kind === "ping")) return [];
  const { sendMessage, sinkNames } = await import("../host/notify.ts");
  const names = sinkNames(sinks);
  const env = await session.environment();
  const problems: Problem[] = [];
  const found = await Promise.all(sinks.map(async (sink, index): Promise<Event | null> => {
    if (sink.kind !== "ping") return null;
    const name = names[index] ?? sink.kind;
    const message = { subject: "", text: "", fields: {} };
    const problem = await sendMessage(sink, name, message, env, session.project);
    const before = view.state.facts.get(`told:${name}`)?.value;
    const failed = typeof before === "object" && before !== null && "of" in before &&
      before.of === "failure";
    if ((problem !== null) === failed) return null;
    if (problem !== null) problems.push(problem);
    const of = problem === null ? "recovery" : "failure";
    return { kind: "notified", about: name, of, sink: name, problem };
  }));
  const events = found.filter((each) => each !== null);
  if (events.length > 0) {
    await (await session.store()).commit(view.state, session.host.clock.now(), () => events);
  }
  return problems;
}

/** Assets that are late now, and since when. */
function lateAssets(view: View, state: State): readonly Late[] {
  return view.layout.graph.keys.flatMap((asset): Late[] => {
    const def = view.layout.def(asset);
    const newest = def.freshness === null ? null : view.layout.newest(asset);
    if (def.freshness === null || newest === null) return [];
    const published = state.heads.get(asset)?.get(newest)?.published ?? null;
    const found = freshness(
      def.freshness,
      published?.at ?? null,
      view.now,
      view.layout.timezone,
    );
    // What was never made yet is missing, and says so itself.
    if (!found.ok || found.value.state !== "late") return [];
    return [{ asset, since: found.value.lateAt ?? view.now }];
  });
}

/** `notify test`: one message to each sink; gives what became of each. */
export async function testSinks(
  session: Session,
): Promise<readonly { readonly sink: string; readonly problem: Problem | null }[]> {
  const { project } = await session.load();
  const { sendMessage, sinkNames } = await import("../host/notify.ts");
  const names = sinkNames(project.notify);
  const env = await session.environment();
  return await Promise.all(project.notify.map(async (sink, index) => {
    const name = names[index] ?? sink.kind;
    const message = {
      subject: `nycflow: a test (${project.name})`,
      text: "This is what a message looks like; nothing has failed.",
      fields: {
        kind: "test",
        project: project.name,
        asset: null,
        partition: null,
        at: new Date(session.host.clock.now()).toISOString(),
        error: null,
        command: null,
      },
    };
    return { sink: name, problem: await sendMessage(sink, name, message, env, session.project) };
  }));
}
