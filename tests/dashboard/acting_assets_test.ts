/** What acting keys stand for on assets, their partitions and versions: the command line, and what is asked before. */
import { equal } from "node:assert/strict";
import { emptyState } from "../../src/core/fold.ts";
import type { AssetKey } from "../../src/core/key.ts";
import { actingOn } from "../../src/dashboard/acting.ts";
import type { Action } from "../../src/dashboard/bindings.ts";
import type { Subject } from "../../src/dashboard/screen.ts";
import { asset, months } from "../kit/definitions.ts";
import { failure, head, published } from "../kit/heads.ts";
import { board } from "./kit.ts";

const state = emptyState();
state.heads.set(
  "month" as AssetKey,
  new Map(["2023-02", "2023-04"].map((key) => [
    key as never,
    head("month", key, { failure: failure("month") }),
  ])),
);
state.heads.set(
  "pinned" as AssetKey,
  new Map([["" as never, {
    ...published("pinned"),
    pinned: { at: 1, text: "rolled back", code: "code of pinned" },
  }]]),
);
const DATA = board([
  asset("month", { partitions: months("2022-01", "2024-01") }),
  asset("pinned", { deps: ["month"] }),
  asset("given", { kind: "source" }),
], { state });

const block = (from: string, to: string, count: number, keys?: readonly string[]): Subject => ({
  kind: "asset",
  asset: "month",
  partitions: { from, to, count, ...(keys === undefined ? {} : { keys }) },
});
const whole = (name: string): Subject => ({ kind: "asset", asset: name });

const CASES: readonly [action: Action, subject: Subject, does: string][] = [
  ["run", whole("pinned"), "run pinned"],
  ["run", whole("month"), "? run month"],
  ["run", block("2023-01", "2023-01", 1), "run month --partition 2023-01"],
  ["run", block("2023-01", "2023-03", 3), "run month --from 2023-01 --to 2023-03"],
  ["run", block("2023-01", "2024-03", 15), "? run month --from 2023-01 --to 2024-03"],
  ["run", block("a", "c", 2, ["a", "c"]), "run month --partition a --partition c"],
  ["run", whole("given"), "given is a source: others write it, and it is never run"],
  ["run-downstream", whole("month"), "? run month+"],
  ["force", whole("pinned"), "? run pinned --force"],
  ["retry", whole("month"), "run month --partition 2023-02 --partition 2023-04"],
  ["retry", whole("pinned"), "pinned has not failed"],
  ["backfill", whole("month"), "mark partitions of month first"],
  ["backfill", block("2023-01", "2023-03", 3), "? backfill month --from 2023-01 --to 2023-03"],
  ["backfill", block("a", "c", 2, ["a", "c"]), "? backfill month --partition a --partition c"],
  ["backfill", null, "there is no asset to backfill here"],
  ["rollback", whole("pinned"), "? rollback pinned"],
  ["rollback", { kind: "asset", asset: "pinned", back: 3 }, "? rollback pinned --back 3"],
  ["rollback", block("2023-01", "2023-01", 1), "? rollback month --partition 2023-01"],
  [
    "rollback",
    block("2023-01", "2023-03", 3),
    "one partition at a time is rolled back: unmark the block first",
  ],
  ["unpin", whole("pinned"), "unpin pinned"],
  ["unpin", whole("month"), "month is not pinned"],
  ["cancel", whole("month"), "nothing is at work on month"],
];

for (const [action, subject, does] of CASES) {
  const of = subject?.kind === "asset"
    ? JSON.stringify({ ...subject, kind: undefined })
    : "nothing";
  Deno.test(`acting: ${action} of ${of}`, () => {
    const found = actingOn(action, subject, DATA);
    const told = found === null || typeof found === "string"
      ? found
      : `${found.ask === null ? "" : "? "}${found.argv.join(" ")}`;
    equal(told, does);
  });
}
