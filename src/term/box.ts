// Decides how a panel with a title and a rule look. What stands in a panel is ready text; it is
// cut and filled to fit.

import { paint, type Style } from "./style.ts";
import { fit, truncate, width } from "./width.ts";

/** Lines in a frame, every one exactly `width` columns (4 at least). */
export function box(
  lines: readonly string[],
  options: { readonly width: number; readonly style: Style; readonly title?: string | undefined },
): string[] {
  const { style } = options;
  const columns = Math.max(4, options.width), inner = columns - 4;
  const [tl, tr, bl, br, h, v] = style.unicode
    ? ["╭", "╮", "╰", "╯", "─", "│"] as const
    : ["+", "+", "+", "+", "-", "|"] as const;
  const title = options.title === undefined
    ? ""
    : truncate(options.title, Math.max(0, inner - 2), style);
  const side = paint(style, "dim", v);
  const lead = title === "" ? h : `${h} `;
  const rest = columns - 2 - width(lead) - (title === "" ? 0 : width(title) + 1);
  const top = paint(style, "dim", tl + lead) + paint(style, "heading", title) +
    paint(style, "dim", (title === "" ? "" : " ") + h.repeat(Math.max(0, rest)) + tr);
  return [
    top,
    ...lines.map((line) => `${side} ${fit(line, inner, style)} ${side}`),
    paint(style, "dim", bl + h.repeat(columns - 2) + br),
  ];
}

/** A line across, exactly `width` columns, with a title near its start if there is one. */
export function rule(
  options: { readonly width: number; readonly style: Style; readonly title?: string | undefined },
): string {
  const { style } = options;
  const h = style.unicode ? "─" : "-";
  if (options.title === undefined || options.title === "" || options.width < 6) {
    return paint(style, "dim", h.repeat(Math.max(0, options.width)));
  }
  const title = truncate(options.title, options.width - 4, style);
  const rest = options.width - width(title) - 4;
  return paint(style, "dim", `${h}${h} `) + paint(style, "heading", title) +
    paint(style, "dim", ` ${h.repeat(Math.max(0, rest))}`);
}
