import assert from "node:assert/strict";
import type { Event } from "../../src/core/event.ts";
import { emptyState, fold } from "../../src/core/fold.ts";
import type { Head, State } from "../../src/core/heads.ts";
import { stepKey } from "../../src/core/key.ts";
import {
  asset,
  attemptId,
  check,
  checked,
  ended,
  exported,
  failed,
  holderId,
  log,
  made,
  part,
  requested,
  runEnded,
  runId,
  runStarted,
  started,
  versionId,
  versionSet,
} from "../kit/events.ts";

function folded(...events: Event[]): State {
  const state = emptyState();
  for (const stored of log(events)) fold(state, stored);
  return state;
}

function headOf(state: State, name = "trips", partition = ""): Head {
  const head = state.heads.get(asset(name))?.get(part(partition));
  assert.ok(head, `no head of ${name}`);
  return head;
}

const claimOf = (state: State, name = "trips", partition = "") =>
  state.claims.get(stepKey(asset(name), part(partition))) ?? null;

Deno.test("a claim lasts from the start of an attempt to its end, whatever the end is", () => {
  assert.equal(claimOf(folded(started()))?.attempt, "t1");
  assert.equal(claimOf(folded(started()))?.event, 1);
  const ends: Event[] = [
    made(),
    failed(),
    failed({}, { retryAt: 9 }),
    checked(),
    ended("skipped"),
    ended("cancelled"),
    ended("interrupted"),
    ended("unchanged"),
    ended("blocked"),
  ];
  for (const end of ends) assert.equal(claimOf(folded(started(), end)), null, end.kind);
});

Deno.test("publishing ends failure, skip, interruption and pin", () => {
  const first = log([made()])[0];
  assert.ok(first?.event.kind === "materialized");
  const before = folded(
    started(),
    made(),
    started({ attempt: "t2" }),
    made({ attempt: "t2" }, "v2"),
    versionSet("rollback", {}, {
      version: versionId("v1"),
      restored: { at: first.at, event: first.event },
      code: "code 2",
    }),
    started({ attempt: "t3" }),
    failed({ attempt: "t3" }),
  );
  assert.equal(headOf(before).published?.version, "v1");
  assert.equal(headOf(before).pinned?.code, "code 2");
  assert.equal(headOf(before).failure?.inARow, 1);

  for (const stored of [{ id: 8, at: 2000, event: started({ attempt: "t4" }) }]) {
    fold(before, stored);
  }
  fold(before, { id: 9, at: 2001, event: made({ attempt: "t4" }, "v4") });
  assert.deepEqual(
    { ...headOf(before), published: headOf(before).published?.version },
    {
      asset: "trips",
      partition: "",
      published: "v4",
      failure: null,
      skip: null,
      interrupted: null,
      pinned: null,
      since: 8,
      event: 9,
    },
  );
});

Deno.test("a late attempt changes nothing, whatever it says", () => {
  const late: Event[] = [
    made({ attempt: "t1" }, "late"),
    failed({ attempt: "t1" }),
    checked({ attempt: "t1" }, "v0", [check("failed")]),
    ended("skipped", { attempt: "t1" }),
    ended("interrupted", { attempt: "t1" }),
  ];
  for (const event of late) {
    const before = folded(
      requested(),
      runStarted(),
      started({ attempt: "t0" }),
      made({ attempt: "t0" }, "v0"),
      started({ attempt: "t1" }),
      ended("interrupted", { attempt: "t1" }),
      started({ attempt: "t2" }),
    );
    const heads = structuredClone(before.heads);
    const runs = structuredClone(before.runs);
    fold(before, { id: 8, at: 2000, event });
    assert.deepEqual(before.heads, heads, event.kind);
    assert.deepEqual(before.runs, runs, event.kind);
    assert.equal(claimOf(before)?.attempt, "t2");
    assert.equal(before.last, 8);
  }
});

Deno.test("tries of one step are one failure; failures in a row are counted until something is published", () => {
  const oneStep = folded(
    started(),
    failed({}, { retryAt: 5000 }),
    started({ attempt: "t2" }),
    failed({ attempt: "t2" }, { number: 2 }),
  );
  assert.deepEqual(
    [headOf(oneStep).failure?.inARow, headOf(oneStep).failure?.tries],
    [1, 2],
  );
  const waiting = folded(started(), failed({}, { retryAt: 5000 }));
  assert.deepEqual(
    [headOf(waiting).failure?.inARow, headOf(waiting).failure?.retryAt],
    [0, 5000],
  );
  const twice = folded(started(), failed(), started({ attempt: "t2" }), failed({ attempt: "t2" }));
  assert.equal(headOf(twice).failure?.inARow, 2);
  const after = folded(
    started(),
    failed(),
    started({ attempt: "t2" }),
    made({ attempt: "t2" }),
    started({ attempt: "t3" }),
    failed({ attempt: "t3" }),
  );
  assert.equal(headOf(after).failure?.inARow, 1);
  assert.equal(headOf(after).published?.version, "v1");
});

Deno.test("a step cancelled while it waits for its next try is over", () => {
  const state = folded(
    started(),
    failed({}, { retryAt: 5000 }),
    ended("cancelled", { begun: false }),
  );
  assert.deepEqual([headOf(state).failure?.retryAt, headOf(state).failure?.inARow], [null, 1]);
  const survives = folded(
    started(),
    failed({}, { retryAt: 5000 }),
    runEnded("r1", { outcome: "interrupted" }),
  );
  assert.equal(headOf(survives).failure?.retryAt, 5000);
});

Deno.test("checking again marks what is published, fails it, and forgives just that", () => {
  const bad = folded(
    started(),
    made(),
    started({ attempt: "t2" }),
    checked({ attempt: "t2" }, "v1", [check("failed")]),
  );
  assert.equal(headOf(bad).failure?.problem.code, "check-failed");
  assert.equal(headOf(bad).published?.version, "v1");
  assert.equal(headOf(bad).published?.checksVersion, "checks 2");
  fold(bad, { id: 5, at: 2000, event: started({ attempt: "t3" }) });
  fold(bad, { id: 6, at: 2001, event: checked({ attempt: "t3" }, "v1", [check("passed")]) });
  assert.equal(headOf(bad).failure, null);

  const warned = folded(started(), made(), started(), checked({}, "v1", [check("failed", false)]));
  assert.equal(headOf(warned).failure, null);

  const rebuiltBadly = folded(
    started(),
    made(),
    started({ attempt: "t2" }),
    failed({ attempt: "t2" }),
    started({ attempt: "t3" }),
    checked({ attempt: "t3" }, "v1", [check("passed")]),
  );
  assert.equal(headOf(rebuiltBadly).failure?.problem.code, "step-failed");
});

Deno.test("own skip is an answer, an upstream's is not; interruption counts only for what had begun", () => {
  const answered = folded(
    started(),
    failed(),
    started({ attempt: "t2" }),
    ended("skipped", {
      attempt: "t2",
    }),
  );
  assert.equal(headOf(answered).failure, null);
  assert.equal(headOf(answered).skip?.text, "it was skipped");
  const passedOver = folded(started(), failed(), ended("skipped", { begun: false }));
  assert.equal(headOf(passedOver).failure?.inARow, 1);

  assert.equal(folded(ended("interrupted", { begun: false })).heads.size, 0);
  const cut = folded(started(), ended("interrupted"));
  assert.equal(headOf(cut).interrupted?.run, "r1");
  const again = folded(started(), ended("interrupted"), started({ attempt: "t2" }));
  assert.equal(headOf(again).interrupted, null);
});

Deno.test("by hand: rollback pins, unpin frees, mark declares done, wipe forgets", () => {
  const rolledBack = folded(
    started(),
    made(),
    started({ attempt: "t2" }),
    made({ attempt: "t2" }, "v2"),
    versionSet("rollback", {}, {
      version: versionId("v1"),
      restored: { at: 1001, event: made() },
      code: "code 3",
    }),
  );
  assert.deepEqual(
    [headOf(rolledBack).published?.version, headOf(rolledBack).published?.at],
    ["v1", 1001],
  );
  assert.equal(headOf(rolledBack).pinned?.code, "code 3");
  fold(rolledBack, { id: 6, at: 1, event: versionSet("unpin") });
  assert.equal(headOf(rolledBack).pinned, null);

  const unknown = folded(
    started(),
    made(),
    versionSet("rollback", {}, { version: versionId("v9") }),
  );
  assert.deepEqual(
    [headOf(unknown).published?.version, headOf(unknown).pinned],
    ["v1", null],
  );

  const marked = folded(versionSet("mark", {}, {
    version: versionId("m1"),
    code: "code 5",
    inputs: "inputs 5",
  }));
  assert.deepEqual(
    [headOf(marked).published?.output, headOf(marked).published?.code],
    ["nothing", "code 5"],
  );
  assert.equal(folded(started(), made(), versionSet("wipe")).heads.size, 0);
});

Deno.test("a run ends once, counts its steps, and leaves the open ones", () => {
  const state = folded(
    requested("r1", { trigger: { kind: "schedule", of: "nightly" } }),
    runStarted(),
    started(),
    made(),
    started({ asset: "zones", attempt: "t2" }),
    failed({ asset: "zones", attempt: "t2" }),
    ended("blocked", { asset: "map", begun: false }),
  );
  const run = state.runs.get(runId("r1"));
  assert.equal(run?.state, "running");
  assert.equal(run?.trigger, "schedule:nightly");
  assert.deepEqual(run?.steps, { succeeded: 1, failed: 1, blocked: 1 });
  fold(state, { id: 8, at: 2000, event: runEnded() });
  assert.equal(state.runs.size, 0);
  fold(state, { id: 9, at: 2001, event: runEnded("r1", { outcome: "failed" }) });
  fold(state, { id: 10, at: 2002, event: runStarted() });
  assert.equal(state.runs.size, 0);
});

Deno.test("facts: a key is requested once, a tick never goes back, a failed evaluation keeps the cursor", () => {
  const state = folded(
    requested("r1", { requestKey: "nightly@5" }),
    requested("r2", { requestKey: "nightly@5" }),
  );
  assert.deepEqual(state.facts.get("request:nightly@5")?.value, { run: "r1" });

  const tick = (due: number, outcome: "seen" | "failed", cursor: string): Event => ({
    kind: "ticked",
    source: "nightly",
    due,
    outcome,
    text: "",
    runs: [],
    cursor,
    problem: null,
  });
  const ticks = folded(tick(50, "seen", "a"), tick(40, "seen", "b"), tick(60, "failed", "c"));
  const fact = ticks.facts.get("tick:nightly")?.value;
  assert.deepEqual(fact, {
    due: 60,
    requested: null,
    event: null,
    last: [{ due: 60, outcome: "failed", text: "", runs: [] }],
    outcome: "failed",
    text: "",
    runs: [],
    cursor: "b",
    problem: null,
    why: null,
    since: 1000,
  });

  const told = folded(
    { kind: "notified", about: "trips", of: "failure", sink: "a", problem: null },
    { kind: "notified", about: "trips", of: "failure", sink: "b", problem: null },
    { kind: "switched", source: "nightly", on: false },
    {
      kind: "partition-added",
      asset: asset("req"),
      partition: part("k"),
      payload: { borough: "Q" },
    },
  );
  assert.deepEqual(told.facts.get("told:trips")?.value, {
    of: "failure",
    sinks: {
      a: { of: "failure", at: 1000, problem: null, tries: 0 },
      b: { of: "failure", at: 1001, problem: null, tries: 0 },
    },
  });
  assert.equal(told.facts.get("switch:nightly")?.value, false);
  assert.deepEqual(told.facts.get("partition:req:k")?.value, { borough: "Q" });
});

Deno.test("an export and an observation are remembered", () => {
  const state = folded(exported({}, "d1"), exported({}, "d2"), {
    kind: "observed",
    asset: asset("src"),
    partition: part(""),
    dataVersion: versionId("etag"),
    metadata: { rows: 1 },
  });
  assert.equal(state.exports.get(stepKey(asset("trips"), part("")))?.of, "d2");
  assert.equal(headOf(state, "src").published?.output, "nothing");
  assert.equal(headOf(state, "src").published?.dataVersion, "etag");
});

Deno.test("an event of a kind that nobody knows yet only moves the state's place in the log", () => {
  const state = folded(started(), made());
  const before = structuredClone(state.heads);
  const strange = { kind: "teleported", asset: "trips", partition: "" } as unknown as Event;
  fold(state, { id: 3, at: 1, event: strange });
  assert.equal(state.last, 3);
  assert.deepEqual(state.heads, before);
});

Deno.test("since: retention keeps what the head stands on, from the claim of what is published", () => {
  const state = folded(
    started(),
    failed(),
    started({ attempt: "t2" }),
    made({ attempt: "t2" }),
    started({ attempt: "t3" }),
    failed({ attempt: "t3" }),
  );
  assert.deepEqual([headOf(state).since, headOf(state).event], [3, 6]);
  assert.equal(headOf(folded(started(), failed())).since, 1);
  assert.equal(claimOf(state), null);
  assert.equal(attemptId("t3"), headOf(state).failure?.attempt);
  assert.equal(holderId("h1"), claimOf(folded(started()))?.holder);
});
