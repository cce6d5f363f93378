import { deepEqual, equal, ok } from "node:assert/strict";
import type { Materialized } from "../../src/core/event.ts";
import { trendsOf } from "../../src/core/trend.ts";
import * as S from "../views/samples.ts";

const log = (made: readonly Partial<Materialized>[]) => {
  const written = S.log();
  return made.map((each) => written.after(1000).say(S.made("trips", "", each.rows ?? 0, each)));
};
const none = { partitions: [] };

Deno.test("durations, rows and every metadata number become trends, oldest first", () => {
  const history = log([
    { rows: 10, seconds: 2, metadata: { strays: 1, share: 0.5, note: "x" } },
    { rows: 10, seconds: 3, metadata: { strays: 4 } },
    { rows: 30, seconds: 1, metadata: { strays: 4, fresh: 7 } },
  ]).reverse();
  const trends = trendsOf(false, none, history);
  deepEqual(trends.map((each) => [each.of, each.name]), [
    ["seconds", "seconds"],
    ["rows", "rows"],
    ["metadata", "strays"],
  ]);
  const [seconds, rows, strays] = trends;
  deepEqual(seconds?.points.map(({ value }) => value), [2, 3, 1]);
  deepEqual([seconds?.last, seconds?.change, seconds?.min, seconds?.max], [1, -2, 1, 3]);
  deepEqual([rows?.last, rows?.change], [30, 20]);
  deepEqual([strays?.last, strays?.change, strays?.along], [4, 0, "materializations"]);
});

Deno.test("a number that was not told is a gap, and one alone is no trend", () => {
  const trends = trendsOf(
    false,
    none,
    log([{ metadata: { n: 5 } }, { metadata: {} }, { metadata: { n: 8 } }]),
  );
  deepEqual(trends.find(({ name }) => name === "n")?.points.map(({ value }) => value), [
    5,
    null,
    8,
  ]);
  equal(trends.find(({ name }) => name === "n")?.change, 3);
  ok(!trends.some(({ of }) => of === "rows"), "no rows at all are no trend");
  deepEqual(trendsOf(false, none, log([{ rows: 5 }])), []);
});

Deno.test("of a partitioned asset the course goes along its partitions as they are published", () => {
  const status = S.status(
    "trips",
    ["2023-01", "2023-02", "2023-03"].map((month, i) => ({
      partition: S.part(month),
      head: S.head("trips", month, i === 1 ? {} : { published: S.published(100 * (i + 1)) }),
    })),
  );
  const [seconds, rows] = trendsOf(true, status, log([{ rows: 1 }, { rows: 2 }]));
  equal(seconds?.along, "partitions");
  deepEqual(rows?.points.map(({ partition, value }) => [partition, value]), [
    ["2023-01", 100],
    ["2023-03", 300],
  ]);
});

Deno.test("a trend is of the last thirty", () => {
  const many = Array.from({ length: 50 }, (_, i) => ({ rows: i + 1 }));
  const rows = trendsOf(false, none, log(many)).find(({ of }) => of === "rows");
  deepEqual([rows?.points.length, rows?.min, rows?.max], [30, 21, 50]);
});
