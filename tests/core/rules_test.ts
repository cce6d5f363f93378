import assert from "node:assert/strict";
import type { Event } from "../../src/core/event.ts";
import { emptyState, fold } from "../../src/core/fold.ts";
import type { State } from "../../src/core/heads.ts";
import {
  deadOf,
  holdersOf,
  holdsClaim,
  interruptions,
  mayClaim,
  poolInUse,
} from "../../src/core/rules.ts";
import {
  asset,
  attemptId,
  holderId,
  log,
  made,
  part,
  requested,
  runStarted,
  started,
} from "../kit/events.ts";

function folded(...events: Event[]): State {
  const state = emptyState();
  for (const stored of log(events)) fold(state, stored);
  return state;
}

const nobody = new Set<never>();

Deno.test("a step is claimed by one; a claim of the dead counts no more, one of the unknown does", () => {
  const state = folded(started({}, { holder: holderId("h9") }));
  const may = (dead: ReadonlySet<ReturnType<typeof holderId>>) =>
    mayClaim(state, asset("trips"), part(""), dead);
  assert.equal(may(nobody).ok, false);
  assert.equal(may(new Set([holderId("h1")])).ok, false);
  assert.equal(may(new Set([holderId("h9")])).ok, true);
  assert.equal(mayClaim(state, asset("trips"), part("2023"), nobody).ok, true);
  assert.ok(holdsClaim(state, asset("trips"), part(""), attemptId("t1")));
  assert.ok(!holdsClaim(state, asset("trips"), part(""), attemptId("t0")));
});

Deno.test("a pool counts each attempt once, and none of the dead", () => {
  const pool = { name: "downloads", slots: 2 };
  const state = folded(
    started({ asset: "a" }, { pool }),
    started({ asset: "a_too" }, { pool }),
    started({ asset: "b", attempt: "t2" }, { pool, holder: holderId("h2") }),
    started({ asset: "c", attempt: "t3" }, { pool: { name: "other", slots: 7 } }),
    started({ asset: "d", attempt: "t4" }),
  );
  assert.equal(poolInUse(state, "downloads", nobody), 4);
  assert.equal(poolInUse(state, "downloads", new Set([holderId("h2")])), 2);
  assert.equal(poolInUse(state, "empty", nobody), 0);
});

Deno.test("what the dead left open ends as interrupted, once, with what had finished counted", () => {
  const state = folded(
    requested("r1"),
    runStarted("r1", "h1"),
    requested("r2"),
    runStarted("r2", "h2"),
    requested("r3"),
    started({ asset: "a" }),
    made({ asset: "a" }),
    started({ asset: "b", attempt: "t2" }),
    started({ asset: "c", run: "r2", attempt: "t3" }, { holder: holderId("h2") }),
  );
  const asked = holdersOf(state);
  assert.deepEqual([...asked].sort(), ["h1", "h2"]);
  const dead = deadOf(asked, new Set([holderId("h2")]));
  const events = interruptions(state, dead);
  assert.deepEqual(
    events.map((event) => [event.kind, "asset" in event ? event.asset : event.kind]),
    [["step-ended", "b"], ["run-ended", "run-ended"]],
  );
  const end = events[1];
  assert.ok(end?.kind === "run-ended");
  assert.deepEqual([end.run, end.outcome, end.steps.succeeded, end.steps.interrupted], [
    "r1",
    "interrupted",
    1,
    1,
  ]);
  events.forEach((event, index) => fold(state, { id: 10 + index, at: 3000, event }));
  assert.deepEqual(interruptions(state, dead), []);
  assert.deepEqual([...state.runs.keys()], ["r2", "r3"]);
  assert.deepEqual([...state.claims.values()].map((claim) => claim.asset), ["c"]);
});
