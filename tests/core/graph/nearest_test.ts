import assert from "node:assert/strict";
import { nearest, nearestSome } from "../../../src/core/graph/nearest.ts";

const NAMES = ["taxi_trips", "taxi_zones", "trips_by_week", "manhattan_map", "payments"];

for (
  const [typed, expected] of [
    ["taxi_trip", "taxi_trips"],
    ["taxi_tirps", "taxi_trips"],
    ["TaxiTrips", "taxi_trips"],
    ["taxi-zones", "taxi_zones"],
    ["payment", "payments"],
    ["zones", "taxi_zones"],
    ["map", "manhattan_map"],
    ["something_else", null],
    ["x", null],
    ["", null],
  ] as const
) {
  Deno.test(`nearest to ${JSON.stringify(typed)} is ${expected}`, () =>
    assert.equal(nearest(typed, NAMES), expected));
}

Deno.test("of short names only those that begin alike may differ in half of their letters", () => {
  assert.equal(nearest("fair", ["fare", "zone"]), "fare");
  assert.equal(nearest("nope", ["wipe", "types"]), null);
  assert.equal(nearest("shwo", ["show", "types"]), "show");
});

Deno.test("the closest come first, ties by name", () => {
  assert.deepEqual(nearestSome("trips", ["trip", "trips_x", "strips", "other"], 2), [
    "strips",
    "trip",
  ]);
});
