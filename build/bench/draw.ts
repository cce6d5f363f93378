// `deno run -A build/bench/draw.ts taxi_zones.csv`: how long it takes to draw, in this process: the map of the zones in
// that file, outlines read, and a line through a million points. The first time is the one that a command has.

import { DuckDBInstance } from "@duckdb/node-api";
import process from "node:process";
import { plainStyle, type Style } from "../../src/term/style.ts";
import { drawFigure } from "../../src/term/figure.ts";
import { chartLines } from "../../src/views/chart.ts";

const STYLE: Style = { ...plainStyle, color: "16m" };
const AROUND = { asset: "zones", now: 0, timezone: "UTC" };
const TIMES = 11;

const [file] = process.argv.slice(2);
if (file !== undefined) {
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  const read = await connection.runAndReadAll(
    "select the_geom, zone, (LocationID * 7919 % 5000)::integer as n from read_csv($1)",
    [file],
  );
  const rows = read.getRowsJson() as string[][];
  const columns = ["the_geom", "zone", "n"].map((name, i) => ({
    name,
    type: i === 2 ? "INTEGER" : "VARCHAR",
  }));
  const data = { columns, rows, total: rows.length };
  const chart = { type: "map", geometry: "the_geom", value: "n", label: "zone" };
  for (const columns of [80, 200]) {
    measure(`map of ${rows.length} outlines, ${columns} columns`, () => {
      const drawn = chartLines(chart, data, AROUND, STYLE, columns);
      if (!drawn.ok) throw new Error(drawn.error.message);
    });
  }
}
const values = Array.from({ length: 1_000_000 }, (_, i) => Math.sin(i / 50_000) + i % 97 / 97);
for (const width of [80, 200]) {
  measure(`line through 1,000,000 points, ${width} columns`, () => {
    drawFigure({ kind: "line", data: { series: [{ name: "n", values }] } }, {
      width,
      style: STYLE,
      title: "",
    });
  });
}

function measure(name: string, draw: () => void): void {
  const times = Array.from({ length: TIMES }, () => {
    const before = process.cpuUsage();
    draw();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  });
  const median = [...times].sort((a, b) => a - b)[TIMES >> 1] ?? 0;
  const said = (ms: number) => `${ms.toFixed(1)} ms`;
  console.log(`${name}: first ${said(times[0] ?? 0)}, median ${said(median)} of the processor`);
}
