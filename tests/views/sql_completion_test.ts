import { deepEqual } from "node:assert/strict";
import { completeSql } from "../../src/views/sql_completion.ts";

const CATALOG = {
  tables: [
    { name: "taxi_trips", columns: ["pickup", "fare", "num riders"] },
    { name: "taxi_zones", columns: ["zone_id", "name"] },
    { name: "odd name", columns: ["x"] },
    { name: "nycflow.runs", columns: ["run", "state"] },
  ],
  commands: [".tables", ".schema", ".mode"],
};

/** `|` stands for the cursor; what is offered, and what is typed of it. */
const TABLE: readonly (readonly [string, string, readonly string[]])[] = [
  ["from ta|", "ta", ["taxi_trips", "taxi_zones"]],
  ["from |", "", ["taxi_trips", "taxi_zones", '"odd name"', "nycflow.runs"]],
  ["from taxi_trips join TAXI_Z|", "TAXI_Z", ["taxi_zones"]],
  ["from taxi_trips, taxi_z|", "taxi_z", ["taxi_zones"]],
  ['from "od|', '"od', ['"odd name"']],
  ["select fa| from taxi_trips", "fa", ["fare", "false"]],
  ["select FA| from taxi_trips", "FA", ["fare", "FALSE"]],
  ["select | from taxi_zones", "", ["zone_id", "name"]],
  ["select num| from taxi_trips", "num", ['"num riders"']],
  ["select picku|", "picku", ["pickup"]],
  ["select t.fa| from taxi_trips t", "fa", ["fare"]],
  ["select z.| from taxi_trips t join taxi_zones as z", "", ["zone_id", "name"]],
  ["select taxi_zones.n| from taxi_zones", "n", ["name"]],
  ["from nycflow.r|", "r", ["runs"]],
  ["sel|", "sel", ["select"]],
  ["from taxi_trips whe|", "whe", ["when", "where"]],
  ["select 1|", "", []],
  [".s|", ".s", [".schema"]],
  [".schema taxi_z|", "taxi_z", ["taxi_zones"]],
  [".mode j|", "j", ["json"]],
  ["select 1;\n.ta|", ".ta", [".tables"]],
  ["select nothing.x|", "x", []],
];

Deno.test("a query that is being typed is completed by what it reads", () => {
  for (const [script, typed, items] of TABLE) {
    const at = script.indexOf("|"), text = script.replace("|", "");
    const found = completeSql(CATALOG, text, at);
    deepEqual([text.slice(found.from, at), found.items], [typed, items], script);
  }
});
