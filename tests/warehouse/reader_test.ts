import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { AssetKey } from "../../src/core/key.ts";
import type { Warehouse } from "../../src/ports/warehouse.ts";
import { createWarehouse } from "../../src/warehouse/reader.ts";
import { geometryOf } from "../../src/warehouse/wkt.ts";
import { type Lake, lake, LIMITS } from "./lake.ts";

async function reading(work: (made: Lake, warehouse: Warehouse) => Promise<void>, folder?: string) {
  await lake(async (made) => {
    const warehouse = createWarehouse({
      project: made.project,
      limits: { ...LIMITS, scratch: join(made.project, "scratch") },
      timezone: "America/New_York",
      prepare: () => Promise.resolve(),
    });
    try {
      await work(made, warehouse);
    } finally {
      await warehouse.close();
    }
  }, folder);
}

Deno.test("values are written as the documents promise", async () => {
  await reading(async (_made, warehouse) => {
    const found = await warehouse.query(
      `select 9007199254740991 as safe, 9007199254740993 as large, 1.50::decimal(9,2) as money, 1::hugeint as huge,
        date '2023-01-01' as d, timestamp '2023-01-01 00:00:00.5' as t, '2023-07-01 00:00:00+00'::timestamptz as tz,
        null as n, 'nan'::double as nan, 0.1::float as f, [1, null] as l, {'a': {'b': true}} as s, map {'k': 1.5::double} as m,
        '{"x": [1]}'::json as j, '\\xFF'::blob as b, time '10:00' as tm, 'infinity'::timestamptz as inf, interval '1 day' as i`,
      [],
    );
    assert.ok(found.ok, JSON.stringify(found));
    assert.deepEqual(found.value.rows, [[
      9007199254740991,
      "9007199254740993",
      "1.50",
      "1",
      "2023-01-01",
      "2023-01-01T00:00:00.5",
      "2023-06-30T20:00:00-04:00",
      null,
      "NaN",
      0.1,
      [1, null],
      { a: { b: true } },
      { k: 1.5 },
      { x: [1] },
      "\\xFF",
      "10:00:00",
      "infinity",
      "1 day",
    ]]);
    assert.equal(found.value.total, 1);
  });
});

Deno.test("a query sees the tables it names, rows that are handed in, and no more than the limit", async () => {
  await reading(async (made, warehouse) => {
    const trips = made.input("trips", [
      made.version(await made.make("select i from range(100) t(i)")),
    ]);
    const gone = { ...made.input("gone", []), schema: null };
    const limited = await warehouse.query("select i from trips order by i desc;", [trips, gone], {
      limit: 3,
    });
    assert.ok(limited.ok, JSON.stringify(limited));
    assert.deepEqual([limited.value.rows, limited.value.total], [[[99], [98], [97]], null]);
    const extra = {
      "nycflow.runs": [{ run: "r1", seconds: 1.5 }, { run: "r2", seconds: 2 }],
      notes: [],
    };
    const joined = await warehouse.query(
      "select runs.run, (select count(*) from trips) from nycflow.runs where seconds > 1.7",
      [trips],
      { extra },
    );
    assert.ok(joined.ok, JSON.stringify(joined));
    assert.deepEqual(joined.value.rows, [["r2", 100]]);
    const both = await Promise.all(
      [1, 2, 3].map((n) =>
        warehouse.query("select n from facts", [], { extra: { facts: [{ n }] } })
      ),
    );
    assert.deepEqual(both.map((each) => each.ok && each.value.rows), [[[1]], [[2]], [[3]]]);
    assert.ok((await warehouse.query("summarize trips", [trips])).ok);
  });
});

Deno.test("a query that is wrong is told where and what is near", async () => {
  await reading(async (made, warehouse) => {
    const trips = made.input("trips", [made.version(await made.make("select 1 as fare"))]);
    const refused = async (sql: string, limit?: number) => {
      const found = await warehouse.query(sql, [trips], limit === undefined ? {} : { limit });
      assert.ok(!found.ok, sql);
      assert.equal(found.error.code, "query-failed");
      return found.error;
    };
    const column = await refused("select 'é',\n  fair from trips", 10);
    assert.deepEqual(column.where, { line: 2, column: 3, length: 4, source: "  fair from trips" });
    assert.match(column.hint!, /fare/);
    assert.equal((await refused("select fair from trips")).where!.column, 8);
    assert.match((await refused("from trip")).hint!, /did you mean trips/);
    assert.match((await refused("drop table trips")).why!, /a DROP/);
    assert.match((await refused("install httpfs")).why!, /an INSTALL/);
    assert.match((await refused("select 1; select 2")).why!, /second statement/);
    assert.equal((await refused("selec")).where!.column, 1);
    const later = await warehouse.query("from trips", [trips]);
    assert.ok(later.ok);
  });
});

Deno.test("ordered versions are read in their order, whatever their size", async () => {
  await reading(async (made, warehouse) => {
    const sql = (from: number) =>
      `select hash(i) as h, i from range(${from}, ${from + 300000}) t(i) order by h`;
    const parts = [
      made.version(await made.make(sql(0), { ordered: true }), { partition: "1" }),
      made.version(await made.make(sql(300000), { ordered: true }), { partition: "2" }),
    ];
    const table = made.input("t", parts);
    const first = await warehouse.preview(table, 3);
    assert.ok(first.ok);
    assert.equal(first.value.total, 600000);
    const expected = await made.session.rows(`select i from (${sql(0)}) limit 3`);
    assert.deepEqual(first.value.rows.map((row) => row[1]), expected.rows.map((row) => row[0]));
    const file = join(made.project, "out", "t.csv");
    const written = await warehouse.write("from t", [table], file, "csv");
    assert.ok(written.ok, JSON.stringify(written));
    assert.equal(written.value.rows, 600000);
    const lines = readFileSync(file, "utf8").trim().split("\n");
    assert.equal(lines.length, 600001);
    const hashes = lines.slice(1, 300001).map((line) => BigInt(line.split(",")[0]!));
    assert.ok(hashes.every((hash, at) => at === 0 || hashes[at - 1]! <= hash));
    assert.deepEqual(readdirSync(join(made.project, "out")), ["t.csv"]);
  });
});

Deno.test("files for people: whole or not at all", async () => {
  await reading(async (made, warehouse) => {
    const out = (name: string) => join(made.project, name);
    const zones = made.input("zones", [made.version(
      await made.make(
        `select 1 as zone_id, 'Mid"town' as zone, 'POLYGON ((0 0, 0 1.5, -1 1, 0 0))' as geometry union all select 2, null, null`,
      ),
    )]);
    const sql = "from zones order by zone_id";
    assert.ok((await warehouse.write(sql, [zones], out("z.json"), "json")).ok);
    assert.deepEqual(JSON.parse(readFileSync(out("z.json"), "utf8"))[1], {
      zone_id: 2,
      zone: null,
      geometry: null,
    });
    const parquet = await warehouse.write(
      "select sum(zone_id) as s from zones",
      [zones],
      out("z.parquet"),
      "parquet",
    );
    assert.ok(parquet.ok);
    assert.deepEqual(await made.session.columns(`from '${out("z.parquet")}'`), [{
      name: "s",
      type: "BIGINT",
    }]);
    const geo = await warehouse.write(sql, [zones], out("z.geojson"), "geojson");
    assert.ok(geo.ok && geo.value.rows === 2);
    assert.deepEqual(JSON.parse(readFileSync(out("z.geojson"), "utf8")), {
      type: "FeatureCollection",
      features: [
        {
          type: "Feature",
          properties: { zone_id: 1, zone: 'Mid"town' },
          geometry: { type: "Polygon", coordinates: [[[0, 0], [0, 1.5], [-1, 1], [0, 0]]] },
        },
        { type: "Feature", properties: { zone_id: 2, zone: null }, geometry: null },
      ],
    });
    const before = readFileSync(out("z.geojson"), "utf8");
    const bad = await warehouse.write(
      "select 'nonsense' as geometry",
      [],
      out("z.geojson"),
      "geojson",
    );
    assert.ok(!bad.ok && bad.error.code === "export-failed");
    assert.match(bad.error.why!, /row 1: geometry is no WKT/);
    assert.ok(!(await warehouse.write("select 1 as a", [], out("y.geojson"), "geojson")).ok);
    assert.equal(readFileSync(out("z.geojson"), "utf8"), before);
    const csv = await warehouse.write(
      "select 'x'::int as a from zones",
      [zones],
      out("a.csv"),
      "csv",
    );
    assert.ok(!csv.ok);
    mkdirSync(out("is-a-folder"));
    assert.ok(!(await warehouse.write(sql, [zones], out("is-a-folder"), "csv")).ok);
    assert.deepEqual(
      readdirSync(made.project).filter((each) => each.endsWith(".part") || each === "a.csv"),
      [],
    );
  });
});

Deno.test("WKT in its forms", () => {
  assert.deepEqual(geometryOf("POINT(-73.9 4.07e1)"), {
    type: "Point",
    coordinates: [-73.9, 40.7],
  });
  assert.deepEqual(geometryOf("point z (1 2 3)"), { type: "Point", coordinates: [1, 2, 3] });
  assert.deepEqual(geometryOf("POINT M (1 2 3)"), { type: "Point", coordinates: [1, 2] });
  assert.deepEqual(geometryOf("MULTIPOINT ((1 2), (3 4))"), geometryOf("MULTIPOINT (1 2, 3 4)"));
  assert.deepEqual(
    geometryOf(
      "SRID=4326;MULTIPOLYGON (((0 0,0 1,1 1,0 0)),((5 5,5 6,6 6,5 5),(5 5,5 5,5 5,5 5)))",
    ),
    {
      type: "MultiPolygon",
      coordinates: [[[[0, 0], [0, 1], [1, 1], [0, 0]]], [[[5, 5], [5, 6], [6, 6], [5, 5]], [
        [5, 5],
        [5, 5],
        [5, 5],
        [5, 5],
      ]]],
    },
  );
  assert.deepEqual(geometryOf("POLYGON EMPTY"), { type: "Polygon", coordinates: [] });
  assert.deepEqual(geometryOf("GEOMETRYCOLLECTION (POINT (1 2), LINESTRING (0 0, 1 1))"), {
    type: "GeometryCollection",
    geometries: [{ type: "Point", coordinates: [1, 2] }, {
      type: "LineString",
      coordinates: [[0, 0], [1, 1]],
    }],
  });
  for (
    const bad of [
      "",
      "POINT",
      "POINT (1)",
      "POLYGON ((0 0, 1 1)",
      "POINT (1 2) x",
      "CIRCLE (1 2)",
      "POINT (a b)",
    ]
  ) {
    assert.equal(geometryOf(bad), null, bad);
  }
});

Deno.test("a profile is one look at each column", async () => {
  await reading(async (made, warehouse) => {
    const table = made.input("t", [
      made.version(
        await made.make(
          "select i, case when i < 3 then null else 'x' || i end as s, [i] as l, (i / 2)::decimal(9,1) as d from range(10) t(i)",
        ),
      ),
    ]);
    const found = await warehouse.profile(table);
    assert.ok(found.ok, JSON.stringify(found));
    assert.deepEqual(found.value.map((each) => [each.name, each.nulls, each.min, each.max]), [
      ["i", 0, 0, 9],
      ["s", 3, "x3", "x9"],
      ["l", 0, null, null],
      ["d", 0, "0.0", "4.5"],
    ]);
    assert.ok(Math.abs(found.value[0]!.distinct - 10) <= 1);
  });
});

Deno.test("the mirror holds real tables, is replaced whole, and waits for nobody", async () => {
  await reading(async (made, warehouse) => {
    const file = join(made.project, "ware house's.duckdb");
    const key = (name: string) => name as AssetKey;
    const trips = made.input("trips", [
      made.version(await made.make("select i, 'a' as kind from range(1000) t(i)"), {
        partition: "1",
      }),
      made.version(await made.make("select i from range(10) t(i)"), { partition: "2", at: 0 }),
    ]);
    const view = made.input("busy", [], {
      sql: "select count(*) as n from trips",
      inputs: [trips],
    });
    assert.equal(await warehouse.mirror(file, [trips, view], []), "done");
    assert.deepEqual(await mirrored(made, file, "select count(*), count(kind) from m.trips"), [[
      1010,
      1000,
    ]]);
    assert.deepEqual(await mirrored(made, file, "from m.busy"), [[1010]]);
    const smaller = made.input("trips", [trips.versions[1]!]);
    assert.equal(await warehouse.mirror(file, [smaller], [key("busy"), key("never was")]), "done");
    assert.deepEqual(await mirrored(made, file, "select count(*) from m.trips"), [[10]]);
    assert.deepEqual(
      await mirrored(
        made,
        file,
        "select table_name from duckdb_tables() where database_name = 'm'",
      ),
      [["trips"]],
    );

    const holder = holding(file);
    try {
      await once(holder.stdout!, "data");
      assert.equal(await warehouse.mirror(file, [trips], []), "locked");
    } finally {
      holder.kill("SIGKILL");
      await once(holder, "close");
    }
    assert.equal(await warehouse.mirror(file, [trips], []), "done");

    const broken = {
      ...trips,
      versions: [{
        ...trips.versions[0]!,
        file: { ...trips.versions[0]!.file!, path: "gone.parquet" },
      }],
    };
    const told = await warehouse.mirror(file, [broken], []);
    assert.ok(typeof told === "object" && told.code === "source-missing", JSON.stringify(told));
    assert.deepEqual(await mirrored(made, file, "select count(*) from m.trips"), [[1010]]);

    writeFileSync(join(made.project, "other.duckdb"), "x".repeat(20_000));
    const other = await warehouse.mirror(join(made.project, "other.duckdb"), [trips], []);
    assert.ok(typeof other === "object", String(other));
    rmSync(file);
    assert.equal(await warehouse.mirror(file, [trips], []), "done");
    assert.ok(existsSync(file));
  }, "mirror year=2023");
});

/** Read by another engine than the one that wrote it. */
async function mirrored(made: Lake, file: string, sql: string) {
  await made.session.run(`attach '${file.replaceAll("'", "''")}' as m (read_only)`);
  try {
    return (await made.session.rows(sql)).rows;
  } finally {
    await made.session.run("detach m");
  }
}

/** Another process that holds the file's lock until it is killed. */
function holding(file: string) {
  const driver = new URL("../../src/warehouse/driver.ts", import.meta.url).href;
  const program = `
    const { openDuckDb } = await import(${JSON.stringify(driver)});
    const limits = { memoryMb: 100, threads: 1, scratch: ${JSON.stringify(`${file}.scratch`)} };
    const db = await openDuckDb({ limits, timezone: "UTC", prepare: () => Promise.resolve() });
    await db.use((session) => session.run(${
    JSON.stringify(`attach '${file.replaceAll("'", "''")}' as held`)
  }));
    console.log("held");
    setInterval(() => {}, 1000);
  `;
  const config = new URL("../../deno.json", import.meta.url).pathname;
  return spawn(Deno.execPath(), [
    "run",
    "-A",
    "--no-check",
    "--quiet",
    "--config",
    config,
    "--ext=ts",
    "-",
  ], {
    stdio: ["pipe", "pipe", "inherit"],
  }).on("spawn", function (this: ReturnType<typeof spawn>) {
    this.stdin!.end(program);
  });
}
