// Which steps a tick makes due, and until when: a kill between the tick and its run must lose nothing.

import assert from "node:assert/strict";
import { clockworkOf } from "../../../src/app/due.ts";
import { tickEvents } from "../../../src/core/automation/ticks.ts";
import type { AssetDefinition, ScheduleDefinition } from "../../../src/core/definition.ts";
import { emptyState, fold } from "../../../src/core/fold.ts";
import type { Head, State } from "../../../src/core/heads.ts";
import type { RunId } from "../../../src/core/key.ts";
import { makeLayout } from "../../../src/core/layout_make.ts";
import { plan, scopeOf } from "../../../src/core/plan.ts";
import { around, asset, months, project } from "../../kit/definitions.ts";
import { failure, head, published } from "../../kit/heads.ts";

const at = (text: string) => Date.parse(text);
const MONDAY: ScheduleDefinition = {
  name: "mondays",
  cron: "0 6 * * 1",
  timezone: "UTC",
  select: "a",
  catchUp: "latest",
  catchUpLimit: 10,
  overlap: "skip",
  origin: { file: "assets/s.ts", line: 1, exportName: "s" },
};

interface World {
  readonly state: State;
  readonly assets: readonly AssetDefinition[];
  readonly schedules: readonly ScheduleDefinition[];
}

function put(state: State, one: Head): void {
  const heads = state.heads.get(one.asset) ?? new Map();
  heads.set(one.partition, one);
  state.heads.set(one.asset, heads);
}

/** What would run at `now`, with its reasons; `record` leaves the ticks in the log. */
function look(world: World, now: number, record = false): readonly string[] {
  const { state, assets, schedules } = world;
  const definition = project(assets, { schedules });
  const layout = makeLayout(definition, state, now);
  assert.ok(layout.ok);
  const plain = () => around({ now });
  const clock = clockworkOf(definition, layout.value, state, now, new Set(), plain);
  const found = plan(
    layout.value,
    state,
    scopeOf(layout.value.graph.keys),
    around({ now, due: clock.due }),
  );
  if (record) {
    for (const event of tickEvents(state, clock.ticks, "r1" as RunId, () => null)) {
      fold(state, { id: state.last + 1, at: now, event });
    }
  }
  return found.steps.map(({ key, reasons }) => `${key} ${reasons.map(({ kind }) => kind)}`);
}

function world(assets: readonly AssetDefinition[], schedules = [MONDAY]): World {
  const state = emptyState();
  state.last = 10;
  return { state, assets, schedules };
}

const SEEN = at("2024-01-10T12:00Z"); // a Wednesday
const TICK = at("2024-01-15T06:00Z");

function made(name: string, when: string, partition = "", since = 1): Head {
  return published(name, partition, { at: at(when), event: since }, { since, event: since });
}

Deno.test("a tick makes due what it selects, until an attempt that began after it", () => {
  const it = world([asset("a"), asset("b")]);
  put(it.state, made("a", "2024-01-10T00:00Z"));
  put(it.state, made("b", "2024-01-10T00:00Z"));
  look(it, SEEN, true);
  assert.deepEqual(look(it, TICK - 1), []);
  assert.deepEqual(look(it, TICK), ["a due"]);
  // It is noted, and the process dies before it runs: it stays due, however late one looks.
  look(it, TICK, true);
  assert.deepEqual(look(it, TICK + 86_400_000), ["a due"]);
  put(it.state, made("a", "2024-01-16T07:00Z", "", it.state.last + 1));
  assert.deepEqual(look(it, TICK + 2 * 86_400_000), []);
});

Deno.test("a run that began before the tick does not answer it", () => {
  const it = world([asset("a")]);
  put(it.state, made("a", "2024-01-10T00:00Z"));
  look(it, SEEN, true);
  look(it, TICK, true);
  const long = published("a", "", { at: TICK + 60_000, seconds: 600, event: 20 }, { since: 3 });
  put(it.state, long);
  assert.deepEqual(look(it, TICK + 120_000), ["a due"]);
});

Deno.test("a tick that failed is used up: the cool-down holds, not the tick", () => {
  const it = world([asset("a")]);
  put(it.state, made("a", "2024-01-10T00:00Z"));
  look(it, SEEN, true);
  look(it, TICK, true);
  put(
    it.state,
    head("a", "", {
      published: made("a", "2024-01-10T00:00Z").published,
      failure: failure("a", { at: TICK + 1000 }),
      since: 1,
      event: it.state.last + 5,
    }),
  );
  assert.deepEqual(look(it, TICK + 2000), []);
  assert.deepEqual(look(it, TICK + 2 * 60_000), ["a failed"]);
});

Deno.test("what runs by cron alone waits for its tick, whatever else is a reason", () => {
  const own = asset("a", {
    automation: "cron",
    schedule: { cron: "0 6 * * 1", timezone: null },
  });
  const it = world([own], []);
  look(it, SEEN, true);
  assert.deepEqual(look(it, SEEN + 1000), [], "missing, and held");
  assert.deepEqual(look(it, TICK), ["a missing,due"]);
});

Deno.test("of a partitioned asset the newest window of then is due, and no later one", () => {
  const it = world([asset("a", { partitions: months("2023-10", null) })]);
  for (const key of ["2023-10", "2023-11", "2023-12"]) {
    put(it.state, made("a", "2024-01-10T00:00Z", key));
  }
  look(it, SEEN, true);
  assert.deepEqual(look(it, TICK), ["a[2023-12] due"]);
  look(it, TICK, true);
  put(it.state, made("a", "2024-01-16T00:00Z", "2023-12", it.state.last + 1));
  // January is over: it is missing, and no tick has asked for it.
  assert.deepEqual(look(it, at("2024-02-02T00:00Z")).filter((each) => /2024-01/.test(each)), [
    "a[2024-01] missing",
  ]);
});

Deno.test("a schedule and the asset's own cron add up", () => {
  const own = asset("a", { schedule: { cron: "0 6 * * 2", timezone: null } });
  const it = world([own]);
  put(it.state, made("a", "2024-01-10T00:00Z"));
  look(it, SEEN, true);
  assert.deepEqual(look(it, TICK, true), ["a due"]);
  put(it.state, made("a", "2024-01-15T06:00:01Z", "", it.state.last + 1));
  assert.deepEqual(look(it, TICK + 3_600_000), []);
  assert.deepEqual(look(it, TICK + 86_400_000), ["a due"]);
});

Deno.test("a schedule that selects nothing asks for nothing", () => {
  const it = world([asset("a")], [{ ...MONDAY, select: "nothing_such" }]);
  put(it.state, made("a", "2024-01-10T00:00Z"));
  look(it, SEEN, true);
  assert.deepEqual(look(it, TICK, true), []);
});

Deno.test("what is past its freshness is made before what a tick asks for", () => {
  const eggs = asset("eggs", {
    automation: "cron",
    schedule: { cron: "0 0 1 1 *", timezone: null },
    freshness: { kind: "within", withinMs: 86_400_000, warnMs: null, refresh: null },
  });
  const it = world([eggs, asset("a", { deps: ["eggs"] })]);
  put(it.state, made("eggs", "2024-01-10T00:00Z"));
  put(it.state, made("a", "2024-01-10T00:00Z"));
  look(it, SEEN, true);
  const found = look(it, TICK);
  assert.match(found[0] ?? "", /^eggs due/);
  assert.match(found[1] ?? "", /^a .*due/);
});
