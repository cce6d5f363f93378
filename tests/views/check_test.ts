/** What `check` says where all is well, and where a part could not be told yet. */
import { deepEqual } from "node:assert/strict";
import { checkLines } from "../../src/views/check.ts";
import * as S from "./samples.ts";

const well = { assets: 10_000, problems: [], unknown: [], unknownRoots: [], changes: [] };

Deno.test("check: all well is one line; what could not be told is named, and not called well", () => {
  deepEqual(checkLines(well, S.plain, 80), ["✓ 10,000 assets, nothing wrong"]);
  const found = {
    ...well,
    assets: 3,
    unknown: ["zones", "trips"],
    unknownRoots: ["zones_file"],
    changes: [{
      asset: "zones",
      added: [{ name: "area", type: "DOUBLE" }],
      removed: [],
      retyped: [],
      downstream: ["map"],
    }],
  };
  deepEqual(checkLines(found as never, S.plain, 80), [
    "zones will change: with area DOUBLE; read by map",
    "not checked yet: zones, trips; the columns of zones_file are known once",
    "  materialized",
    "✓ 3 assets, nothing wrong; 2 not checked yet",
  ]);
});
