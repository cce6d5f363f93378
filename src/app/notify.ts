/** Sends the notices that are due to every sink that wants them, and remembers who was told. */
import type { Event } from "../core/event.ts";
import { partitionOrNull } from "../core/key.ts";
import { type Notice, noticesDue } from "../core/notice.ts";
import type { Problem } from "../core/problem/problem.ts";
import type { Session, View } from "./session.ts";
import type { Message } from "../host/notify.ts";

export async function notifyChanges(session: Session, view: View): Promise<readonly Problem[]> {
  const sinks = view.loaded.project.notify;
  if (sinks.length === 0) return [];
  const due = noticesDue(view.state);
  if (due.length === 0) return [];
  const { sendMessage, sinkName } = await import("../host/notify.ts");
  const env = await session.environment();
  const events: Event[] = [];
  const problems: Problem[] = [];
  for (const notice of due) {
    const message = messageOf(view, notice);
    const wanting = sinks.filter((sink) => sink.on.includes(notice.of));
    const told = await Promise.all(wanting.map(async (sink) => ({
      sink: sinkName(sink),
      problem: await sendMessage(sink, message, env, session.project),
    })));
    for (const { sink, problem } of told) {
      events.push({ kind: "notified", about: notice.about, of: notice.of, sink, problem });
      if (problem !== null) problems.push(problem);
    }
  }
  await (await session.store()).commit(view.state, session.host.clock.now(), () => events);
  return problems;
}

/** What the reader of a message needs: what, where, why, and the command that runs it again. */
function messageOf(view: View, notice: Notice): Message {
  const { name } = view.loaded.project;
  const subject = notice.of === "failure"
    ? `nycflow: ${notice.about} failed (${name})`
    : `nycflow: ${notice.about} is well again (${name})`;
  const where = notice.problem?.where;
  const place = where?.file === undefined
    ? []
    : [`at ${where.file}${where.line === undefined ? "" : `:${where.line}`}`];
  const partition = partitionOrNull(notice.partition);
  const again = `nycflow run ${notice.asset}${
    partition === null ? "" : ` --partition ${partition}`
  }`;
  const text = notice.problem === null ? "It has been materialized." : [
    notice.problem.message,
    ...place,
    ...(notice.problem.why ? [`why: ${notice.problem.why}`] : []),
    ...(notice.problem.hint ? [`next: ${notice.problem.hint}`] : []),
    `again: ${again}`,
  ].join("\n");
  return {
    subject,
    text,
    fields: {
      kind: notice.of,
      project: name,
      asset: notice.asset,
      partition,
      at: new Date(notice.at).toISOString(),
      error: notice.problem?.message ?? null,
      command: again,
    },
  };
}
