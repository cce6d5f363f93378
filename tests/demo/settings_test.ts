// Settings that cannot be meant, and folders that lack what was asked for: each says what would do.

import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { hurry, taxiRig } from "./taxi.ts";

/** Months belong to the definition, so any command meets them. */
const MONTHS: readonly (readonly [Readonly<Record<string, string>>, RegExp])[] = [
  [{ TAXI_FROM: "2023-13" }, /TAXI_FROM=2023-13 is no month; write one as 2023-01/],
  [{ TAXI_FROM: "January" }, /TAXI_FROM=January is no month/],
  [{ TAXI_TO: "2008-12" }, /TAXI_TO=2008-12 is no month;[^]*from 2009-01 on, or latest/],
  [{ TAXI_FROM: "2023-04" }, /TAXI_FROM \(2023-04\) comes after TAXI_TO \(2023-03\)/],
  [{ TAXI_FROM: "2023-03", TAXI_TO: "2023-02" }, /comes after TAXI_TO \(2023-02\)/],
];

/** Words of an error, whatever the lines that they were broken into. */
const unwrapped = (text: string) => text.replace(/\s+/g, " ");

Deno.test("demo: months that are none are told with where and what would do", async () => {
  await using rig = await taxiRig();
  for (const [env, words] of MONTHS) {
    const { code, stderr } = await rig.run(["ls"], { env });
    assert.equal(code, 2, JSON.stringify(env));
    assert.match(unwrapped(stderr), words);
    assert.match(stderr, /assets\/files\/months\.ts:\d+/);
  }
});

Deno.test("demo: settings that are set to nothing count as not set", async () => {
  const env = { TAXI_SOURCE: "", TAXI_SERVICE: "", TAXI_FROM: "", TAXI_TO: "" };
  await using rig = await taxiRig(env);
  const { code, stderr } = await rig.run(["run", "taxi_trips_file", "--partition", "2023-02"]);
  assert.equal(code, 0, stderr);
});

Deno.test("demo: one month, December included, is a range like any other", async () => {
  await using rig = await taxiRig({ TAXI_FROM: "2022-12", TAXI_TO: "2022-12" });
  const { code, stderr } = await rig.run(["run", "taxi_trips_file"]);
  assert.equal(code, 0, stderr);
  const [row] = await rig.json(["sql", "--json", "select count(*) as n from taxi_trips_file"]) as [
    { n: number },
  ];
  assert.ok(row.n > 50_000);
});

Deno.test("demo: sources and folders that will not do say what would", async () => {
  await using rig = await taxiRig();
  hurry(rig);
  const said = async (env: Record<string, string>, asset = "taxi_trips_file") => {
    const { code, stdout, stderr } = await rig.run(["run", asset, "--fail-fast"], {
      env: { TAXI_TO: "2023-01", ...env },
    });
    assert.equal(code, 1, `${JSON.stringify(env)}\n${stdout}\n${stderr}`);
    return unwrapped(stdout + stderr);
  };
  assert.match(await said({ TAXI_SOURCE: "tcl" }), /TAXI_SOURCE=tcl: .*demo, tlc, or a folder/);
  assert.match(await said({ TAXI_SERVICE: "blue" }), /TAXI_SERVICE=blue .*yellow or green/);

  mkdirSync(rig.path("data"));
  const data = { TAXI_SOURCE: "data" };
  assert.match(
    await said(data),
    /data has no yellow_tripdata_2023-01.parquet.*no such files at all/,
  );
  writeFileSync(rig.path("data", "green_tripdata_2023-01.parquet"), "PAR1");
  assert.match(await said(data), /there is green_tripdata_2023-01\.parquet/);
  // A file that is not what its name says is told as such.
  assert.match(await said({ ...data, TAXI_SERVICE: "green" }), /is cut short|is damaged/);
  writeFileSync(rig.path("data", "yellow_tripdata_2023-01.csv"), "a,b\n1,2\n");
  writeFileSync(rig.path("data", "yellow_tripdata_2023-01.csv.gz"), "");
  assert.match(
    await said(data),
    /yellow_tripdata_2023-01\.csv and yellow_tripdata_2023-01\.csv\.gz/,
  );

  assert.match(await said(data, "taxi_zones_file"), /data has no taxi_zones\.csv/);
  writeFileSync(rig.path("data", "taxi_zones.csv"), "LocationID,Borough,Zone\n1,EWR,Newark\n");
  assert.match(
    await said(data, "taxi_zones_file"),
    /no list of taxi zones: it has no column the_geom or shape geometry; its columns are locationid/,
  );
});
