import { deepEqual, equal, match, ok } from "node:assert/strict";
import { lake } from "../warehouse/lake.ts";
import { chartQuery } from "../../src/views/chart_query.ts";
import { chartLines } from "../../src/views/chart.ts";
import * as S from "./samples.ts";

const schema = [
  { name: "seen", type: "TIMESTAMP" },
  { name: "at day", type: "DATE" },
  { name: "instant", type: "TIMESTAMP WITH TIME ZONE" },
  { name: "n", type: "BIGINT" },
  { name: "v", type: "DOUBLE" },
  { name: "k", type: "VARCHAR" },
];
const line = { type: "line", x: "seen", y: "v" };

Deno.test("small tables, guessed columns and unknown ones are read whole", () => {
  equal(chartQuery(line, "t", { schema, rows: 100 }), 'select * from "t"');
  equal(chartQuery({ type: "line", y: "v" }, "t", { schema, rows: 1e6 }), 'select * from "t"');
  equal(chartQuery({ ...line, y: "nope" }, "t", { schema, rows: 1e6 }), 'select * from "t"');
  equal(chartQuery(line, "t", { schema: null, rows: 1e6 }), 'select * from "t"');
  equal(chartQuery({ ...line, from: "select 1" }, "t", { schema, rows: 1e6 }), "select 1");
});

Deno.test("of a large table only the named columns are read", () => {
  const found = chartQuery({ type: "box", x: "k", y: "v" }, 't"x', { schema, rows: 1e6 });
  equal(found, 'select "k", "v" from "t""x"');
  match(
    chartQuery({ ...line, type: "scatter", color: "k" }, "t", { schema, rows: 1e6 }),
    /^select "seen", "v", "k"/,
  );
});

Deno.test("a thinned line draws as the whole one does: its peak, its pit and its gap are there", async () => {
  await lake(async ({ session }) => {
    await session.rows(`create table t as select
      timestamp '2023-01-01' + to_minutes(i) as seen, (timestamp '2023-01-01' + to_minutes(i))::date as "at day",
      (timestamp '2023-01-01' + to_minutes(i))::timestamptz as instant, i::bigint as n,
      case when i = 12345 then 900 when i = 30000 then -700 when i between 20000 and 26000 then null
        else (i * 7919) % 101 end::double as v, 'k' as k
      from range(60000) r(i)`);
    for (const x of ["seen", "at day", "instant", "n"]) {
      const chart = { type: "line", x, y: "v" };
      const thin = await session.rows(chartQuery(chart, "t", { schema, rows: 60_000 }));
      ok(thin.rows.length < 9_000, `${thin.rows.length} rows`);
      const whole = await session.rows(`select "${x}", v from t order by n`);
      const values = thin.rows.map((row) => row[1]);
      ok(values.includes(900) && values.includes(-700) && values.includes(null));
      // Many values of one day have no order of their own: only their ends can be compared.
      if (x === "at day") continue;
      const draw = (rows: typeof thin) => {
        const lines = chartLines(
          chart,
          { ...rows, total: null },
          { ...S.AROUND, asset: "t" },
          S.plain,
          100,
        );
        ok(lines.ok, JSON.stringify(lines));
        return lines.value;
      };
      const [a, b] = [draw(thin), draw(whole)];
      equal(a.length, b.length);
      let differ = 0;
      a.forEach((text, y) =>
        [...text].forEach((char, at) => differ += char === [...b[y] ?? ""][at] ? 0 : 1)
      );
      // A slice that lies across two dots may fill the neighbour's; nothing else may change.
      ok(differ <= 30, `${x}: ${differ} cells differ\n${a.join("\n")}\n${b.join("\n")}`);
    }
  });
});

Deno.test("thinned lines by colour keep each its peak and its gap, at places that they share", async () => {
  await lake(async ({ session }) => {
    await session.rows(`create table t as select i::bigint as n, ['a', 'b'][1 + i % 2] as k,
        case when i = 12345 then 900 when i = 30000 then -700
          when i between 20000 and 26000 and i % 2 = 0 then null else (i * 7919) % 101 end::double as v
      from range(60000) r(i)`);
    const chart = { type: "line", x: "n", y: "v", color: "k" };
    const thin = await session.rows(chartQuery(chart, "t", { schema, rows: 60_000 }));
    ok(thin.rows.length < 9_000, `${thin.rows.length} rows`);
    const of = (name: string) => thin.rows.filter((row) => row[2] === name);
    // 12345 is odd, 30000 is even.
    ok(of("b").some((row) => row[1] === 900) && of("a").some((row) => row[1] === -700));
    ok(of("a").some((row) => row[1] === null) && of("b").every((row) => row[1] !== null));
    // The very last slice has one row, which is b's.
    const places = (name: string) => of(name).map((row) => row[0]).slice(0, 4000).join();
    equal(places("a"), places("b"));
    const whole = { ...thin, total: null };
    const drawn = chartLines(chart, whole, { ...S.AROUND, asset: "t" }, S.plain, 100);
    ok(drawn.ok);
    match(drawn.value.join("\n"), /○ a/);
  });
});

Deno.test("thinned points cover the same places", async () => {
  await lake(async ({ session }) => {
    await session.rows(
      `create table t as select (i * 7919 % 10007)::double as n, (i * 104729 % 5003)::double as v
      from range(50000) r(i)`,
    );
    const sql = chartQuery({ type: "scatter", x: "n", y: "v" }, "t", { schema, rows: 50_000 });
    const thin = (await session.rows(sql)).rows as [number, number][];
    const ends = (await session.rows("select min(n), max(n), min(v), max(v) from t")).rows[0];
    ok(thin.length < 50_001);
    const xs = thin.map(([x]) => x), ys = thin.map(([, y]) => y);
    const near = (a: number, b: unknown) => Math.abs(a - Number(b)) <= 11;
    ok(near(Math.min(...xs), ends?.[0]) && near(Math.max(...xs), ends?.[1]));
    ok(near(Math.min(...ys), ends?.[2]) && near(Math.max(...ys), ends?.[3]));
  });
});

Deno.test("one value of x, and none, are no division by nothing", async () => {
  await lake(async ({ session }) => {
    await session.rows(
      "create table one as select 5::bigint as n, i::double as v from range(10) r(i)",
    );
    await session.rows("create table none as select 5::bigint as n, 1::double as v where false");
    const chart = { type: "line", x: "n", y: "v" };
    const one = await session.rows(chartQuery(chart, "one", { schema, rows: 1e6 }));
    deepEqual(one.rows.map((row) => Number(row[1])), [0, 9]);
    deepEqual((await session.rows(chartQuery(chart, "none", { schema, rows: 1e6 }))).rows, []);
  });
});
