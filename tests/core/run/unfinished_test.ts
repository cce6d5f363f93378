/** What a run left undone, from its events alone. */
import { deepEqual } from "node:assert/strict";
import { unfinishedOf } from "../../../src/core/run/unfinished.ts";
import type { Event } from "../../../src/core/event.ts";
import { ended, failed, log, made, requested, runStarted, started } from "../../kit/events.ts";

const planned = (...names: string[]): Event => ({
  ...runStarted("r1", "h1", names.length),
  steps: names.map((name) => ({
    asset: name as never,
    partition: "" as never,
    reasons: [],
    certain: !name.startsWith("may"),
  })),
});

const CASES: readonly [string, readonly Event[], Readonly<Record<string, string>>][] = [
  ["what succeeded, was skipped or unchanged is done", [
    planned("a", "b", "c"),
    started({ asset: "a", attempt: "1" }),
    made({ asset: "a", attempt: "1" }),
    ended("skipped", { asset: "b", begun: false }),
    ended("unchanged", { asset: "c", begun: false }),
  ], {}],
  ["what failed, and what was blocked or cancelled for it", [
    planned("a", "b", "c"),
    started({ asset: "a", attempt: "1" }),
    failed({ asset: "a", attempt: "1" }),
    ended("blocked", { asset: "b", begun: false }),
    ended("cancelled", { asset: "c", begun: false }),
  ], { a: "failed", b: "blocked", c: "cancelled" }],
  ["a try that failed and was tried again with success is done", [
    planned("a"),
    started({ asset: "a", attempt: "1" }),
    failed({ asset: "a", attempt: "1" }, { retryAt: 5 }),
    started({ asset: "a", attempt: "2" }, { number: 2 }),
    made({ asset: "a", attempt: "2" }),
  ], {}],
  ["a process that died: what it had begun, what waited for its next try, what it never began", [
    planned("a", "b", "may"),
    started({ asset: "a", attempt: "1" }),
    started({ asset: "b", attempt: "2" }),
    failed({ asset: "b", attempt: "2" }, { retryAt: 5 }),
    ended("interrupted", { asset: "a", attempt: "1" }),
  ], { a: "interrupted", b: "open", may: "open?" }],
];

for (const [name, events, expected] of CASES) {
  Deno.test(`unfinished: ${name}`, () => {
    const found = unfinishedOf(log([requested(), ...events]));
    deepEqual(
      Object.fromEntries(
        [...found].map(([key, each]) => [key, `${each.outcome}${each.certain ? "" : "?"}`]),
      ),
      expected,
    );
  });
}
