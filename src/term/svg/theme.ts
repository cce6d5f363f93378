// Decides what colours and letters SVG drawings have: the terminal's palettes, light by default
// and dark where the reader's screen is, by CSS alone. Print is always light.

import { mix, type Rgb } from "../color.ts";
import { diverging, sequential, SERIES_COLORS, seriesColor } from "../palette.ts";

/** Steps of the ramps: more than an eye tells apart side by side. */
export const RAMP_STEPS = 16;

/** Height of a letter, and what one takes on average; text is placed by it, never measured. */
export const LETTER = { size: 11, wide: 7 } as const;

/** The class of a series' colour as a fill. */
export function seriesClass(i: number): string {
  return `s${i % SERIES_COLORS}`;
}

/** The class of a shade: `t` from 0 to 1, or from -1 to 1 around a middle. */
export function shadeClass(t: number, around = false): string {
  const share = around ? (Math.max(-1, Math.min(1, t)) + 1) / 2 : Math.max(0, Math.min(1, t));
  return `${around ? "d" : "q"}${Math.round(share * (RAMP_STEPS - 1))}`;
}

function css([r, g, b]: Rgb): string {
  return `#${[r, g, b].map((v) => v.toString(16).padStart(2, "0")).join("")}`;
}

function variables(background: "dark" | "light"): string {
  const style = { background, color: "16m" } as const;
  const paper: Rgb = background === "dark" ? [20, 22, 26] : [255, 255, 255];
  const ink: Rgb = background === "dark" ? [226, 228, 232] : [28, 30, 34];
  const parts = [
    `--paper:${css(paper)}`,
    `--ink:${css(ink)}`,
    `--dim:${css(mix(ink, paper, 0.38))}`,
    `--rule:${css(mix(ink, paper, 0.82))}`,
    `--none:${css(mix(ink, paper, 0.8))}`,
  ];
  for (let i = 0; i < SERIES_COLORS; i++) parts.push(`--s${i}:${css(seriesColor(style, i))}`);
  for (let i = 0; i < RAMP_STEPS; i++) {
    const t = i / (RAMP_STEPS - 1);
    parts.push(`--q${i}:${css(sequential(style, t))}`);
    parts.push(`--d${i}:${css(diverging(style, t * 2 - 1))}`);
  }
  return parts.join(";");
}

/** The rules that every drawing needs, for the elements below `scope`. */
export function themeCss(scope: string): string {
  const fills: string[] = [];
  for (let i = 0; i < SERIES_COLORS; i++) {
    fills.push(`.s${i}{fill:var(--s${i})}`, `.l${i}{stroke:var(--s${i})}`);
  }
  for (let i = 0; i < RAMP_STEPS; i++) {
    fills.push(`.q${i}{fill:var(--q${i})}`, `.d${i}{fill:var(--d${i})}`);
  }
  const own = [
    ...fills,
    `text{font:${LETTER.size}px system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;fill:var(--ink)}`,
    ".a{fill:var(--dim);font-variant-numeric:tabular-nums}",
    ".h{font-weight:600;font-size:13px}",
    ".e{text-anchor:end}",
    ".m{text-anchor:middle}",
    ".g{stroke:var(--rule);fill:none}",
    ".x{stroke:var(--dim);fill:none}",
    ".l{fill:none;stroke-width:1.8;stroke-linejoin:round;stroke-linecap:round}",
    ".c{stroke:var(--paper);stroke-width:.7;stroke-linejoin:round}",
    ".n{fill:var(--none)}",
    ".p{fill-opacity:.7}",
    ".w{stroke:var(--paper);stroke-width:2}",
    ".k{stroke:var(--ink);stroke-width:2}",
    ".o{fill:none;stroke-opacity:.7}",
    ".big{font-size:44px;font-weight:600}",
    ".rk{font-size:10px;font-weight:700;text-anchor:middle;paint-order:stroke;stroke:var(--paper);stroke-width:2.5px}",
  ].map((rule) => `${scope} ${rule}`).join("");
  return `${scope}{${variables("light")}}` +
    `@media screen and (prefers-color-scheme:dark){${scope}{${variables("dark")}}}${own}`;
}
