/** The run machine: properties over random graphs and outcomes, and tables for what an end means. */
import { deepEqual, equal, ok } from "node:assert/strict";
import fc from "fast-check";
import type { StepOutcome } from "../../../src/core/event.ts";
import type { StepKey } from "../../../src/core/key.ts";
import { WHOLE } from "../../../src/core/key.ts";
import type { PlannedStep } from "../../../src/core/plan.ts";
import { createMachine } from "../../../src/core/run/machine.ts";
import { key } from "../../kit/definitions.ts";

function step(
  name: string,
  after: readonly string[] = [],
  parts: Partial<PlannedStep> = {},
): PlannedStep {
  return {
    key: name as StepKey,
    asset: key(name),
    partition: WHOLE,
    action: "materialize",
    reasons: [],
    certain: true,
    after: after as readonly StepKey[],
    afterAny: [],
    needs: "all",
    priority: 0,
    together: [key(name)],
    ...parts,
  };
}

const graphs = fc.integer({ min: 1, max: 30 }).chain((size) =>
  fc.tuple(
    fc.array(fc.array(fc.nat(), { maxLength: 3 }), { minLength: size, maxLength: size }),
    fc.array(
      fc.constantFrom<StepOutcome>("succeeded", "unchanged", "failed", "skipped", "cancelled"),
      { minLength: size, maxLength: size },
    ),
    fc.array(fc.constantFrom<"all" | "any" | "done">("all", "all", "any", "done"), {
      minLength: size,
      maxLength: size,
    }),
  )
);

Deno.test("machine: everything ends once, nothing starts before what it needs has ended", () => {
  fc.assert(
    fc.property(graphs, fc.integer({ min: 1, max: 4 }), ([links, outcomes, needs], room) => {
      const steps = links.map((after, index) =>
        step(
          `s${index}`,
          index === 0 ? [] : [...new Set(after.map((each) => `s${each % index}`))],
          {
            needs: needs[index] ?? "all",
          },
        )
      );
      const machine = createMachine(steps);
      const ended = new Map<StepKey, StepOutcome>();
      const end = (key: StepKey, outcome: StepOutcome) => {
        ok(!ended.has(key), "ended twice");
        ended.set(key, outcome);
      };
      const running: PlannedStep[] = [];
      for (let guard = 0; !machine.done(); guard++) {
        ok(guard < 1000, "it does not come to an end");
        for (const started of machine.start(0, room - running.length)) {
          for (const upstream of started.after) {
            ok(ended.has(upstream), `${started.key} before ${upstream}`);
          }
          if (started.needs === "all") {
            for (const upstream of started.after) {
              ok(["succeeded", "unchanged"].includes(ended.get(upstream) ?? ""));
            }
          }
          running.push(started);
        }
        ok(running.length > 0, "nothing runs and nothing can start");
        const next = running.shift();
        if (next === undefined) {
          continue;
        }
        const outcome = outcomes[Number(next.key.slice(1))] ?? "succeeded";
        end(next.key, outcome);
        for (const each of machine.end(next.key, outcome)) end(each.step.key, each.outcome);
      }
      equal(ended.size, steps.length);
      const counts = machine.counts();
      equal(Object.values(counts).reduce((sum, count) => sum + count, 0), steps.length);
    }),
  );
});

const MEANINGS: readonly [PlannedStep["needs"], StepOutcome, StepOutcome, string][] = [
  ["all", "succeeded", "succeeded", "starts"],
  ["all", "succeeded", "unchanged", "starts"],
  ["all", "succeeded", "failed", "blocked"],
  ["all", "skipped", "succeeded", "skipped"],
  ["all", "cancelled", "succeeded", "cancelled"],
  ["all", "succeeded", "interrupted", "blocked"],
  ["any", "failed", "succeeded", "starts"],
  ["any", "failed", "failed", "blocked"],
  ["any", "skipped", "skipped", "skipped"],
  ["any", "skipped", "failed", "blocked"],
  ["done", "failed", "failed", "starts"],
];

for (const [needs, first, second, meaning] of MEANINGS) {
  Deno.test(`machine: needs ${needs}, upstreams ${first} and ${second}: ${meaning}`, () => {
    const machine = createMachine([step("a"), step("b"), step("c", ["a", "b"], { needs })]);
    machine.start(0, 10);
    const ends = [...machine.end("a" as StepKey, first), ...machine.end("b" as StepKey, second)];
    const started = machine.start(0, 10).map((each) => each.key);
    deepEqual(
      meaning === "starts" ? started : ends.map((each) => each.outcome),
      meaning === "starts" ? ["c"] : [meaning],
    );
  });
}

Deno.test("machine: priority first, then plan order", () => {
  const machine = createMachine([
    step("a"),
    step("b", [], { priority: 1 }),
    step("c"),
    step("d", [], { priority: 1 }),
  ]);
  deepEqual(machine.start(0, 3).map((each) => each.key), ["b", "d", "a"]);
});

Deno.test("machine: a waiting retry takes no room and comes back at its time", () => {
  const machine = createMachine([step("a")]);
  machine.start(0, 1);
  machine.retry("a" as StepKey, 100);
  equal(machine.running(), 0);
  deepEqual(machine.start(99, 1), []);
  equal(machine.nextRetry(), 100);
  deepEqual(machine.start(100, 1).map((each) => each.key), ["a"]);
  equal(machine.tries("a" as StepKey), 2);
});

Deno.test("machine: what awaits an optional input runs however that ended", () => {
  const machine = createMachine([step("a"), step("b", [], { afterAny: ["a" as StepKey] })]);
  deepEqual(machine.start(0, 5).map((each) => each.key), ["a"]);
  machine.end("a" as StepKey, "failed");
  deepEqual(machine.start(0, 5).map((each) => each.key), ["b"]);
});

Deno.test("machine: of several partitions of one asset a skipped one is done without", () => {
  const month = (name: string) =>
    step(`trips[${name}]`, [], {
      asset: key("trips"),
      partition: name as never,
      together: [key("trips")],
    });
  const [one, two] = [month("1"), month("2")];
  const all = step("report", [one.key, two.key]);
  const same = step("copy", [two.key]);

  const some = createMachine([one, two, all, same]);
  some.start(0, 9);
  deepEqual(some.end(two.key, "skipped").map((each) => each.step.key), ["copy"]);
  deepEqual(some.end(one.key, "succeeded"), []);
  deepEqual(some.start(0, 9).map((each) => each.key), ["report"]);

  const none = createMachine([one, two, all]);
  none.start(0, 9);
  deepEqual(none.end(two.key, "skipped"), []);
  deepEqual(none.end(one.key, "skipped").map((each) => [each.step.key, each.outcome]), [
    ["report", "skipped"],
  ]);

  const there = createMachine([two, step("report", [two.key], { partly: [key("trips")] })]);
  there.start(0, 9);
  deepEqual(there.end(two.key, "skipped"), []);

  const failed = createMachine([one, two, all]);
  failed.start(0, 9);
  failed.end(two.key, "skipped");
  deepEqual(failed.end(one.key, "failed").map((each) => each.outcome), ["blocked"]);
});
