// What a dashboard is measured over: a project with a long history, and a run that tells many events a second.
//
//   busy.ts FOLDER history N      N runs that are over are added to the history
//   busy.ts FOLDER emit RATE S    a live run tells RATE events a second for S seconds

import process from "node:process";
import { realHost } from "../../src/app/host.ts";
import { Session } from "../../src/app/session.ts";
import type { Event } from "../../src/core/event.ts";
import type { AttemptId, RunId, VersionId } from "../../src/core/key.ts";

const [folder = ".", what, first = "0", second = "0"] = process.argv.slice(2);
await using session = new Session(realHost(["bench"]), folder, true);
const view = await session.view();
const { layout, state } = view;
const store = await session.store();
const liveness = await session.liveness();
const holder = await liveness.hold();
const newId = () => session.host.ids.next();
const none = {
  succeeded: 0,
  unchanged: 0,
  failed: 0,
  skipped: 0,
  blocked: 0,
  cancelled: 0,
  interrupted: 0,
};

function begun(run: RunId): readonly Event[] {
  return [
    {
      kind: "run-requested",
      run,
      trigger: { kind: "up", of: null },
      selection: "",
      requestKey: null,
      settings: {},
    },
    { kind: "run-started", run, holder, command: "nycflow up", steps: [], total: 1000 },
  ];
}

if (what === "history") {
  let at = view.now - Number(first) * 60_000;
  for (let made = 0; made < Number(first); made += 500) {
    await store.commit(state, at, () => {
      const events: Event[] = [];
      for (let n = 0; n < 500 && made + n < Number(first); n++) {
        const run = newId() as RunId;
        events.push(...begun(run), {
          kind: "run-ended",
          run,
          outcome: n % 20 === 0 ? "failed" : "succeeded",
          steps: { ...none, succeeded: 10 },
          seconds: 12,
        });
      }
      return events;
    });
    at += 500 * 60_000;
  }
} else {
  const run = newId() as RunId;
  const now = () => session.host.clock.now();
  await store.commit(state, now(), () => begun(run));
  const rate = Number(first);
  const until = performance.now() + Number(second) * 1000;
  const keys = layout.graph.keys;
  for (let n = 0; performance.now() < until; n++) {
    const asset = keys[n % keys.length]!;
    const [partition] = layout.keys(asset);
    const head = state.heads.get(asset)?.get(partition!)?.published;
    if (!head || partition === undefined) continue;
    const of = { run, asset, partition, attempt: newId() as AttemptId };
    const version = newId() as VersionId;
    // A claim and its end, in two commits, as the engine has them.
    await store.commit(state, now(), () => [{
      kind: "attempt-started",
      ...of,
      number: 1,
      holder,
      action: "materialize",
      reasons: [],
      code: head.code,
      inputs: head.inputs,
      pool: null,
    }], { durable: false });
    await new Promise((resolve) => setTimeout(resolve, 1000 / rate));
    await store.commit(state, now(), () => [{
      kind: "materialized",
      ...of,
      version,
      dataVersion: head.dataVersion,
      output: "table",
      file: head.file,
      rows: head.rows,
      schema: head.schema,
      ordered: false,
      code: head.code,
      checksVersion: head.checksVersion,
      inputs: head.inputs,
      reads: [],
      checks: [],
      metadata: {},
      notes: [],
      seconds: 0.1,
    }], { durable: false });
    await new Promise((resolve) => setTimeout(resolve, 1000 / rate));
  }
  await store.commit(state, now(), () => [{
    kind: "run-ended",
    run,
    outcome: "succeeded",
    steps: none,
    seconds: Number(second),
  }]);
}
