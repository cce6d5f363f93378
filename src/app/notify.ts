/** Sends the notices that are due to every sink that wants them, and remembers who was told. */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import type { NotifySink } from "../core/definition.ts";
import type { Event } from "../core/event.ts";
import { freshness } from "../core/freshness.ts";
import { type AssetKey, partitionOrNull, WHOLE } from "../core/key.ts";
import { foldRanges } from "../core/partition/fold_ranges.ts";
import { type Late, type Notice, noticesDue } from "../core/notice.ts";
import type { Problem } from "../core/problem/problem.ts";
import type { Message } from "../host/message.ts";
import { logPath } from "./logs.ts";
import type { Session, View } from "./session.ts";

/**
 * Gives the problems of sinks that did not take theirs; they are told again the next time. `rows`: charts may be drawn,
 * for which DuckDB is loaded; who only looks draws none.
 */
export async function notifyChanges(
  session: Session,
  view: View,
  rows = true,
): Promise<readonly Problem[]> {
  const sinks = view.loaded.project.notify;
  if (sinks.length === 0) return [];
  const { sendMessage, sinkNames } = await import("../host/notify.ts");
  const names = sinkNames(sinks);
  const now = session.host.clock.now();
  const due = noticesDue(
    view.state,
    sinks.flatMap(({ kind, on }, index) =>
      kind === "ping" ? [] : [{ name: names[index] ?? kind, on }]
    ),
    lateAssets(view),
    now,
  );
  const env = await session.environment();
  const send = async (name: string, group: Group) => {
    const sink = sinks[names.indexOf(name)];
    if (sink === undefined) return null;
    const message = messageOf(session.project, view, group);
    const { draw = [] } = sink;
    if (draw.length === 0) return await sendMessage(sink, name, message, env, session.project);
    const { drawingsFor } = await import("./notify_drawings.ts");
    const run = group.notices[0]?.attempt?.run ?? null;
    const drawings = await drawingsFor(session, view, { asset: group.asset, run }, draw, rows);
    return await sendMessage(sink, name, { ...message, drawings }, env, session.project);
  };
  const events: Event[] = [];
  const problems: Problem[] = [];
  const sent = await Promise.all(
    byAsset(due).flatMap((group) =>
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
  events.push(...await ping(session, view, sinks, names, problems));
  if (events.length > 0) {
    await (await session.store()).commit(view.state, session.host.clock.now(), () => events);
  }
  return problems;
}

/** A sign of life; in the log only when it begins to fail, or works again. */
async function ping(
  session: Session,
  view: View,
  sinks: readonly NotifySink[],
  names: readonly string[],
  problems: Problem[],
): Promise<readonly Event[]> {
  const { sendMessage } = await import("../host/notify.ts");
  const env = await session.environment();
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
  return found.filter((each) => each !== null);
}

/** Assets that are late now, and since when. */
function lateAssets(view: View): readonly Late[] {
  return view.layout.graph.keys.flatMap((asset): Late[] => {
    const def = view.layout.def(asset);
    const newest = def.freshness === null ? null : view.layout.newest(asset);
    if (def.freshness === null || newest === null) return [];
    const published = view.state.heads.get(asset)?.get(newest)?.published ?? null;
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

interface Group {
  readonly of: Notice["of"];
  readonly asset: AssetKey;
  readonly sinks: readonly string[];
  readonly notices: readonly Notice[];
}

/** A thousand partitions that fail at once are one message. */
function byAsset(notices: readonly Notice[]): readonly Group[] {
  const groups = new Map<string, Notice[]>();
  for (const notice of notices) {
    const late = notice.about.startsWith("late:");
    const id = `${notice.of} ${notice.asset} ${late} ${notice.sinks.join(",")}`;
    groups.set(id, [...groups.get(id) ?? [], notice]);
  }
  return [...groups.values()].flatMap((members) => {
    const [first] = members;
    return first === undefined
      ? []
      : [{ of: first.of, asset: first.asset, sinks: first.sinks, notices: members }];
  });
}

const WORDS = {
  failure: "failed",
  reminder: "still fails",
  recovery: "is well again",
  late: "is late",
} as const;

/** What the reader needs: what, where, why, the last lines of the log, and the command that runs it again. */
function messageOf(project: string, view: View, { of, asset, notices }: Group): Message {
  const { name, timezone } = view.loaded.project;
  const first = notices[0];
  const isLate = first?.about.startsWith("late:") === true;
  const keys = notices.map(({ partition }) => partition);
  const partition = isLate
    ? null
    : keys.length === 1
    ? partitionOrNull(keys[0] ?? WHOLE)
    : foldRanges(keys);
  const what = partition === null ? asset : `${asset} ${partition}`;
  const word = isLate && of === "reminder" ? "is still late" : WORDS[of];
  const problem = first?.problem ?? null;
  const { file, line } = { file: undefined, line: undefined, ...problem?.where };
  const place = file === undefined ? [] : [`at ${file}${line === undefined ? "" : `:${line}`}`];
  const again = `nycflow run ${asset}${
    partition === null ? "" : ` --partition ${keys.slice(0, 5).map((key) => quoted(key)).join(" ")}`
  }`;
  const log = first?.attempt
    ? logTail(project, first.attempt, { asset: first.asset, partition: first.partition })
    : [];
  const since = new Date(first?.at ?? view.now).toLocaleString("sv-SE", { timeZone: timezone });
  const text = problem === null
    ? [of === "recovery" ? `since ${since} ${timezone}` : `late since ${since} ${timezone}`]
    : [
      problem.message,
      ...place,
      ...(problem.why ? [`why: ${problem.why}`] : []),
      ...(problem.hint ? [`next: ${problem.hint}`] : []),
      ...(log.length === 0 ? [] : ["", "the end of its log:", ...log.map((each) => `  ${each}`)]),
    ];
  const lines = of === "recovery" ? text : [...text, "", `again: ${again}`];
  return {
    subject: `nycflow: ${what} ${word} (${name})`,
    text: lines.join("\n"),
    fields: {
      kind: of,
      project: name,
      asset,
      partition,
      at: new Date(first?.at ?? view.now).toISOString(),
      error: problem?.message ?? null,
      command: of === "recovery" ? null : again,
      log: log.join("\n"),
    },
  };
}

/** For a shell. */
function quoted(key: string): string {
  return /^[\w.:|-]+$/.test(key) && !key.includes("|") ? key : `'${key.replaceAll("'", "'\\''")}'`;
}

const TAIL_LINES = 15;
const TAIL_BYTES = 8 * 1024;

/** The last lines of an attempt's log; secrets were masked when it was written. */
function logTail(
  project: string,
  { run, tries }: { readonly run: string; readonly tries: number },
  step: Parameters<typeof logPath>[1],
): readonly string[] {
  let file: number | null = null;
  try {
    file = openSync(join(project, logPath(run, step, tries)), "r");
    const { size } = fstatSync(file);
    const from = Math.max(0, size - TAIL_BYTES);
    const bytes = new Uint8Array(size - from);
    readSync(file, bytes, 0, bytes.length, from);
    const lines = new TextDecoder().decode(bytes).split("\n").filter((line) => line !== "");
    return (from > 0 ? lines.slice(1) : lines).slice(-TAIL_LINES);
  } catch {
    return []; // it printed nothing
  } finally {
    if (file !== null) closeSync(file);
  }
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
