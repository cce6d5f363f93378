import assert from "node:assert/strict";
import fc from "fast-check";
import {
  changedRefs,
  excluding,
  needsStates,
  select,
  type Selection,
} from "../../../src/core/graph/selection.ts";
import { parseSelection } from "../../../src/core/graph/selection_parser.ts";
import type { AssetKey } from "../../../src/core/key.ts";
import { asset, graphOf, key } from "./definitions.ts";

// a -> b -> c -> e, b -> d -> e
const graph = graphOf(
  asset("a", [], { group: "raw/tlc", tags: ["k=v", "nightly"], owner: "me@x.org" }),
  asset("b", ["a"], { kind: "typescript" }),
  asset("c", ["b"], { group: "raw" }),
  asset("d", ["b"]),
  asset("e", ["c", "d"]),
);
const facts = {
  states: (each: AssetKey) => new Set(each === "c" ? ["stale", "late"] : []),
  changed: (ref: string) => new Set(ref === "HEAD~1" ? [key("d")] : []),
};

function parse(text: string): Selection {
  const found = parseSelection(text);
  if (!found.ok) throw new Error(`${found.error.why}`);
  return found.value;
}

for (
  const [text, expected] of [
    ["", "a b c d e"],
    ["*", "a b c d e"],
    ["+c", "a b c"],
    ["c+", "c e"],
    ["1+e", "c d e"],
    ["2+e", "b c d e"],
    ["1+c+1", "b c e"],
    ["+c+", "a b c e"],
    ["@d", "a b c d e"],
    ["@c", "a b c d e"],
    ["A", "a"],
    ["a b", "a b"],
    ["a or b", "a b"],
    ["b a", "a b"],
    ["+c,+d", "a b"],
    ["+c, +d", "a b"],
    ["a b,b", "a b"],
    ["a b and b", "a b"],
    ["(a b) and b", "b"],
    ["not a", "b c d e"],
    ["not not a", "a"],
    ["+e and not c", "a b d e"],
    ["+e,not c", "a b d e"],
    ["2+(c d)", "a b c d"],
    ["(c d)+", "c d e"],
    ["roots(c d e)", "c d"],
    ["sinks(+d)", "d"],
    ["sinks(a c d)", "a c d"],
    ["roots()", "a"],
    ["+roots(d e)", "a b d"],
    ["[ab]", "a b"],
    ["[!ab]", "c d e"],
    ["?", "a b c d e"],
    ["key:[a-c]", "a b c"],
    ["tag:k", "a"],
    ["tag:k=v", "a"],
    ["tag:k=*", "a"],
    ["tag:NIGHTLY", "a"],
    ["group:raw", "a c"],
    ["group:raw/tlc", "a"],
    ["kind:typescript", "b"],
    ["kind:ts", "b"],
    ["owner:me@x.org", "a"],
    ['owner:"me@x.org"', "a"],
    ["is:stale", "c"],
    ["state:late", "c"],
    ["+is:stale", "a b c"],
    ["is:failed", ""],
    ["a,is:failed", ""],
    ["changed:HEAD~1+", "d e"],
    ["changed:main", ""],
  ] as const
) {
  Deno.test(`select ${JSON.stringify(text)}`, () => {
    const found = select(parse(text), graph, facts);
    assert.equal(found.ok ? [...found.value].join(" ") : found.error.message, expected);
  });
}

for (
  const [text, column, why, hint] of [
    ["a not b", 3, /add everything else/, /and not/],
    ["a+b", 2, /touches both/, /a\+ b/],
    ["is:stael", 1, /no state stael/, /is:stale/],
    ["state:modified", 1, /no state/, /changed:/],
    ["tga:k", 1, /tga:/, /tag:k/],
    ["a (b", 3, /never closed/, /\)/],
    ["a)", 2, /closes nothing/, /take it out/],
    ["()", 2, /nothing between/, /name/],
    ["+", 1, /stands alone/, /\+m/],
    ["a + b", 3, /stands alone/, /\+m/],
    ["a,", 3, /something is missing/, /name/],
    [",a", 1, /name is missing/, /name/],
    ["a and", 6, /something is missing/, /name/],
    ["or a", 1, /both sides/, /a or b/],
    ["a 2", 3, /number/, /2\+m/],
    ["root(a)", 1, /no function/, /roots/],
    ["@a+", 3, /already/, /take the \+/],
    ["is:", 1, /needs a value/, /is:/],
    ['tag:"x', 1, /never closed/, /close/],
  ] as const
) {
  Deno.test(`the selection ${JSON.stringify(text)} is refused at column ${column}`, () => {
    const found = parseSelection(text);
    assert.ok(!found.ok);
    assert.equal(found.error.code, "selection-syntax");
    assert.equal(found.error.where?.column, column);
    assert.equal(found.error.where?.source, text);
    assert.match(found.error.why ?? "", why);
    assert.match(found.error.hint ?? "", hint);
  });
}

const named = graphOf(
  asset("taxi_trips", [], { group: "raw", tags: ["nightly"] }),
  asset("taxi_zones"),
  asset("trips_by_week", ["taxi_trips"]),
);
for (
  const [text, hint] of [
    ["taxi_trip", /taxi_trips/],
    ["+trips_by_weke", /trips_by_week/],
    ["a*", /nycflow ls/],
    ["taxi_tr?p*z", /taxi_trips/],
    ["taxi_trips[2023-01]", /--partition 2023-01/],
    ["assets/raw/taxi_trips.sql", /taxi_trips$/],
    ["raw", /group:raw/],
    ["tag:nigthly", /tag:nightly/],
    ["owner:me", /no asset has a owner|owner/],
    ["taxi_trips,taxi_zones", /what is in both/],
  ] as const
) {
  Deno.test(`the selection ${text} matches nothing and says what was meant`, () => {
    const found = select(parse(text), named, facts);
    assert.ok(!found.ok);
    assert.equal(found.error.code, "selection-empty");
    assert.match(found.error.hint ?? "", hint);
  });
}

Deno.test("the place of an unknown name is shown", () => {
  const found = select(parse("taxi_zones +nope"), named, facts);
  assert.deepEqual(found.ok || found.error.where, {
    line: 1,
    column: 13,
    length: 4,
    source: "taxi_zones +nope",
  });
});

Deno.test("what a selection needs to know is told beforehand", () => {
  assert.equal(needsStates(parse("a,(b or not is:stale)")), true);
  assert.equal(needsStates(parse("+a tag:x")), false);
  assert.deepEqual(changedRefs(parse("changed:main +changed:HEAD~1 changed:main")), [
    "main",
    "HEAD~1",
  ]);
  const found = select(excluding(parse("+e"), parse("c d")), graph, facts);
  assert.deepEqual(found.ok && [...found.value], ["a", "b", "e"]);
});

Deno.test("operators equal plain sets", () => {
  const leaf = fc.constantFrom("a", "b", "c", "d", "e");
  const { tree } = fc.letrec<{ tree: { text: string; keys: Set<string> } }>((tie) => ({
    tree: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      leaf.map((name) => ({ text: name, keys: new Set([name]) })),
      fc.tuple(tie("tree"), tie("tree")).map(([x, y]) => ({
        text: `(${x.text} ${y.text})`,
        keys: x.keys.union(y.keys),
      })),
      fc.tuple(tie("tree"), tie("tree")).map(([x, y]) => ({
        text: `(${x.text} and ${y.text})`,
        keys: x.keys.intersection(y.keys),
      })),
      tie("tree").map((x) => ({
        text: `(not ${x.text})`,
        keys: new Set(["a", "b", "c", "d", "e"]).difference(x.keys),
      })),
    ),
  }));
  fc.assert(fc.property(tree, ({ text, keys }) => {
    const found = select(parse(`(${text}) is:stale`), graph, facts);
    assert.deepEqual(found.ok && [...found.value], [...keys.union(new Set(["c"]))].sort());
  }));
});

Deno.test("any text is read or refused, never thrown at", () => {
  const piece = fc.constantFrom(
    "a",
    "+",
    "@",
    "(",
    ")",
    ",",
    " ",
    "not ",
    " and ",
    "2",
    "tag:",
    '"',
    "*",
    "[",
    ":",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const found = parseSelection(pieces.join(""));
      if (found.ok) select(found.value, graph, facts);
    }),
    { numRuns: 2000 },
  );
  assert.equal(parseSelection("(".repeat(5000)).ok, false);
});
