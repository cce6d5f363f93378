// Decides how the part of a work that is done looks, and that something is at work where the
// part is not known. It does not measure or write.

import { percent } from "./number.ts";
import { paint, type Style } from "./style.ts";

const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/**
 * A bar of exactly `width` columns. `fraction` is 0 to 1; null means unknown: a piece wanders
 * with `frame`. The part not done is a dotted line, so that the bar has an end without colour.
 */
export function progressBar(
  fraction: number | null,
  options: { readonly width: number; readonly style: Style; readonly frame?: number | undefined },
): string {
  const { width, style } = options;
  if (width <= 0) return "";
  if (fraction === null || !Number.isFinite(fraction)) return wandering(options);
  const part = Math.max(0, Math.min(1, fraction));
  if (!style.unicode) {
    if (width < 3) return "#".repeat(Math.round(part * width)).padEnd(width, ".");
    const done = Math.floor(part * (width - 2));
    return `[${"#".repeat(done)}${".".repeat(width - 2 - done)}]`;
  }
  const eighths = Math.floor(part * width * 8);
  const whole = eighths >> 3, rest = EIGHTHS[eighths & 7] as string;
  const left = width - whole - (rest === "" ? 0 : 1);
  return paint(style, "good", "█".repeat(whole) + rest) + paint(style, "dim", "·".repeat(left));
}

function wandering(
  { width, style, frame = 0 }: {
    readonly width: number;
    readonly style: Style;
    readonly frame?: number | undefined;
  },
): string {
  const size = Math.max(1, Math.min(6, width >> 2)), way = Math.max(1, width - size);
  // There and back again.
  const step = frame % (2 * way), at = Math.min(width - size, step < way ? step : 2 * way - step);
  const [mark, rest] = style.unicode ? ["█", "·"] : ["#", "."];
  const before = paint(style, "dim", (rest as string).repeat(at));
  const after = paint(style, "dim", (rest as string).repeat(width - at - size));
  return before + paint(style, "good", (mark as string).repeat(size)) + after;
}

/** The bar with its percentage behind: "████···  42%"; exactly `width` columns. */
export function progressWithPercent(
  fraction: number,
  options: { readonly width: number; readonly style: Style },
): string {
  const text = percent(Math.max(0, Math.min(1, fraction))).padStart(5);
  if (options.width < 8) return text.slice(-options.width).padStart(options.width);
  return progressBar(fraction, { ...options, width: options.width - 5 }) + text;
}

const SPINNER = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const SPINNER_ASCII = ["|", "/", "-", "\\"];

/** The pictures of something at work, in order; one column each. About ten a second look right. */
export function spinnerFrames(style: Pick<Style, "unicode">): readonly string[] {
  return style.unicode ? SPINNER : SPINNER_ASCII;
}

/** The `frame`-th picture, round and round. */
export function spinner(style: Pick<Style, "unicode">, frame: number): string {
  const frames = spinnerFrames(style);
  return frames[((frame % frames.length) + frames.length) % frames.length] as string;
}
