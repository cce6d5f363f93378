/** Every command line that a key stands for is one that the program takes. */
import { deepEqual, equal, ok } from "node:assert/strict";
import type { RunHead } from "../../src/core/heads.ts";
import { Command } from "commander";
import { declaredCommands } from "../../src/cli/program.ts";
import { type Acting, actingOn, commandLine, wordsOf } from "../../src/dashboard/acting.ts";
import { type Action, BINDINGS } from "../../src/dashboard/bindings.ts";
import type { Subject } from "../../src/dashboard/screen.ts";
import { asset } from "../kit/definitions.ts";
import { failing, made, World } from "../kit/world.ts";
import { board } from "./kit.ts";

const ASSETS = [
  asset("orders", { group: "raw" }),
  asset("sales", { group: "reports", deps: ["orders"] }),
  asset("seen", { kind: "source" }),
];

async function data() {
  const world = new World();
  const { state } = await world.up(
    ASSETS,
    async (order, hooks) =>
      order.definition.key === "sales" ? failing("no") : await made()(order, hooks),
  );
  const run = { run: "01run", state: "running" } as RunHead;
  const claim = { asset: "orders", run: "01run" } as never;
  const found = board(ASSETS, { state, runs: [run], claims: [claim] });
  const statuses = new Map(
    [...found.statuses].map(([key, status]) => [key, { ...status, pinned: true }] as const),
  );
  return { ...found, statuses };
}

const marked = (from: string, to: string) => ({ from, to, count: from === to ? 1 : 3 });
const ORDERS: Subject = { kind: "asset", asset: "orders" };
const RUN: Subject = { kind: "run", run: "01run" };
const schedule = (on: boolean): Subject => ({ kind: "schedule", name: "nightly", on });
const sensor = (on: boolean): Subject => ({ kind: "sensor", name: "requests", on });
const SUBJECTS: readonly Subject[] = [
  null,
  ORDERS,
  { kind: "asset", asset: "sales" },
  { kind: "asset", asset: "sales", partitions: marked("2023-01", "2023-01") },
  { kind: "asset", asset: "sales", partitions: marked("2023-01", "2023-03") },
  { kind: "asset", asset: "sales", partitions: marked("-odd key", "-odd key") },
  { kind: "asset", asset: "sales", partitions: { ...marked("a", "c"), keys: ["a", "c"] } },
  { kind: "asset", asset: "sales", back: 2 },
  { kind: "group", group: "reports" },
  RUN,
  ...[true, false].flatMap((on) => [schedule(on), sensor(on)]),
  { kind: "file", file: "assets/a.sql", line: 1 },
];

const ACTIONS = BINDINGS.filter((each) => each.acts && each.action !== "edit").map((each) =>
  each.action
);

async function all(): Promise<readonly (readonly [Action, Subject, Acting])[]> {
  const known = await data();
  return ACTIONS.flatMap((action) =>
    SUBJECTS.flatMap((subject): (readonly [Action, Subject, Acting])[] => {
      const found = actingOn(action, subject, known);
      return found === null || typeof found === "string" ? [] : [[action, subject, found]];
    })
  );
}

Deno.test("every key that acts comes to a command, and to one that the program parses", async () => {
  const found = await all();
  for (const action of ACTIONS) ok(found.some(([of]) => of === action), `${action} does nothing`);
  for (const [action, subject, { argv }] of found) {
    const told = `${action} on ${JSON.stringify(subject)}: ${commandLine(argv)}`;
    // Commander keeps what it parsed: each line has commands of its own.
    const [, ...commands] = await declaredCommands();
    const program = new Command().exitOverride();
    let taken: Command | null = null;
    for (const each of commands) {
      each.exitOverride().configureOutput({ writeErr: () => {} })
        .action(() => void (taken = each));
      program.addCommand(each);
    }
    await program.parseAsync([...argv], { from: "user" });
    equal((taken as Command | null)?.name(), argv[0], told);
    deepEqual(wordsOf(commandLine(argv)).slice(1), argv, "it can be typed as it is shown");
  }
});

Deno.test("what each key stands for on schedules, sensors and runs, and what is asked about first", async () => {
  const known = await data();
  const rows: readonly (readonly [Action, Subject, string, asks: boolean])[] = [
    ["switch", schedule(true), "nycflow schedules off nightly", true],
    ["switch", schedule(false), "nycflow schedules on nightly", false],
    ["tick", schedule(true), "nycflow schedules tick nightly", true],
    ["switch", sensor(true), "nycflow sensors off requests", true],
    ["switch", sensor(false), "nycflow sensors on requests", false],
    ["tick", sensor(true), "nycflow sensors tick requests", false],
    ["retry", { kind: "run", run: "02run" }, "nycflow retry 02run", false],
    ["cancel", RUN, "nycflow cancel 01run", true],
    ["cancel", ORDERS, "nycflow cancel 01run", true],
  ];
  for (const [action, subject, line, asks] of rows) {
    const found = actingOn(action, subject, known);
    ok(found !== null && typeof found !== "string", line);
    equal(commandLine(found.argv), line);
    equal(found.ask !== null, asks, line);
  }
  equal(
    actingOn("retry", RUN, known),
    "this run is not over yet: there is nothing to retry",
  );
});
