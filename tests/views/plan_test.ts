import { deepEqual, ok } from "node:assert/strict";
import type { PartitionKey, StepKey } from "../../src/core/key.ts";
import type { Plan, PlannedStep } from "../../src/core/plan.ts";
import { plainStyle } from "../../src/term/style.ts";
import { planLines } from "../../src/views/plan.ts";
import { key, NOW } from "../kit/definitions.ts";

function planned(name: string, partition: string, text: string): PlannedStep {
  return {
    key: `${name}[${partition}]` as StepKey,
    asset: key(name),
    partition: partition as PartitionKey,
    action: "materialize",
    reasons: [{ kind: "missing", text, of: null }],
    certain: true,
    after: [],
    afterAny: [],
    needs: "all",
    priority: 0,
    together: [key(name)],
  };
}

const lines = (steps: readonly PlannedStep[], columns: number) => {
  const plan: Plan = { steps, held: [], fresh: 0 };
  return planLines(plan, { now: NOW, timezone: "UTC" }, plainStyle, columns);
};

Deno.test("plan: a thousand keys with equal reasons are a line, also where others stand between", () => {
  const days = Array.from(
    { length: 1000 },
    (_, day) => new Date(Date.UTC(2020, 0, 1 + day)).toISOString().slice(0, 10),
  );
  const steps = days.map((day, at) =>
    planned("days", day, at === 500 ? "its definition changed" : "never materialized")
  );
  deepEqual(lines(steps, 80), [
    "+ days  999 partitions, 2020-01-01..2021-05-14 …  never materialized",
    "+ days  2021-05-15                                its definition changed",
    "",
    "1,000 steps",
  ]);
});

Deno.test("plan: where reasons are short the keys have what they leave", () => {
  const steps = ["2023-02|green", "2023-02|yellow"].map((each) =>
    planned("two", each, "asked for")
  );
  deepEqual(lines(steps, 80)[0], "+ two  2023-02|green, 2023-02|yellow  asked for");
  ok(lines(steps, 40).every((line) => line.length <= 40));
});
