/** Ctrl-C once and twice, SIGTERM, hang-up, a reader that goes away: exit codes, a sound state, no child left. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import process from "node:process";
import { makePuppets } from "../rig/puppets.ts";
import { eitherWay, makeRig } from "../rig/program.ts";
import { assertSound } from "./sound.ts";

async function project() {
  const puppets = await makePuppets();
  const rig = makeRig({
    via: eitherWay(),
    files: {
      "assets/one.ts": puppets.asset("one"),
      "assets/two.sql": "select * from one",
    },
  });
  return { puppets, rig };
}

const isThere = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

Deno.test("signals: the first Ctrl-C waits for what runs, and starts nothing more", async () => {
  const { puppets, rig } = await project();
  await using _puppets = puppets;
  await using _rig = rig;
  const live = rig.start(["up"]);
  const one = await puppets.started("one");
  live.kill("SIGINT");
  await live.until(/stopping: what runs is waited for/);
  one.end([{ n: 1 }]);
  const { code, stderr } = await live.ended;
  equal(code, 130, stderr);
  await one.gone;
  const { events } = await assertSound(rig.folder, { settled: true, swept: true });
  deepEqual(events.flatMap(({ event }) => event.kind === "run-ended" ? [event.outcome] : []), [
    "cancelled",
  ]);
  deepEqual(events.filter(({ event }) => event.kind === "materialized").length, 1);
});

const ENDS: readonly [string, readonly NodeJS.Signals[], number][] = [
  ["a second Ctrl-C", ["SIGINT", "SIGINT"], 130],
  ["SIGTERM", ["SIGTERM"], 143],
  ["a hang-up", ["SIGHUP"], 129],
];

for (const [name, signals, expected] of ENDS) {
  Deno.test(`signals: ${name} ends what runs, code that heeds nothing included`, async () => {
    const { puppets, rig } = await project();
    await using _puppets = puppets;
    await using _rig = rig;
    const live = rig.start(["up"]);
    const one = await puppets.started("one");
    one.spin();
    const [first, ...others] = signals;
    live.kill(first);
    for (const each of others) {
      await live.until(/stopping/);
      live.kill(each);
    }
    const { code, stderr } = await live.ended;
    equal(code, expected, stderr);
    await one.gone;
    ok(!isThere(one.pid), "the runner is gone");
    const { state, events } = await assertSound(rig.folder, { settled: true, swept: true });
    const ends = events.flatMap(({ event }) =>
      event.kind === "step-ended" ? [`${event.asset} ${event.outcome}`] : []
    );
    deepEqual(ends.sort(), ["one cancelled", "two cancelled"]);
    equal(state.heads.get("one" as never)?.size ?? 0, 0, "no head: nothing came of it");
    const again = rig.start(["retry"]);
    (await puppets.started("one")).end([{ n: 1 }]);
    equal((await again.ended).code, 0);
  });
}

Deno.test("signals: a reader that goes away ends the run in order, with 0", async () => {
  const { puppets, rig } = await project();
  await using _puppets = puppets;
  await using _rig = rig;
  const main = new URL("../../main.ts", import.meta.url).pathname;
  // The reader takes three lines, the start of the step with them, and goes; what runs is ended by the next thing that is told.
  const command = `"${Deno.execPath()}" run -A "${main}" -C "${rig.folder}" up --json`;
  await using piped = makeRig({
    via: eitherWay(),
    command: ["/bin/bash", "-c", `${command} | head -n 3; echo "code \${PIPESTATUS[0]}" >&2`],
  });
  const live = piped.start([]);
  (await puppets.started("one")).end([{ n: 1 }]);
  const { stderr } = await live.ended;
  match(stderr, /code 0/);
  await assertSound(rig.folder, { settled: true });
});

Deno.test("signals: `cancel` ends the run of another process, and says so", async () => {
  const { puppets, rig } = await project();
  await using _puppets = puppets;
  await using _rig = rig;
  const live = rig.start(["up"]);
  const one = await puppets.started("one");
  const said = await rig.json(["cancel", "--json"]) as {
    run: string;
    outcome: string;
    state: string;
  };
  deepEqual([said.outcome, said.state], ["ended", "cancelled"]);
  equal((await live.ended).code, 143);
  await one.gone;
  const over = await rig.run(["cancel", said.run]);
  equal(over.code, 0);
  match(over.stderr, /is not running: it cancelled/);
  await assertSound(rig.folder, { settled: true, swept: true });
});

Deno.test("signals: a stopped holder is alive: its work is left to it, and published once", async () => {
  const { puppets, rig } = await project();
  await using _puppets = puppets;
  await using _rig = rig;
  const live = rig.start(["up"]);
  const one = await puppets.started("one");
  process.kill(live.pid, "SIGSTOP");
  try {
    const up = await rig.run(["up"]);
    deepEqual([up.code, up.stderr], [0, ""]);
    const run = await rig.run(["run", "one"]);
    equal(run.code, 3);
    match(run.stderr, new RegExp(`process ${live.pid} works on it`));
    one.end([{ n: 1 }]);
  } finally {
    process.kill(live.pid, "SIGCONT");
  }
  equal((await live.ended).code, 0);
  const { events } = await assertSound(rig.folder, { settled: true, swept: true });
  const made = events.flatMap(({ event }) => event.kind === "materialized" ? [event.asset] : []);
  deepEqual(made.sort(), ["one", "two"]);
});

Deno.test("signals: the process of a run is killed: its runner goes with it, `up` goes on at once", async () => {
  const { puppets, rig } = await project();
  await using _puppets = puppets;
  await using _rig = rig;
  const live = rig.start(["up"]);
  const one = await puppets.started("one");
  one.spin();
  process.kill(live.pid, "SIGKILL");
  await one.gone;
  await live.ended;
  const next = rig.start(["up"]);
  (await puppets.started("one")).end([{ n: 1 }]);
  equal((await next.ended).code, 0);
  await assertSound(rig.folder, { settled: true, swept: true });
});
