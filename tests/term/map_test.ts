import { deepEqual, equal, match, ok } from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { binOf, makeBins } from "../../src/term/bins.ts";
import { choropleth, type MapFeature } from "../../src/term/map.ts";
import { asciiStyle, plainStyle } from "../../src/term/style.ts";
import { stripStyle } from "../../src/term/width.ts";
import { type AreaGeometry, parseWkt } from "../../src/term/wkt.ts";
import { allStyles, checkLines, colored, widths } from "./styles.ts";

/** A rectangle in degrees near the equator, where Mercator is nearly square. */
function rect(x: number, y: number, w: number, h: number): [number, number][] {
  return [[x, y], [x + w, y], [x + w, y + h], [x, y + h], [x, y]];
}

function area(id: number, value: number | null, ...rings: [number, number][][]): MapFeature {
  return { id, value, geometry: { type: "Polygon", coordinates: rings } };
}

/** The part of a chart that is map: what stands left of the legend. */
function mapPart(lines: readonly string[], columns: number): string[] {
  return lines.map((line) => stripStyle(line).slice(0, columns).trimEnd());
}

Deno.test("areas stand where they are, holes are open, winding does not matter", () => {
  const outer = rect(0, 0, 4, 4), hole = rect(1, 1, 2, 2);
  for (const ring of [outer, [...outer].reverse()]) {
    for (const inner of [hole, [...hole].reverse()]) {
      const lines = choropleth([area(1, 5, ring, inner)], {
        width: 40,
        height: 8,
        style: asciiStyle,
        top: 0,
      });
      deepEqual(mapPart(lines, 16), [
        "%%%%%%%%%%%%%%%%",
        "%%%%%%%%%%%%%%%%",
        "%%%%        %%%%",
        "%%%%        %%%%",
        "%%%%        %%%%",
        "%%%%        %%%%",
        "%%%%%%%%%%%%%%%%",
        "%%%%%%%%%%%%%%%%",
      ]);
    }
  }
});

Deno.test("features of one id are one area with one value, each polygon of it drawn", () => {
  const parts: MapFeature[] = [
    area(56, 9, rect(0, 0, 1, 1)),
    area(56, 9, rect(3, 0, 1, 1)),
    area(57, 1, rect(0, 3, 4, 1)),
  ];
  const lines = choropleth(parts, { width: 40, height: 8, style: asciiStyle, top: 0 });
  equal(mapPart(lines, 16).at(-1), "@@@@        @@@@");
  equal(mapPart(lines, 16)[0], "::::::::::::::::");
});

Deno.test("each cell has the class of the area on it, and classes rise with values", () => {
  const marks = [":", "+", "%", "@"];
  fc.assert(fc.property(
    fc.array(fc.option(fc.integer({ min: 0, max: 100_000 })), { minLength: 4, maxLength: 8 }),
    (values) => {
      const known = values.filter((v) => v !== null);
      fc.pre(known.length > 0);
      const bins = makeBins(known, 4, "auto");
      const features = values.map((value, i) => area(i, value, rect(i, 0, 1, 2)));
      const lines = choropleth(features, { width: 100, height: 6, style: asciiStyle, top: 0 });
      const columns = (lines[0] as string).search(/ /), each = columns / values.length;
      values.forEach((value, i) => {
        const mark = lines[1]?.[Math.floor((i + 0.5) * each)];
        if (value === null) return equal(mark, "?");
        const last = bins.length - 1, at = binOf(value, bins);
        equal(mark, marks[last === 0 ? 2 : Math.round((at / last) * 3)], `${value} of ${values}`);
      });
    },
  ));
});

Deno.test("with colour, the colours of a map are those of its legend", () => {
  const features = [1, 20, 300, 4000, 50_000].map((value, i) =>
    area(i, value, rect(i * 2, 0, 2, 3))
  );
  const lines = choropleth(features, { width: 80, height: 12, style: colored, top: 0, title: "t" });
  const row = lines.find((line) => line.split("█").length > 20 && !line.includes("–")) as string;
  const seen = [...row.matchAll(/38;2;(\d+;\d+;\d+)/g)].map((m) => m[1]);
  const legend = lines.filter((line) => /██/.test(line))
    .map((line) => [...line.matchAll(/38;2;(\d+;\d+;\d+)m██/g)].at(-1)?.[1]);
  ok(new Set(seen).size >= 5);
  const known = new Set(legend);
  equal(seen.filter((color) => known.has(color)).length >= 5, true);
});

Deno.test("neighbours of one colour have a border between them, those of two need none yet", () => {
  const inks = (values: readonly number[]) => {
    const features = values.map((value, i) => area(i, value, rect(i, 0, 1, 4)));
    const lines = choropleth(features, { width: 60, height: 4, style: colored, top: 0 });
    const land = lines[1]?.split(" ")[0] ?? "";
    return new Set([...land.matchAll(/[34]8;2;(\d+;\d+;\d+)/g)].map((m) => m[1])).size;
  };
  equal(inks([5, 5, 5]), 2, "its colour, and a darker one");
  equal(inks([1, 900, 1]), 2, "its two colours");
});

Deno.test("zero, nothing and water are three different things", () => {
  const features = [
    area(1, 0, rect(0, 0, 1, 2)),
    area(2, null, rect(1, 0, 1, 2)),
    area(3, 9, rect(3, 0, 1, 2)),
  ];
  const lines = choropleth(features, { width: 60, height: 4, style: asciiStyle, top: 0 });
  match(lines[1] as string, /^:{4}\?{4} {4}@{4} /);
  ok(lines.some((line) => line.includes("?? no data")));
});

Deno.test("classes have bounds that people can read and hold all values once", () => {
  deepEqual(makeBins([], 5, "quantile"), []);
  deepEqual(makeBins([7, 7, 7], 5, "quantile").map((b) => b.label), ["7"]);
  deepEqual(makeBins([0, 10, 20, 30, 1234], 5, "quantile", "-").map((b) => b.label), [
    "0 - 9",
    "10 - 19",
    "20 - 29",
    "30 - 1,199",
    "1,200 - 1,234",
  ]);
  fc.assert(fc.property(
    fc.array(fc.double({ noNaN: true, min: -1e12, max: 1e12 }), { minLength: 1 }),
    fc.constantFrom("quantile" as const, "equal" as const),
    (values, kind) => {
      const bins = makeBins(values, 5, kind);
      ok(bins.length >= 1 && bins.length <= 5);
      bins.forEach((bin, i) => ok(i === 0 || bin.from > (bins[i - 1] as { from: number }).from));
      for (const value of values) {
        const bin = bins[binOf(value, bins)] as { from: number; to: number };
        ok(value >= bin.from && value <= bin.to);
      }
    },
  ));
});

Deno.test("exact width in every style; no areas, no values, one point", () => {
  const shapes: [string, MapFeature[]][] = [
    ["none", []],
    ["no values", [area(1, null, rect(0, 0, 1, 1)), area(2, NaN, rect(1, 0, 1, 1))]],
    ["no points", [{ id: 1, value: 1, geometry: { type: "MultiPolygon", coordinates: [] } }]],
    ["a point", [area(1, 3, [[1, 1], [1, 1], [1, 1]])]],
    ["flat", [area(1, 3, rect(0, 0, 50, 1)), area(2, 4, rect(50, 0, 50, 1))]],
    [
      "tall",
      Array.from(
        { length: 9 },
        (_, i) => ({ ...area(i, i, rect(0, i, 1, 1)), label: `日本 ${i}` }),
      ),
    ],
    ["poles", [area(1, 3, rect(-180, -90, 360, 180))]],
  ];
  for (const [name, features] of shapes) {
    for (const columns of widths) {
      for (const [kind, style] of allStyles) {
        const lines = choropleth(features, {
          width: columns,
          height: 20,
          style,
          title: "t",
          unit: "trips",
          rotate: 10,
        });
        checkLines(lines, columns, style, `${name} ${columns} ${kind}`);
        ok(lines.length <= 20, `${name}: ${lines.length} lines`);
      }
    }
  }
});

Deno.test("WKT is read to the last digit, with holes, several polygons, heights and spaces", () => {
  const read = (text: string): AreaGeometry => {
    const result = parseWkt(text);
    if (!result.ok) throw new Error(result.problem.message);
    return result.geometry;
  };
  deepEqual(read("POLYGON((0 0,1 0,1 1,0 0))"), {
    type: "Polygon",
    coordinates: [[[0, 0], [1, 0], [1, 1], [0, 0]]],
  });
  deepEqual(
    read("SRID=4326; multipolygon ( ( (0 0, 1 0, 1 1), (.5 .5,.6 .5,.6 .6) ), ((5 5,6 5,6 6)) ) "),
    {
      type: "MultiPolygon",
      coordinates: [[[[0, 0], [1, 0], [1, 1]], [[0.5, 0.5], [0.6, 0.5], [0.6, 0.6]]], [[[5, 5], [
        6,
        5,
      ], [6, 6]]]],
    },
  );
  deepEqual(read("POLYGON Z ((0 0 9, 1 0 9, 1e0 -1E-1 9))").coordinates[0], [[0, 0], [1, 0], [
    1,
    -0.1,
  ]]);
  deepEqual(read("MULTIPOLYGON EMPTY").coordinates, []);
  fc.assert(
    fc.property(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.double({ min: -180, max: 180, noNaN: true }),
      (a, b) => {
        const [first] = read(`POLYGON((${a} ${b},1 0,1 1))`).coordinates[0] as [number, number][];
        equal(first?.[0], a === 0 ? first?.[0] : a);
        equal(first?.[1], b === 0 ? first?.[1] : b);
      },
    ),
  );
});

Deno.test("bad WKT is a problem that says what was expected and where", () => {
  const cases: [string, string, number][] = [
    ["", "expected POLYGON or MULTIPOLYGON, found nothing", 0],
    ["POINT(1 2)", "expected POLYGON or MULTIPOLYGON, found POINT", 0],
    ["{}", 'expected POLYGON or MULTIPOLYGON, found "{}"', 0],
    ["POLYGON(1 2)", 'expected "(", found "1 2)"', 8],
    ["POLYGON((0 0,1 x))", 'expected a number, found "x))"', 15],
    ["POLYGON((0 0,1 0,1 1)", 'expected "," or ")", found the end of the text', 21],
    ["POLYGON((0 0,1 0,1 1)) no", 'expected the end, found "no"', 23],
    ["POLYGON((0 0,1 0))", "a ring needs three points, found 2", 8],
    ["POLYGON((0 0,1 0,1 -))", 'expected a number, found "-))"', 19],
  ];
  for (const [text, message, at] of cases) {
    deepEqual(parseWkt(text), { ok: false, problem: { message, at } });
  }
  fc.assert(fc.property(fc.string({ unit: fc.constantFrom(..."POLYGN(),. 01-e") }), (text) => {
    parseWkt(text);
    parseWkt(`POLYGON((${text}`);
  }));
});

const data = process.env["NYCFLOW_TLC_DATA"] ??
  join(import.meta.dirname as string, "../../../shared/data");
const zonesFile = join(data, "taxi_zones.csv");

Deno.test({
  name: `the 263 real zones are recognisable${
    existsSync(zonesFile) ? "" : " (left out: no taxi_zones.csv)"
  }`,
  ignore: !existsSync(zonesFile),
  fn: () => {
    const rows = readFileSync(zonesFile, "utf8").split(/\r?\n/)
      .map((line) => /^\d+,[^,]*,"([^"]*)",[^,]*,(.*),(\d+),([^,]*)$/.exec(line))
      .filter((match) => match !== null);
    equal(rows.length, 263);
    const features = rows.map((row): MapFeature => {
      const parsed = parseWkt(row[1] as string);
      if (!parsed.ok) throw new Error(parsed.problem.message);
      return {
        id: Number(row[3]),
        label: row[2] as string,
        value: Number(row[3]),
        geometry: parsed.geometry,
      };
    });
    const manhattan = features.filter((_, i) => rows[i]?.[4] === "Manhattan");
    const lines = mapPart(
      choropleth(manhattan, { width: 80, height: 24, style: plainStyle, top: 0, title: "t" }),
      26,
    );
    // Long and thin, leaning to the right: its north lies right of its south.
    const starts = lines.slice(1, 20).map((line) => line.search(/\S/));
    ok((starts[0] as number) - (starts[18] as number) > 10, lines.join("\n"));
    ok(
      lines.slice(1, 20).every((line) => line.trim().length >= 3 && line.trim().length <= 15),
      lines.join("\n"),
    );
    for (const columns of widths) {
      for (const [kind, style] of allStyles) {
        checkLines(
          choropleth(features, { width: columns, style }),
          columns,
          style,
          `${columns} ${kind}`,
        );
      }
    }
  },
});
