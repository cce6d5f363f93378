// Ranges over mixed schemes on published files; shown as ignored where there are none.

import assert from "node:assert/strict";
import { initTaxi, rowsOf, TLC_DATA } from "../demo/taxi.ts";
import { eitherWay, makeRig } from "../rig/program.ts";
import { ok } from "./projects.ts";

Deno.test({
  name: "range: weeks of January need February too, since they look a month ahead, and not March",
  ignore: TLC_DATA === null,
  fn: async () => {
    const env = { TAXI_SOURCE: TLC_DATA ?? "", TAXI_SERVICE: "green" };
    await using rig = makeRig({ via: eitherWay(), env });
    await initTaxi(rig);
    await ok(rig, [
      "run",
      "trips_by_week",
      "--from",
      "2023-01-01",
      "--to",
      "2023-01-21",
      "--quiet",
    ]);
    assert.deepEqual(
      await rowsOf(rig, "select distinct file_month::varchar as m from taxi_trips order by m"),
      [{ m: "2023-01-01" }, { m: "2023-02-01" }],
    );
    assert.deepEqual(
      await rowsOf(rig, "select count(*) as weeks from trips_by_week"),
      [{ weeks: 3 }],
    );
    // Months and weeks in one command.
    await ok(rig, ["backfill", "taxi_trips", "trips_by_week", "--missing", "--quiet"]);
    assert.deepEqual(await rowsOf(rig, "select count(*) as weeks from trips_by_week"), [{
      weeks: 13,
    }]);
  },
});
