import { equal, match, ok } from "node:assert/strict";
import { heatMap } from "../../src/term/heat.ts";
import { asciiStyle, plainStyle } from "../../src/term/style.ts";
import { allStyles, checkLines, colored, widths } from "./styles.ts";

const days = ["Mon", "Tue", "Wed"];
const hours = Array.from({ length: 24 }, (_, i) => String(i));
const values = days.map((_, d) =>
  hours.map((_, h) => d === 1 && h === 3 ? null : d === 0 && h === 3 ? 0 : h * 10 + d)
);

Deno.test("weekday by hour, as it should look", async (t) => {
  const data = { rows: days, columns: hours, values };
  const plain = heatMap(data, { width: 80, style: plainStyle, title: "Trips" });
  const ascii = heatMap(data, { width: 80, style: asciiStyle });
  await t.assertSnapshot([...plain, ...ascii].join("\n"));
});

Deno.test("exact width in every style, with gaps, one value, none, and huge ones", () => {
  const shapes: [string, (number | null)[][]][] = [
    ["values", values],
    ["constant", days.map(() => hours.map(() => 7))],
    ["zeros", days.map(() => hours.map(() => 0))],
    ["missing", days.map(() => hours.map(() => null))],
    ["ragged", [[1], []]],
    ["huge", days.map(() => hours.map((_, i) => i % 2 ? 1e308 : -1e308))],
  ];
  for (const [name, cells] of shapes) {
    for (const columns of [20, ...widths]) {
      for (const [kind, style] of allStyles) {
        for (const numbers of [false, true]) {
          const lines = heatMap({ rows: days, columns: hours, values: cells }, {
            width: columns,
            style,
            numbers,
            diverging: numbers,
            title: "t",
          });
          checkLines(lines, columns, style, `${name} ${columns} ${kind}`);
          ok([1, 2].some((tall) => lines.length === 1 + 1 + days.length * tall + 1));
        }
      }
    }
  }
});

Deno.test("nothing is not zero", () => {
  const data = { rows: ["a"], columns: ["x", "y", "z"], values: [[0, null, 9]] };
  match(heatMap(data, { width: 40, style: asciiStyle })[1] as string, /^a \.{8} {8}@{8} +$/);
  match(heatMap(data, { width: 40, style: plainStyle })[1] as string, /^a ░{8} +· +█{8} +$/);
  const painted = heatMap(data, { width: 40, style: colored });
  equal(painted[1]?.match(/48;2;\d+;\d+;\d+/g)?.length, 2);
  ok(painted.at(-1)?.includes("· none"));
  ok(
    !heatMap({ ...data, values: [[0, 1, 9]] }, { width: 40, style: plainStyle }).at(-1)?.includes(
      "none",
    ),
  );
});

Deno.test("more is never lighter: shades and colours rise with the value", () => {
  const row = [1, 2, 3, 4, 5, 6, 7, 8];
  const data = { rows: ["a"], columns: row.map(String), values: [row] };
  const shades = ".:-=+*#%@";
  const line = heatMap(data, { width: 12, style: asciiStyle })[1] as string;
  const order = [...line.slice(2, 10)].map((char) => shades.indexOf(char));
  ok(order.every((shade, i) => i === 0 || shade >= (order[i - 1] as number)));
  equal(order[0], 0);
  equal(order[7], 8);
});

Deno.test("more columns than room: means, and it says so", () => {
  const columns = Array.from({ length: 100 }, (_, i) => String(i));
  const data = { rows: ["a"], columns, values: [columns.map((_, i) => i)] };
  const lines = heatMap(data, { width: 60, style: plainStyle });
  match(lines.at(-1) as string, /each cell is the mean of 2/);
});
