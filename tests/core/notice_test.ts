// Who is told of what: once, again only after a success, the recovery to those who knew, a reminder a day; and a sink
// that failed is told the next time.

import assert from "node:assert/strict";
import { emptyState, fold } from "../../src/core/fold.ts";
import type { State } from "../../src/core/heads.ts";
import {
  failingSinks,
  type Late,
  type NoticeKind,
  noticesDue,
  SENDING_PROBLEM,
} from "../../src/core/notice.ts";
import { type Problem, problem } from "../../src/core/problem/problem.ts";
import { key, NOW } from "../kit/definitions.ts";
import { failure, head, published } from "../kit/heads.ts";

const ALL: readonly NoticeKind[] = ["failure", "late", "recovery", "reminder"];
const SINKS = [{ name: "chat", on: ALL }];
const DAY = 86_400_000, MINUTE = 60_000;

function put(state: State, one: ReturnType<typeof head>): void {
  state.heads.set(one.asset, new Map([[one.partition, one]]));
}

/** What is due at `now`; and tells it, where `fails` does not name the sink. */
function tell(
  state: State,
  now: number,
  how: {
    sinks?: typeof SINKS;
    late?: readonly Late[];
    fails?: readonly string[];
    /** What was taken out of the definitions, or switched off. */
    without?: readonly string[];
  } = {},
): readonly string[] {
  const { sinks = SINKS, late = [], fails = [], without = [] } = how;
  const there = (name: string) => !without.includes(name);
  const defined = { step: there, asset: there, sensor: there };
  const due = noticesDue(state, sinks, late, defined, now);
  for (const { about, of, sinks: names } of due) {
    for (const sink of names) {
      const bad = fails.includes(sink) ? problem("step-failed", { message: "it is down" }) : null;
      fold(state, {
        id: state.last + 1,
        at: now,
        event: { kind: "notified", about, of, sink, problem: bad },
      });
    }
  }
  return due.flatMap(({ of, about, sinks: names }) =>
    names.map((name) => `${of} ${about} ${name}`)
  );
}

const failing = (at = NOW - 1000) =>
  head("a", "", { ...published("a", "", { at: NOW - DAY }), failure: failure("a", { at }) });
const well = (at: number) => published("a", "", { at });

Deno.test("a failure is told once, its recovery once, the next failure again", () => {
  const state = emptyState();
  put(state, failing());
  assert.deepEqual(tell(state, NOW), ["failure a chat"]);
  assert.deepEqual(tell(state, NOW + 1000), []);
  put(state, failing(NOW + 2000));
  assert.deepEqual(tell(state, NOW + 3000), [], "it fails again without having succeeded");
  put(state, well(NOW + 4000));
  assert.deepEqual(tell(state, NOW + 5000), ["recovery a chat"]);
  assert.deepEqual(tell(state, NOW + 6000), []);
  put(state, head("a", "", { ...well(NOW + 4000), failure: failure("a", { at: NOW + 7000 }) }));
  assert.deepEqual(tell(state, NOW + 8000), ["failure a chat"]);
});

Deno.test("a failure and a success in between that nobody looked at are a new failure", () => {
  const state = emptyState();
  put(state, failing());
  tell(state, NOW);
  put(state, head("a", "", { ...well(NOW + 500), failure: failure("a", { at: NOW + 900 }) }));
  assert.deepEqual(tell(state, NOW + 1000), ["failure a chat"]);
});

Deno.test("a try that is still to come is no failure yet", () => {
  const state = emptyState();
  put(state, head("a", "", { failure: failure("a", { retryAt: NOW + 1000 }) }));
  assert.deepEqual(tell(state, NOW), []);
});

Deno.test("while it lasts, a reminder a day", () => {
  const state = emptyState();
  put(state, failing());
  tell(state, NOW);
  assert.deepEqual(tell(state, NOW + DAY - 1), []);
  assert.deepEqual(tell(state, NOW + DAY), ["reminder a chat"]);
  assert.deepEqual(tell(state, NOW + DAY + 1000), []);
  assert.deepEqual(tell(state, NOW + 2 * DAY), ["reminder a chat"]);
  put(state, well(NOW + 2 * DAY + 1));
  assert.deepEqual(tell(state, NOW + 2 * DAY + 2), ["recovery a chat"]);
});

Deno.test("a sink that failed is told the next time, the others are not told twice", () => {
  const state = emptyState();
  const sinks = [{ name: "chat", on: ALL }, { name: "mail", on: ALL }];
  put(state, failing());
  assert.deepEqual(tell(state, NOW, { sinks, fails: ["mail"] }), [
    "failure a chat",
    "failure a mail",
  ]);
  assert.deepEqual([...failingSinks(state)], [["mail", "it is down"]]);
  assert.deepEqual(tell(state, NOW + 1, { sinks, fails: ["mail"] }), ["failure a mail"]);
  assert.deepEqual(tell(state, NOW + MINUTE + 1, { sinks }), ["failure a mail"]);
  assert.deepEqual([...failingSinks(state)], []);
  put(state, well(NOW + MINUTE + 3));
  assert.deepEqual(tell(state, NOW + MINUTE + 4, { sinks, fails: ["chat"] }), [
    "recovery a chat",
    "recovery a mail",
  ]);
  assert.deepEqual(tell(state, NOW + MINUTE + 5, { sinks }), ["recovery a chat"]);
});

Deno.test("a sink that is down is tried less and less often, and told once it is up", () => {
  const state = emptyState();
  put(state, failing());
  const tried: number[] = [];
  const HOURS = 12;
  for (let minute = 0; minute < HOURS * 60; minute++) {
    const at = NOW + minute * MINUTE;
    if (tell(state, at, { fails: ["chat"] }).length > 0) tried.push(minute);
  }
  assert.deepEqual(tried, [0, 1, 2, 7, 37, 157, 277, 397, 517, 637]);
  assert.deepEqual(tell(state, NOW + DAY), ["failure a chat"]);
});

Deno.test("what is being sent is sent by nobody else, unless the sender died", () => {
  const state = emptyState();
  put(state, failing());
  const send = (at: number, found: Problem | null) =>
    fold(state, {
      id: state.last + 1,
      at,
      event: { kind: "notified", about: "a", of: "failure", sink: "chat", problem: found },
    });
  send(NOW, SENDING_PROBLEM);
  assert.deepEqual(tell(state, NOW + MINUTE - 1), []);
  assert.deepEqual([...failingSinks(state)], []);
  const all = () => true;
  const defined = { step: all, asset: all, sensor: all };
  assert.equal(noticesDue(state, SINKS, [], defined, NOW + MINUTE).length, 1);
  send(NOW + 5000, problem("step-failed", { message: "it is down" }));
  // One try, though the log has two entries of it.
  assert.equal(noticesDue(state, SINKS, [], defined, NOW + 5000).length, 1);
  send(NOW + 6000, SENDING_PROBLEM);
  send(NOW + 7000, null);
  assert.deepEqual(tell(state, NOW + 8000), []);
});

Deno.test("who was never told of the failure is not told of the recovery", () => {
  const state = emptyState();
  const sinks = [{ name: "chat", on: ["recovery"] as const }, { name: "mail", on: ALL }];
  put(state, failing());
  assert.deepEqual(tell(state, NOW, { sinks: [...sinks] }), ["failure a mail"]);
  put(state, well(NOW + 1));
  assert.deepEqual(tell(state, NOW + 2, { sinks: [...sinks] }), ["recovery a mail"]);
});

Deno.test("lateness is told once, and that it is over", () => {
  const state = emptyState();
  put(state, well(NOW - DAY));
  const late = [{ asset: key("a"), since: NOW - 1000 }];
  assert.deepEqual(tell(state, NOW, { late }), ["late late:a chat"]);
  assert.deepEqual(tell(state, NOW + 1000, { late }), []);
  assert.deepEqual(tell(state, NOW + DAY, { late }), ["reminder late:a chat"]);
  assert.deepEqual(tell(state, NOW + DAY + 1), ["recovery late:a chat"]);
  assert.deepEqual(tell(state, NOW + DAY + 2), []);
});

Deno.test("a sensor that fails is told once with its reason, reminded of, and told when it works again", () => {
  const state = emptyState();
  const ticked = (at: number, why: string | null) =>
    fold(state, {
      id: state.last + 1,
      at,
      event: {
        kind: "ticked",
        source: "sensor:drops",
        due: at,
        outcome: why === null ? "skipped" : "failed",
        text: "",
        runs: [],
        cursor: null,
        problem: why === null
          ? null
          : problem("code-threw", { message: "Cannot evaluate drops", why }),
      },
    });
  ticked(NOW, null);
  assert.deepEqual(tell(state, NOW), [], "it never failed");
  ticked(NOW + 1000, "the API is down");
  const all = () => true;
  const [notice] = noticesDue(state, SINKS, [], { step: all, asset: all, sensor: all }, NOW + 1000);
  assert.deepEqual([notice?.subject, notice?.problem?.why], [
    { kind: "sensor", sensor: "drops" },
    "the API is down",
  ]);
  assert.deepEqual(tell(state, NOW + 1000), ["failure sensor:drops chat"]);
  assert.deepEqual(tell(state, NOW + 2000), []);
  assert.deepEqual(tell(state, NOW + 1000 + DAY), ["reminder sensor:drops chat"]);
  ticked(NOW + 2000 + DAY, null);
  assert.deepEqual(tell(state, NOW + 3000 + DAY), ["recovery sensor:drops chat"]);
  assert.deepEqual(tell(state, NOW + 4000 + DAY), []);
});

Deno.test("nobody is reminded of what is no more", () => {
  const state = emptyState();
  put(state, failing());
  const late = [{ asset: key("b"), since: NOW - 1000 }];
  assert.deepEqual(tell(state, NOW, { late }), ["failure a chat", "late late:b chat"]);
  assert.deepEqual(tell(state, NOW + DAY, { late, without: ["a", "b"] }), []);
  // Nor is it well again, only because it was taken out.
  assert.deepEqual(tell(state, NOW + DAY, { without: ["a", "b"] }), []);
  assert.deepEqual(tell(state, NOW + DAY, { late }), ["reminder a chat", "reminder late:b chat"]);
});
