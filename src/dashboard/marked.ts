/** How the line that the cursor is on looks. */
import { roleCodes, type Style, wrapCodes } from "../term/style.ts";
import { fit } from "../term/width.ts";

/** Columns that the sign of the cursor takes, in front of every line of a list. */
export const SIGN = 2;

/** A line of a list, exactly `columns` wide, with the sign of the cursor where it is on it. */
export function listLine(text: string, marked: boolean, style: Style, columns: number): string {
  if (!marked) return fit(`  ${text}`, columns, style);
  const sign = wrapCodes(roleCodes(style, "accent"), style.unicode ? "▌ " : "> ");
  const line = fit(`${sign}${text}`, columns, style);
  // Colour is not all: the sign says it too.
  return style.color === "none" ? line : wrapCodes("1;7", line);
}
