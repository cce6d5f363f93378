// Decides the colours of charts: series told apart by eyes of every kind, ramps from little to
// much, ramps around a middle; and how each looks on a dark, a light and a poor terminal.

import { type ColorLevel, hex, mix, type Rgb } from "./color.ts";
import type { Style } from "./style.ts";

/** Okabe and Ito's, in an order that keeps neighbours far apart; lightened or darkened a little. */
const SERIES_DARK = ["#56b4e9", "#e69f00", "#00b582", "#f0e442", "#d98cb8", "#e8743b", "#4f8fd9"]
  .map(hex);
const SERIES_LIGHT = ["#0072b2", "#d55e00", "#007f5f", "#a87c00", "#b0548a", "#1f97cf", "#7a5b00"]
  .map(hex);

/** Viridis: even in lightness, and the same order for colour-blind eyes and in print. */
const VIRIDIS = ["#440154", "#472d7b", "#3b528b", "#2c728e", "#21918c", "#28ae80", "#5ec962"]
  .concat(["#addc30", "#fde725"]).map(hex);
/** Blue, grey, orange; safe where red and green are one. */
const DIVERGING_DARK = ["#2f8fe0", "#5a9bd0", "#7f99ad", "#6e6e6e", "#b08f6a", "#d9903d", "#f08c00"]
  .map(hex);
const DIVERGING_LIGHT = [
  "#0a5fb0",
  "#5d9bd3",
  "#b5cfe6",
  "#e4e4e4",
  "#f3cfa3",
  "#e39a45",
  "#b85c00",
]
  .map(hex);

/** Five steps that a sixteen-colour terminal tells apart, from little to much. */
const RAMP_16_DARK = ["#0000ee", "#00cdcd", "#00cd00", "#cdcd00", "#ffffff"].map(hex);
const RAMP_16_LIGHT = ["#cdcd00", "#00cd00", "#00cdcd", "#0000ee", "#000000"].map(hex);

/** The same of the 256, chosen by eye: what is nearest to viridis among them has greys in between. */
const RAMP_256_DARK = ["#5f0087", "#5f5faf", "#0087af", "#00af87", "#5fd75f", "#afd700", "#ffff00"]
  .map(hex);
const RAMP_256_LIGHT = RAMP_256_DARK.slice(0, -1).concat([[215, 215, 0]]).reverse();

/** How many series have a colour of their own; after these they come round again. */
export const SERIES_COLORS = SERIES_DARK.length;

/** The colour of the `i`-th series. */
export function seriesColor(style: Pick<Style, "background">, i: number): Rgb {
  const colors = style.background === "dark" ? SERIES_DARK : SERIES_LIGHT;
  return colors[i % colors.length] as Rgb;
}

/**
 * Little (0) to much (1). Little recedes to the background: dark on dark terminals, light on
 * light ones. Where there are but 16 colours, one of five steps; one of seven where there are 256.
 */
export function sequential(
  style: { background: Style["background"]; color: ColorLevel },
  t: number,
): Rgb {
  const dark = style.background === "dark";
  const at = Math.max(0, Math.min(1, t));
  if (style.color === "16") {
    const steps = dark ? RAMP_16_DARK : RAMP_16_LIGHT;
    return steps[Math.min(steps.length - 1, Math.floor(at * steps.length))] as Rgb;
  }
  if (style.color === "256") {
    const steps = dark ? RAMP_256_DARK : RAMP_256_LIGHT;
    return steps[Math.round(at * (steps.length - 1))] as Rgb;
  }
  // The very darkest of viridis is lost on black, and the lightest on white.
  return ramp(VIRIDIS, dark ? 0.14 + 0.86 * at : 0.94 - 0.94 * at);
}

/** Far below (-1) over the middle (0) to far above (1). */
export function diverging(style: Pick<Style, "background">, t: number): Rgb {
  const colors = style.background === "dark" ? DIVERGING_DARK : DIVERGING_LIGHT;
  return ramp(colors, (Math.max(-1, Math.min(1, t)) + 1) / 2);
}

/** A colour for lines between areas: what the terminal's background most likely is. */
export function paper(style: Pick<Style, "background">): Rgb {
  return style.background === "dark" ? [20, 20, 20] : [250, 250, 250];
}

function ramp(colors: readonly Rgb[], t: number): Rgb {
  const place = t * (colors.length - 1);
  const i = Math.min(colors.length - 2, Math.floor(place));
  return mix(colors[i] as Rgb, colors[i + 1] as Rgb, place - i);
}
