// The demo's requests: a file gives its answer, an empty one too, and what fits nothing is set aside.

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { rowsOf, taxiRig, up } from "./taxi.ts";

Deno.test("requests are answered by hour and weekday, each in a CSV and an SVG of its own", async () => {
  await using rig = await taxiRig({ TAXI_TO: "2023-01" });
  const ask = (start_date: string, end_date: string, borough: string) =>
    JSON.stringify({ start_date, end_date, borough });
  rig.project({
    "requests/week.json": ask("2023-01-09", "2023-01-16", "Manhattan"),
    "requests/none.json": ask("2020-01-01", "2020-01-02", "Bronx"),
    "requests/backwards.json": ask("2023-01-16", "2023-01-09", "Queens"),
    "requests/soon.json": ask("2023-01-09", "soon", "Queens"),
    "requests/more.json":
      `{"start_date":"2023-01-09","end_date":"2023-01-10","borough":"Queens","x":1}`,
    "requests/evil.json": ask("2023-01-09", "2023-01-10", "'; drop table taxi_trips; --"),
  });
  const ended = await up(rig);
  assert.match(ended.stderr, /evil\.json was not accepted: borough is/);
  assert.match(ended.stderr, /soon\.json was not accepted: end_date is "soon"/);
  assert.match(ended.stderr, /more\.json was not accepted: x is not expected/);
  assert.deepEqual(
    readdirSync(join(rig.folder, "requests/rejected")).filter((name) => name.endsWith(".json")),
    ["evil.json", "more.json", "soon.json"],
  );
  const all = readdirSync(join(rig.folder, "exports/requests")).sort();
  const files = all.filter((name) => name.endsWith(".csv"));
  const pictures = all.filter((name) => name.endsWith(".svg"));
  assert.deepEqual(
    pictures.map((name) => name.replace(/svg$/, "csv")),
    files,
    "each has a picture of its own name",
  );
  for (const name of pictures) {
    assert.match(readFileSync(join(rig.folder, "exports/requests", name), "utf8"), /^<svg /);
  }
  assert.deepEqual(files.map((name) => name.replace(/-[0-9a-f]{10}\.csv$/, "")), [
    "backwards",
    "none",
    "week",
  ]);
  const week = readFileSync(join(rig.folder, "exports/requests", files[2] ?? ""), "utf8");
  const lines = week.trim().split("\n");
  assert.equal(lines[0], "hour,weekday,num_trips");
  const sum = lines.slice(1).reduce((total, line) => total + Number(line.split(",")[2]), 0);
  const [direct] = await rowsOf(
    rig,
    "select count(*)::int as n from taxi_trips join taxi_zones on zone_id = pickup_zone_id " +
      "where borough = 'Manhattan' and pickup_datetime >= '2023-01-09' and pickup_datetime < '2023-01-16'",
  );
  assert.equal(sum, direct?.["n"]);
  assert.ok(sum > 0);
  for (const empty of files.slice(0, 2)) {
    const text = readFileSync(join(rig.folder, "exports/requests", empty), "utf8");
    assert.equal(text.trim(), "hour,weekday,num_trips");
    const chart = await rig.run(["show", "adhoc_request", "-p", empty.replace(/\.csv$/, "")]);
    assert.equal(chart.code, 0, chart.stderr);
  }
  const { schedules } = await rig.json(["schedules", "--json"]) as {
    schedules: { name: string; cron: string }[];
  };
  assert.deepEqual(schedules.map(({ name, cron }) => [name, cron]), [
    ["new_trips", "0 0 5 * *"],
    ["new_week", "0 0 * * 1"],
  ]);
  assert.ok(existsSync(join(rig.folder, "requests/week.json")), "what was answered stays");
});
