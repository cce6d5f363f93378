import { deepEqual, equal, ok } from "node:assert/strict";
import fc from "fast-check";
import type { Stored } from "../../../src/core/event.ts";
import { criticalPath } from "../../../src/core/run/critical.ts";
import * as S from "../../views/samples.ts";

interface Step {
  readonly name: string;
  readonly key?: string;
  readonly from: number;
  readonly to: number;
  readonly reads?: string;
  readonly pool?: string;
}

/** A run's log from when each step began and ended. */
function logOf(steps: readonly Step[], over = true): readonly Stored[] {
  const said: [number, number, Parameters<ReturnType<typeof S.log>["say"]>[0]][] = [
    [0, 0, S.started(steps.map(({ name, key = "" }) => [name, key] as const))],
  ];
  for (const { name, key = "", from, to, reads = "", pool } of steps) {
    const begun = S.attempt(name, key);
    said.push([
      from,
      2,
      {
        ...begun,
        inputs: reads,
        pool: pool === undefined ? null : { name: pool, slots: 1 },
      } as typeof begun,
    ]);
    said.push([to, 1, S.made(name, key, 1)]);
  }
  const end = Math.max(0, ...steps.map(({ to }) => to));
  if (over) said.push([end, 3, S.over("succeeded", { succeeded: steps.length })]);
  said.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  return said.map(([at, , event], i) => ({ id: i + 1, at, event }));
}

const names = (steps: readonly Step[]) =>
  criticalPath(logOf(steps)).map(({ step, because }) => `${step} ${because}`);

Deno.test("the chain goes back along the upstream that ended last", () => {
  deepEqual(
    names([
      { name: "a", from: 0, to: 100 },
      { name: "b", from: 0, to: 900 },
      { name: "c", from: 901, to: 1500, reads: "a:=v1;b:=v2" },
      { name: "d", from: 101, to: 1200, reads: "a:=v1" },
    ]),
    ["b start", "c upstream"],
  );
});

Deno.test("a partition's chain is its own: another partition of the upstream decides nothing", () => {
  deepEqual(
    names([
      { name: "f", key: "2023-01", from: 0, to: 800 },
      { name: "f", key: "2023-02", from: 0, to: 300 },
      { name: "t", key: "2023-02", from: 301, to: 2000, reads: "f:2023-02=v" },
      { name: "t", key: "2023-01", from: 801, to: 1900, reads: "f:2023-01=v" },
    ]),
    ["f[2023-02] start", "t[2023-02] upstream"],
  );
});

Deno.test("of an upstream of which only a digest is known, any partition counts", () => {
  deepEqual(
    names([
      { name: "f", key: "x", from: 0, to: 800 },
      { name: "t", from: 805, to: 900, reads: "f:#100=abc" },
    ]),
    ["f[x] start", "t upstream"],
  );
});

Deno.test("waiting for a pool leads to the step that held it", () => {
  const steps = [
    { name: "a", from: 0, to: 1000, pool: "downloads" },
    { name: "b", from: 1003, to: 2000, pool: "downloads" },
    { name: "c", from: 0, to: 1500 },
  ];
  deepEqual(names(steps), ["a start", "b pool"]);
  equal(criticalPath(logOf(steps))[1]?.pool, "downloads");
});

Deno.test("waiting for a free slot leads to the step whose end made room", () => {
  deepEqual(
    names([
      { name: "a", from: 0, to: 500 },
      { name: "b", from: 0, to: 900 },
      { name: "c", from: 501, to: 1400 },
      { name: "d", from: 902, to: 2000 },
    ]),
    ["b start", "d room"],
  );
  // There was room all along: it waited for something else, such as a pool of another run.
  const [only, ...more] = criticalPath(logOf([
    { name: "a", from: 0, to: 500 },
    { name: "b", from: 0, to: 900 },
    { name: "d", from: 1500, to: 2000 },
  ]));
  deepEqual([only?.step, only?.because, only?.waitedMs, more.length], ["d", "start", 1500, 0]);
});

Deno.test("there is no chain while the run goes on, nor where nothing began", () => {
  deepEqual(criticalPath(logOf([{ name: "a", from: 0, to: 5 }], false)), []);
  deepEqual(criticalPath(logOf([])), []);
});

Deno.test("a chain ends with the run, goes forward in time, and never repeats a step", () => {
  fc.assert(fc.property(
    fc.array(
      fc.record({
        from: fc.integer({ min: 0, max: 2000 }),
        took: fc.integer({ min: 1, max: 800 }),
        pool: fc.constantFrom(undefined, "p", "q"),
        reads: fc.array(fc.nat(20), { maxLength: 3 }),
      }),
      { minLength: 1, maxLength: 20 },
    ),
    (drawn) => {
      const steps = drawn.map(({ from, took, pool, reads }, i): Step => ({
        name: `s${i}`,
        from,
        to: from + took,
        ...(pool === undefined ? {} : { pool }),
        reads: reads.map((of) => `s${of}:=v`).join(";"),
      }));
      const path = criticalPath(logOf(steps));
      equal(path.at(-1)?.endedAt, Math.max(...steps.map(({ to }) => to)));
      equal(path[0]?.because, "start");
      equal(new Set(path.map(({ step }) => step)).size, path.length);
      path.slice(1).forEach((each, i) => {
        const before = path[i];
        ok(before !== undefined && before.endedAt <= each.startedAt);
        equal(each.waitedMs, each.startedAt - before.endedAt);
      });
    },
  ));
});

Deno.test("ten thousand steps that wait for each other's place are told at once", () => {
  const steps = Array.from({ length: 10_000 }, (_, i): Step => ({
    name: `s${i}`,
    from: 40 * (i >> 1),
    to: 40 * (i >> 1) + 39,
  }));
  equal(criticalPath(logOf(steps)).length, 5000);
});
