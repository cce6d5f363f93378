// The rules of an `up` that stays, over a clock and children that the test moves: what is started when, who does it,
// how it ends, and that a month of it leaves nothing behind.

import assert from "node:assert/strict";
import type { StartedChild } from "../../src/automation/children.ts";
import { type Look, Supervisor } from "../../src/automation/supervisor.ts";
import type { StepKey } from "../../src/core/key.ts";
import type { ChildEnd, Resident, StayEvent } from "../../src/ports/stay.ts";
import { DrivenClock, settle } from "../kit/driven_clock.ts";

const MINUTE = 60_000;
const START = Date.parse("2024-01-01T00:00:00Z");

interface Started {
  readonly args: readonly string[];
  readonly signals: string[];
  say(line: string): void;
  end(end?: ChildEnd): void;
}

/** One machine: who has the project, and a clock for all. */
class Machine {
  readonly clock = new DrivenClock(START);
  holder: Resident | null = null;

  up(pid: number): Up {
    return new Up(this, pid);
  }
}

class Up {
  /** What the next looks find; it stays until it is changed. */
  found: Partial<Look> = {};
  looks = 0;
  readonly started: Started[] = [];
  readonly events: StayEvent[] = [];
  readonly staying: Supervisor;
  changed: () => void = () => {};

  constructor(machine: Machine, pid: number) {
    this.staying = new Supervisor({
      clock: machine.clock,
      look: () => {
        this.looks++;
        return Promise.resolve({
          steps: new Map(),
          queued: false,
          next: machine.clock.now() + MINUTE,
          folders: new Map(),
          last: 0,
          ...this.found,
        });
      },
      forget: () => {},
      start: (args, _asked, line) => this.#start(args, line),
      upArgs: (assets) => ["up", ...assets],
      take: () => {
        if (machine.holder !== null) return null;
        machine.holder = { pid, since: machine.clock.now(), command: "nycflow up", log: null };
        return { [Symbol.dispose]: () => machine.holder = null };
      },
      holder: () => machine.holder,
      watch: (changed) => {
        this.changed = changed;
        return { follow: () => {}, [Symbol.dispose]: () => {} };
      },
      tell: (event) => this.events.push(event),
    });
  }

  #start(args: readonly string[], line: (stream: "out" | "err", line: string) => void) {
    let settleEnd: (end: ChildEnd) => void = () => {};
    const signals: string[] = [];
    const started: Started = {
      args,
      signals,
      say: (text) => line("err", text),
      end: (end = { kind: "exited", code: 0 }) => settleEnd(end),
    };
    this.started.push(started);
    const child: StartedChild = {
      pid: 1000 + this.started.length,
      ended: new Promise((resolve) => settleEnd = resolve),
      kill: (signal) => signals.push(signal),
    };
    return child;
  }

  told(kind: StayEvent["kind"]): readonly StayEvent[] {
    return this.events.filter((event) => event.kind === kind);
  }
}

const steps = (...keys: string[]) => new Map(keys.map((key) => [key as StepKey, key]));

Deno.test("one stays, one looks on, and takes over within half a second of the other's end", async () => {
  const machine = new Machine();
  const first = machine.up(1), second = machine.up(2);
  const ended = first.staying.run();
  await settle();
  void second.staying.run();
  await settle();
  assert.deepEqual([first.staying.role, second.staying.role], ["resident", "onlooker"]);
  assert.equal(second.staying.by?.pid, 1);
  assert.equal(second.looks, 0, "it looks at nothing while another does");
  await machine.clock.move(10 * MINUTE);
  assert.equal(second.told("role").length, 1, "told once");
  first.staying.stop("end");
  await ended;
  assert.equal(first.staying.role, "ended");
  await machine.clock.move(500);
  assert.equal(second.staying.role, "resident");
  assert.equal(second.looks, 1);
  second.staying.stop("wait");
  await settle();
  assert.equal(machine.holder, null);
  assert.equal(machine.clock.sleepers, 0);
});

Deno.test("one that only looks on does what a person asks for, and nothing by itself", async () => {
  const machine = new Machine();
  machine.holder = { pid: 9, since: START, command: "nycflow up", log: null };
  const up = machine.up(2);
  up.found = { steps: steps("a") };
  const ended = up.staying.run();
  const answer = up.staying.request(["run", "b"]);
  await machine.clock.move(MINUTE);
  assert.deepEqual(up.started.map(({ args }) => args), [["run", "b"]]);
  assert.deepEqual(up.staying.children().map(({ asked, pid }) => [asked, pid]), [[true, 1001]]);
  up.started[0]?.say("✓ b");
  up.started[0]?.end({ kind: "exited", code: 1 });
  assert.deepEqual(await answer, { end: { kind: "exited", code: 1 }, out: [], err: ["✓ b"] });
  assert.deepEqual(up.staying.children(), []);
  const [said] = up.told("child-said");
  assert.ok(said?.kind === "child-said" && said.line === "✓ b" && said.child.args[0] === "run");
  up.staying.stop("wait");
  await ended;
});

Deno.test("what no child does yet gets one, at most three at once, and none twice", async () => {
  const machine = new Machine();
  const up = machine.up(1);
  up.found = { steps: steps("a", "b"), last: 1 };
  void up.staying.run();
  await settle();
  assert.deepEqual(up.started.map(({ args }) => args), [["up"]]);
  await machine.clock.move(3 * MINUTE);
  assert.equal(up.started.length, 1, "both are in hand");
  for (const [at, name] of ["c", "d", "e"].entries()) {
    up.found = {
      steps: steps("a", "b", "c", "d", "e").entries().take(3 + at).reduce(
        (map, [key, asset]) => map.set(key, asset),
        new Map<StepKey, string>(),
      ),
    };
    up.changed();
    await settle();
    assert.equal(up.started.length, Math.min(3, 2 + at), name);
  }
  assert.deepEqual(up.started.map(({ args }) => args), [["up"], ["up", "c"], ["up", "d"]]);
  up.started[1]?.end();
  await settle();
  // What c did is done: nothing of it is found any more.
  assert.equal(up.started.length, 4);
  up.staying.stop("kill");
  up.started.forEach((each) => each.end());
  await settle();
});

Deno.test("a due instant wakes it then, and not a minute later", async () => {
  const machine = new Machine();
  const up = machine.up(1);
  up.found = { next: START + 17_000 };
  void up.staying.run();
  await machine.clock.move(16_999);
  assert.equal(up.looks, 1);
  up.found = { steps: steps("a"), next: START + MINUTE };
  await machine.clock.move(1);
  assert.equal(up.looks, 2);
  assert.equal(up.started.length, 1);
  up.staying.stop("kill");
  up.started[0]?.end();
  await settle();
});

Deno.test("what changes nothing is tried less and less often, and at once when something has changed", async () => {
  const machine = new Machine();
  const up = machine.up(1);
  up.found = { steps: steps("a"), last: 5 };
  void up.staying.run();
  const fail = async () => {
    up.started.at(-1)?.end({ kind: "exited", code: 1 });
    await settle();
  };
  await settle();
  await fail();
  await machine.clock.move(4_999);
  assert.equal(up.started.length, 1);
  await machine.clock.move(1);
  assert.equal(up.started.length, 2);
  await fail();
  await machine.clock.move(9_999);
  assert.equal(up.started.length, 2);
  await machine.clock.move(1);
  assert.equal(up.started.length, 3);
  await fail();
  up.found = { steps: steps("a"), last: 6 };
  up.changed();
  await settle();
  assert.equal(up.started.length, 4);
  up.staying.stop("kill");
  await fail();
});

Deno.test("the first stop starts nothing more and waits, the second ends, and a grace later it kills", async () => {
  const machine = new Machine();
  const up = machine.up(1);
  up.found = { steps: steps("a") };
  let over = false;
  const ended = up.staying.run().then(() => over = true);
  await settle();
  up.staying.stop("wait");
  const [stopping] = up.told("stopping");
  assert.ok(stopping?.kind === "stopping" && stopping.children.length === 1);
  assert.deepEqual(up.started[0]?.signals, ["SIGINT"]);
  up.found = { steps: steps("a", "b") };
  up.changed();
  await machine.clock.move(60 * MINUTE);
  assert.equal(up.started.length, 1);
  assert.equal(over, false, "it waits as long as that takes");
  const refused = await up.staying.request(["run", "c"]);
  assert.equal(refused.end.kind, "not-started");
  up.staying.stop("wait");
  assert.deepEqual(up.started[0]?.signals, ["SIGINT"], "a milder or equal stop says nothing new");
  up.staying.stop("end");
  assert.deepEqual(up.started[0]?.signals, ["SIGINT", "SIGTERM"]);
  await machine.clock.move(9_999);
  assert.equal(up.started[0]?.signals.length, 2);
  await machine.clock.move(1);
  assert.deepEqual(up.started[0]?.signals, ["SIGINT", "SIGTERM", "SIGKILL"]);
  assert.equal(over, false);
  up.started[0]?.end({ kind: "killed", signal: "SIGKILL" });
  await ended;
  assert.equal(machine.holder, null);
  assert.equal(machine.clock.sleepers, 0);
});

Deno.test("a child that cannot be started is told, and the next try waits", async () => {
  const machine = new Machine();
  const up = machine.up(1);
  up.found = { steps: steps("a") };
  void up.staying.run();
  await settle();
  up.started[0]?.end({ kind: "not-started", why: "there is no such program" });
  await settle();
  const [end] = up.told("child-ended");
  assert.ok(end?.kind === "child-ended" && end.end.kind === "not-started");
  assert.equal(up.started.length, 1);
  up.staying.stop("kill");
  await settle();
});

Deno.test("a simulated month of ticks starts each once and leaves nothing behind", async () => {
  const machine = new Machine();
  const up = machine.up(1);
  let last = 0;
  const HOUR = 60 * MINUTE;
  up.found = { next: START + HOUR };
  void up.staying.run();
  for (let hour = 1; hour <= 31 * 24; hour++) {
    up.found = { steps: steps("a"), last: ++last, next: START + (hour + 1) * HOUR };
    await machine.clock.move(HOUR - (hour === 1 ? 0 : 5_000));
    up.found = { last: ++last, next: START + (hour + 1) * HOUR };
    up.started.at(-1)?.end();
    await machine.clock.move(5_000);
    up.events.length = 0;
  }
  assert.equal(up.started.length, 31 * 24);
  assert.equal(machine.clock.sleepers, 1);
  up.staying.stop("wait");
  await settle();
  assert.equal(machine.clock.sleepers, 0);
  assert.deepEqual(up.staying.children(), []);
});
