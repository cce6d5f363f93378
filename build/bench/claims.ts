// What claiming, telling and publishing cost a step, without what it does: the engine over the real state store, with an
// executor that has each version at once. Beside it a log of one's own with the same two commits a step, one of them
// durable. In time of the processor, since what the disk takes for a durable commit is not ours.
//
//   claims.ts FOLDER     a project of SQL assets in which nothing has run; prints milliseconds a step as JSON

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { DatabaseSync } from "node:sqlite";
import { chooseUp } from "../../src/app/choose.ts";
import { realHost } from "../../src/app/host.ts";
import { openLogs } from "../../src/app/logs.ts";
import { Session } from "../../src/app/session.ts";
import type { StepOrder } from "../../src/core/order.ts";
import { run } from "../../src/engine/run.ts";

export interface ClaimFigures {
  readonly steps: number;
  /** Milliseconds of the processor a step. */
  readonly ours: number;
  readonly floor: number;
}

if (import.meta.main) console.log(JSON.stringify(await claims(process.argv[2] ?? ".")));

/** Measures once. */
export async function claims(folder: string): Promise<ClaimFigures> {
  await using session = new Session(realHost(["bench"]), folder, true);
  const view = await session.view();
  const nothing = { select: [], exclude: [], force: false, partitions: [], from: null, to: null };
  const { plan, around } = chooseUp(view, nothing);
  const { host } = session;
  const liveness = await session.liveness();
  const store = await session.store();
  const holder = await liveness.hold();
  const never = new AbortController().signal;
  using logs = openLogs(folder, []);
  const used = process.cpuUsage();
  const result = await run({
    store,
    liveness,
    holder,
    executor: {
      execute: (order, hooks) => {
        hooks.log({ at: Date.now(), stream: "stdout", level: "info", text: "made" });
        return Promise.resolve(madeOf(order));
      },
      close: () => Promise.resolve(),
    },
    clock: host.clock,
    ids: host.ids,
    random: host.random,
    project: folder,
    discard: () => Promise.resolve(),
    point: () => {},
  }, {
    layout: view.layout,
    state: view.state,
    plan,
    around,
    trigger: { kind: "up", of: null },
    selection: "",
    requestKey: null,
    command: "bench",
    settings: {},
    projectSettings: {},
    timezone: "UTC",
    pools: {},
    limits: { memoryMb: 100, threads: 1, scratch: folder },
    concurrency: 2,
    failFast: false,
    waitMs: 0,
    joins: true,
    timeoutMs: null,
  }, {
    onEvents: () => {},
    onWaiting: () => {},
    onProgress: () => {},
    onLog: (run, step, number, line) => logs.write(run, step, number, line),
    stop: never,
    kill: never,
  });
  const steps = result.counts.succeeded;
  const ours = milliseconds(used) / steps;
  return { steps, ours, floor: floor(join(folder, ".nycflow", "tmp"), steps) };
}

function madeOf(order: StepOrder) {
  return {
    kind: "made" as const,
    seconds: 0,
    reads: [],
    candidates: order.outputs.map(({ asset, target }) => ({
      asset,
      output: "table" as const,
      file: { path: `${target}.parquet`, format: "parquet" as const, bytes: 1000 },
      rows: 100,
      schema: [{ name: "x", type: "BIGINT" }, { name: "y", type: "BIGINT" }],
      ordered: false,
      same: false,
      checks: [],
      metadata: {},
      notes: [],
    })),
  };
}

/** Milliseconds a step. */
function floor(folder: string, steps: number): number {
  mkdirSync(folder, { recursive: true });
  using db = new DatabaseSync(join(folder, "floor.db"));
  db.exec("pragma journal_mode = wal; create table events (id integer primary key, body text)");
  const insert = db.prepare("insert into events (body) values (?)");
  const used = process.cpuUsage();
  for (let at = 0; at < steps; at++) {
    for (const synchronous of ["normal", "full"]) {
      db.exec(`pragma synchronous = ${synchronous}; begin immediate`);
      insert.run("x".repeat(500));
      db.exec("commit");
    }
  }
  return milliseconds(used) / steps;
}

/** Of the processor since then: what else the machine does is not counted. */
function milliseconds(since: ReturnType<typeof process.cpuUsage>): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
}
