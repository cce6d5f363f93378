import assert from "node:assert/strict";
import fc from "fast-check";
import { buildGraph } from "../../../src/core/graph/graph.ts";
import type { Problem } from "../../../src/core/problem/problem.ts";
import { asset, graphOf, key, reads, time } from "./definitions.ts";

function problemsOf(...assets: Parameters<typeof buildGraph>[0]): readonly Problem[] {
  const built = buildGraph(assets);
  return built.ok ? [] : built.error;
}

Deno.test("everything comes after what it reads, ties by name, whatever the order of files", () => {
  const assets = [
    asset("d", ["b", "c"]),
    asset("c", ["a"]),
    asset("b", ["a"]),
    asset("a"),
    asset("z"),
  ];
  for (const list of [assets, assets.toReversed()]) {
    assert.deepEqual(graphOf(...list).keys, ["a", "b", "c", "d", "z"]);
  }
  const graph = graphOf(...assets);
  assert.deepEqual(graph.upstream(key("d")), ["b", "c"]);
  assert.deepEqual(graph.downstream(key("a")), ["b", "c"]);
});

Deno.test("a random graph: order and closures equal a plain search", () => {
  fc.assert(fc.property(
    fc.array(fc.tuple(fc.nat(14), fc.nat(14)), { maxLength: 40 }),
    fc.nat(14),
    fc.nat(4),
    (pairs, start, depth) => {
      const names = Array.from({ length: 15 }, (_, index) => `n${index}`);
      const arrows = pairs.filter(([a, b]) => a !== b)
        .map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
      const graph = graphOf(
        ...names.map((name, index) =>
          asset(name, arrows.filter(([, to]) => to === index).map(([from]) => `n${from}`))
        ),
      );
      for (const [from, to] of arrows) {
        assert.ok(graph.rank(key(`n${from}`)) < graph.rank(key(`n${to}`)));
      }
      let reached = new Set([start]);
      for (let step = 0; step < depth; step++) {
        reached = new Set([
          ...reached,
          ...arrows.filter(([from]) => reached.has(from)).map(([, to]) => to),
        ]);
      }
      assert.deepEqual(
        [...graph.descendants([key(`n${start}`)], depth)].sort(),
        [...reached].map((each) => `n${each}`).sort(),
      );
      for (const each of graph.descendants([key(`n${start}`)])) {
        assert.ok(graph.ancestors([each]).has(key(`n${start}`)));
      }
    },
  ));
});

Deno.test("names are found without regard to case, and told in their own spelling", () => {
  const graph = graphOf(asset("Taxi_Trips"), asset("weeks", ["taxi_trips"]));
  assert.deepEqual(graph.upstream(key("weeks")), ["Taxi_Trips"]);
  assert.equal(graph.find("TAXI_TRIPS"), "Taxi_Trips");
  assert.equal(graph.find("nothing"), null);
});

Deno.test("two assets of one name: both places", () => {
  const [found, ...more] = problemsOf(asset("trips"), {
    ...asset("Trips"),
    origin: { file: "assets/raw/Trips.ts", line: 7, exportName: "Trips" },
  });
  assert.equal(more.length, 0);
  assert.equal(found?.code, "duplicate-asset");
  assert.match(found?.why ?? "", /assets\/trips\.sql:1 and assets\/raw\/Trips\.ts:7/);
});

Deno.test("unknown dependencies: all at once, each with the nearest name and its place", () => {
  const found = problemsOf(
    asset("taxi_trips"),
    asset("taxi_zones"),
    asset("weeks", [reads("taxi_trip", { line: 9, column: 6 }), "nothing_like_it"]),
    asset("map", ["taxi_zone"]),
  );
  assert.deepEqual(
    found.map((each) => [each.code, each.fields?.["unknown"], each.fields?.["nearest"]]),
    [
      ["unknown-dependency", "taxi_trip", "taxi_trips"],
      ["unknown-dependency", "nothing_like_it", null],
      ["unknown-dependency", "taxi_zone", "taxi_zones"],
    ],
  );
  assert.deepEqual(found[0]?.where, {
    asset: "weeks",
    file: "assets/weeks.sql",
    line: 9,
    column: 6,
    length: 9,
  });
});

Deno.test("a cycle is told with its whole trail, always the same way", () => {
  const assets = [asset("c", ["a"]), asset("a", ["b"]), asset("b", ["c"]), asset("out", ["a"])];
  for (const list of [assets, assets.toReversed()]) {
    const found = problemsOf(...list);
    assert.deepEqual(found.map((each) => each.fields?.["trail"]), [["a", "b", "c", "a"]]);
    assert.deepEqual(found[0]?.where, { asset: "a", file: "assets/a.sql", line: 1 });
    assert.match(found[0]?.message ?? "", /a -> b -> c -> a/);
  }
});

Deno.test("several cycles are several problems, shared arrows or not", () => {
  const found = problemsOf(
    asset("a", ["b"]),
    asset("b", ["a"]),
    asset("x", ["y"]),
    asset("y", ["z", "x"]),
    asset("z", ["x"]),
  );
  assert.deepEqual(found.map((each) => (each.fields?.["trail"] as string[]).join(" ")), [
    "a b a",
    "x y x",
    "x y z x",
  ]);
});

Deno.test("assets made by one step wait for each other's upstreams", () => {
  const together = [key("a"), key("b")];
  const graph = graphOf(
    asset("b", ["late"], { together }),
    asset("a", [], { together }),
    asset("late"),
  );
  assert.deepEqual(graph.keys, ["late", "a", "b"]);
  const [found] = problemsOf(
    asset("a", [], { together }),
    asset("b", ["c"], { together }),
    asset("c", ["a"]),
  );
  assert.equal(found?.code, "cycle");
  assert.match(found?.why ?? "", /a and b are made by one step/);
});

Deno.test("an asset may read its own partition before, not itself", () => {
  assert.match(problemsOf(asset("a", ["a"]))[0]?.message ?? "", /a -> a/);
  const before = reads("a", { mapping: { type: "offset", by: -1 } });
  assert.equal(problemsOf(asset("a", [before])).length, 1);
  const daily = { partitions: time("day", { start: "2023-01-01" }) };
  assert.equal(problemsOf(asset("a", [reads("a")], daily)).length, 1);
  const graph = graphOf(asset("a", [before], daily));
  assert.deepEqual(graph.upstream(key("a")), []);
  assert.equal(graph.dependencies(key("a")).length, 1);
});

Deno.test("ten thousand assets in a chain, and in a circle", () => {
  const count = 10_000;
  const name = (index: number) => `a${index}`;
  const chain = graphOf(
    ...Array.from(
      { length: count },
      (_, index) => asset(name(index), index === 0 ? [] : [name(index - 1)]),
    ),
  );
  assert.equal(chain.keys.at(-1), name(count - 1));
  assert.equal(chain.ancestors([key(name(count - 1))]).size, count);
  const [circle, ...more] = problemsOf(
    ...Array.from({ length: count }, (_, index) => asset(name(index), [name((index + 1) % count)])),
  );
  assert.equal(more.length, 0);
  assert.equal((circle?.fields?.["trail"] as string[]).length, count + 1);
});
