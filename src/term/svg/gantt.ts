// Draws spans of time under each other as SVG: label, bar, length, and an axis of time since the first start.

import { duration } from "../duration.ts";
import { spanTicks } from "../gantt.ts";
import { extent, fraction } from "../scale.ts";
import { el, hint, label } from "./element.ts";
import { cutMiddle, type Ending, finish, sheet, textWidth } from "./frame.ts";
import { BAR, namesRoom, type Of } from "./rows.ts";

const ROLE_CLASS: Readonly<Record<string, string>> = {
  good: "s2",
  bad: "s1",
  warn: "s3",
  accent: "s0",
  key: "s4",
};

export function ganttSvg(
  figure: Of<"gantt">,
  width: number,
  title: string,
  end: Ending,
): string {
  const on = sheet(width, title);
  on.y += 6;
  const { rows } = figure;
  const range = extent(rows.flatMap(({ start, end }) => [start, end]));
  if (range === undefined) {
    on.parts.push(label(0, on.y + 10, "nothing to show", { class: "a" }));
    on.y += 20;
    return finish(on, title, end);
  }
  const texts = rows.map((row) => {
    const length = row.start === null
      ? ""
      : duration(Math.max(0, (row.end ?? range.max) - row.start));
    return `${length} ${row.note ?? ""}`.trim();
  });
  const left = namesRoom(rows.map((row) => row.label), width);
  const right = width - Math.min(Math.max(...texts.map(textWidth)) + 8, width * 0.3);
  const x = (at: number) =>
    left + (range.min === range.max ? 0 : fraction(at, range)) * (right - left);
  const top = on.y, bottom = on.y + rows.length * (BAR + 2) + 2;
  const ticks = spanTicks(
    Math.max(1e-9, range.max - range.min),
    Math.max(2, Math.floor((right - left) / 90)),
  );
  for (const tick of ticks) {
    const at = x(range.min + tick.at);
    on.parts.push(
      el("line", { class: "g", x1: at, x2: at, y1: top, y2: bottom }),
      label(Math.min(at, width - textWidth(tick.label) / 2), bottom + 14, tick.label, {
        class: tick.at === 0 ? "a" : "a m",
      }),
    );
  }
  for (const [i, row] of rows.entries()) {
    const end = row.end ?? range.max;
    on.parts.push(label(left - 8, on.y + 12, cutMiddle(row.label, left - 8), { class: "e" }));
    if (row.start !== null) {
      on.parts.push(
        el("rect", {
          class: `${ROLE_CLASS[row.role ?? "good"] ?? "n"}${row.critical === false ? " p" : ""}`,
          x: x(row.start),
          y: on.y + 1,
          width: Math.max(1.5, x(end) - x(row.start)),
          height: BAR - 4,
          rx: 2,
        }, hint([row.label, texts[i] ?? ""].filter((part) => part !== "").join(", "))),
        label(x(end) + 5, on.y + 12, texts[i] ?? "", { class: "a" }),
      );
    }
    on.y += BAR + 2;
  }
  on.parts.push(el("line", { class: "x", x1: left, x2: right, y1: on.y + 2, y2: on.y + 2 }));
  on.y += 24;
  return finish(on, title, end);
}
