// Draws shades as SVG: heat maps, calendars and maps, with the ramps, classes and projection of
// the terminal's.

import { binOf, makeBins } from "../bins.ts";
import { weekdayOf, weeksOf } from "../calendar.ts";
import type { Figure } from "../figure.ts";
import { domainOf } from "../heat.ts";
import { joinAreas, rankedAreas, USUAL_TOP } from "../map.ts";
import { compact, grouped } from "../number.ts";
import { boundsOf, fitShapes, toPlane } from "../project.ts";
import { type Domain, fraction } from "../scale.ts";
import { el, hint, label, n } from "./element.ts";
import { cut, type Ending, finish, type Sheet, sheet, textWidth } from "./frame.ts";
import { shadeClass } from "./theme.ts";

type Of<K extends Figure["kind"]> = Extract<Figure, { kind: K }>;
type Shaded = Pick<Of<"heat">, "unit" | "diverging" | "format">;

function reader(figure: Shaded): (value: number) => string {
  return figure.format ?? ((value) => {
    const text = grouped(value, Math.abs(value) >= 100 ? 0 : undefined);
    return text.length > 10 ? compact(value) : text;
  });
}

function classOf(value: number, domain: Domain, figure: Shaded): string {
  if (figure.diverging === true) return shadeClass(fraction(value, domain) * 2 - 1, true);
  return shadeClass(
    domain.min === domain.max ? (value === 0 ? 0 : 1) : fraction(value, domain),
  );
}

function rampLegend(on: Sheet, left: number, domain: Domain | undefined, figure: Shaded): void {
  if (domain === undefined) {
    on.parts.push(label(left, on.y + 12, "no data", { class: "a" }));
    on.y += 20;
    return;
  }
  const read = reader(figure);
  const low = read(domain.min);
  let x = left;
  on.parts.push(label(x, on.y + 12, low, { class: "a" }));
  x += textWidth(low) + 6;
  for (let i = 0; i < 16; i++) {
    const value = domain.min * (1 - i / 15) + domain.max * (i / 15);
    on.parts.push(el("rect", {
      class: classOf(value, domain, figure),
      x: x + i * 8,
      y: on.y + 3,
      width: 8,
      height: 11,
    }));
  }
  const after = [read(domain.max), figure.unit ?? ""].filter((part) => part !== "").join(" ");
  on.parts.push(label(x + 134, on.y + 12, after, { class: "a" }));
  on.y += 20;
}

export function heatSvg(
  figure: Of<"heat">,
  width: number,
  title: string,
  end: Ending,
): string {
  const { rows, columns, values } = figure.data;
  const on = sheet(width, title);
  const left = Math.min(Math.max(10, ...rows.map((name) => textWidth(name) + 4)), width / 3) + 10;
  const each = (width - left) / Math.max(1, columns.length);
  const size = Math.min(each, 44), tall = Math.max(15, Math.min(24, size * 0.8));
  const domain = domainOf(values, figure);
  const read = reader(figure);
  const every = Math.max(
    1,
    Math.ceil(Math.max(1, ...columns.map((name) => textWidth(name) + 6)) / size),
  );
  columns.forEach((name, i) => {
    if (i % every !== 0) return;
    on.parts.push(
      label(left + i * size + (every === 1 ? size / 2 : 0), on.y + 12, cut(name, size * every), {
        class: every === 1 ? "a m" : "a",
      }),
    );
  });
  on.y += 18;
  rows.forEach((name, row) => {
    on.parts.push(label(left - 8, on.y + tall / 2 + 4, cut(name, left - 8), { class: "e" }));
    columns.forEach((column, i) => {
      const value = values[row]?.[i];
      const known = typeof value === "number" && Number.isFinite(value) && domain !== undefined;
      on.parts.push(el("rect", {
        class: known ? classOf(value, domain, figure) : "n",
        x: left + i * size,
        y: on.y,
        width: Math.max(0.5, size - (size > 5 ? 1 : 0)),
        height: tall - 1,
      }, hint(`${name}, ${column}: ${known ? read(value) : "none"}`)));
    });
    on.y += tall;
  });
  on.y += 6;
  rampLegend(on, left, domain, figure);
  return finish(on, title, end);
}

const LEFT = 30;
/** Room that the list beside a map takes. */
const LIST = 215;

export function calendarSvg(
  figure: Of<"calendar">,
  width: number,
  title: string,
  end: Ending,
): string {
  const on = sheet(width, title);
  const weeks = weeksOf(figure.days).slice(-53 * 12);
  const byDay = new Map(figure.days.map(({ day, value }) => [day, value]));
  const domain = domainOf([[...byDay.values()]], figure);
  const read = reader(figure);
  const size = Math.max(9, Math.min(18, (width - LEFT) / Math.max(1, weeks.length)));
  const each = Math.max(1, Math.floor((width - LEFT) / size));
  const first = Math.min(...byDay.keys()), last = Math.max(...byDay.keys());
  for (let block = 0; block * each < weeks.length; block++) {
    ["Mon", "Wed", "Fri", "Sun"].forEach((name, i) => {
      on.parts.push(label(0, on.y + 16 + (i * 2 + 0.75) * size, name, { class: "a" }));
    });
    let free = 0;
    weeks.slice(block * each, (block + 1) * each).forEach((week, i) => {
      const x = LEFT + i * size;
      if (week.label !== "" && x >= free && x + textWidth(week.label) <= width) {
        on.parts.push(label(x, on.y + 10, week.label, { class: "a" }));
        free = x + textWidth(week.label) + 6;
      }
      for (let row = 0; row < 7; row++) {
        const day = week.start + row;
        if (day < first || day > last || weekdayOf(day) !== row) continue;
        const found = byDay.get(day) ?? null;
        const value = found !== null && Number.isFinite(found) ? found : null;
        const date = new Date(day * 86_400_000).toISOString().slice(0, 10);
        on.parts.push(el("rect", {
          class: value === null || domain === undefined ? "n" : classOf(value, domain, figure),
          x,
          y: on.y + 16 + row * size,
          width: size - 1,
          height: size - 1,
        }, hint(`${date}: ${value === null ? "none" : read(value)}`)));
      }
    });
    on.y += 16 + 7 * size + 8;
  }
  rampLegend(on, LEFT, domain, figure);
  return finish(on, title, end);
}

export function mapSvg(
  figure: Of<"map">,
  width: number,
  title: string,
  end: Ending,
): string {
  const on = sheet(width, title);
  const areas = joinAreas(figure.features);
  const known = areas.map((area) => area.value).filter((value) => value !== null);
  const bins = makeBins(known, Math.min(figure.classes ?? 5, 9), figure.bins ?? "auto");
  const plane = toPlane(areas.map((area) => area.geometry), figure.rotate ?? 0);
  const bounds = boundsOf(plane);
  if (bounds === undefined) {
    on.parts.push(label(0, on.y + 12, "no areas to draw", { class: "a" }));
    on.y += 20;
    return finish(on, title, end);
  }
  on.y += 6;
  const high = Math.min(560, Math.max(300, width * 0.85));
  // Beside the map where both find room, else below it.
  const full = fitShapes(plane, bounds, width - 10, high, 1);
  const beside = full.width + 26 + LIST <= width || width >= 480;
  const projected = beside ? fitShapes(plane, bounds, width - LIST - 30, high, 1) : full;
  const top = on.y;
  areas.forEach((area, i) => {
    const d = (projected.shapes[i] ?? []).map((ring) => pathOf(ring, top)).join("");
    const shade = area.value === null
      ? "n"
      : shadeClass(bins.length <= 1 ? 0.7 : binOf(area.value, bins) / (bins.length - 1));
    const said = area.value === null ? "no data" : grouped(area.value);
    if (d !== "") {
      on.parts.push(el(
        "path",
        { class: `${shade} c`, "fill-rule": "evenodd", d },
        hint(`${area.label}: ${said}`),
      ));
    }
  });
  const ranked = rankedAreas(areas, figure.top ?? USUAL_TOP, bins.length);
  ranked.forEach((area, rank) => {
    const middle = middleOf(projected.shapes[area] ?? []);
    if (middle === null) return;
    on.parts.push(label(middle[0], middle[1] + top + 3.5, String(rank + 1), { class: "rk" }));
  });
  const x = beside ? projected.width + 26 : 0;
  let y = beside ? top + 20 : top + projected.height + 22;
  if (figure.unit !== undefined) on.parts.push(label(x, y, figure.unit, { class: "h" }));
  for (let i = bins.length - 1; i >= 0; i--) {
    y += 18;
    const shade = shadeClass(bins.length <= 1 ? 0.7 : i / (bins.length - 1));
    on.parts.push(
      el("rect", { class: shade, x, y: y - 10, width: 14, height: 12 }),
      label(x + 20, y, bins[i]?.label ?? "", { class: "a" }),
    );
  }
  if (known.length < areas.length) {
    y += 18;
    on.parts.push(
      el("rect", { class: "n", x, y: y - 10, width: 14, height: 12 }),
      label(x + 20, y, "no data", { class: "a" }),
    );
  }
  if (ranked.length > 0) y += 10;
  const widest = Math.max(0, ...ranked.map((i) => textWidth(grouped(areas[i]?.value ?? 0))));
  ranked.forEach((i, rank) => {
    y += 18;
    const area = areas[i];
    if (area === undefined) return;
    const value = grouped(area.value ?? 0);
    on.parts.push(
      label(x, y, `${rank + 1}`, { class: "a" }),
      label(x + 16 + widest, y, value, { class: "e" }),
      label(x + 24 + widest, y, cut(area.label, width - x - 24 - widest), { class: "a" }),
    );
  });
  on.y = Math.max(top + projected.height, y) + 10;
  return finish(on, title, end);
}

/** A ring as steps of tenths, each from the point before: shorter than places, and just as exact. */
function pathOf(ring: Float64Array, top: number): string {
  if (ring.length < 6) return "";
  let px = Math.round((ring[0] as number) * 10), py = Math.round(((ring[1] as number) + top) * 10);
  let d = `M${px / 10} ${py / 10}`, steps = "";
  for (let i = 2; i < ring.length; i += 2) {
    const x = Math.round((ring[i] as number) * 10);
    const y = Math.round(((ring[i + 1] as number) + top) * 10);
    // Half a pixel is where a border is seen to bend.
    if (Math.abs(x - px) < 5 && Math.abs(y - py) < 5) continue;
    const dy = n((y - py) / 10);
    steps += `${steps === "" ? "" : " "}${n((x - px) / 10)}${dy.startsWith("-") ? "" : " "}${dy}`;
    px = x;
    py = y;
  }
  d += steps === "" ? "" : `l${steps}`;
  return `${d}z`;
}

/** Near the middle of the largest ring's bounds; null for a shape too small to bear a letter. */
function middleOf(rings: readonly Float64Array[]): [number, number] | null {
  let best: [number, number] | null = null, most = 0;
  for (const ring of rings) {
    let area = 0, cx = 0, cy = 0;
    for (let i = 0; i < ring.length; i += 2) {
      const x = ring[i] as number, y = ring[i + 1] as number;
      const j = (i + 2) % ring.length;
      const nx = ring[j] as number, ny = ring[j + 1] as number;
      const cross = x * ny - nx * y;
      area += cross;
      cx += (x + nx) * cross;
      cy += (y + ny) * cross;
    }
    if (Math.abs(area) <= most) continue;
    most = Math.abs(area);
    best = [cx / (3 * area), cy / (3 * area)];
  }
  return most > 160 ? best : null;
}
