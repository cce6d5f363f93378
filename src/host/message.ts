/** What somebody outside is told. */
import type { JsonObject } from "../core/json.ts";

export interface Message {
  /** One line. */
  readonly subject: string;
  /** Several lines, plain. */
  readonly text: string;
  /** The same as data. */
  readonly fields: JsonObject;
  /** Drawn in characters of equal width, to stand below the text; each whole or not at all. */
  readonly drawings?: readonly string[];
}

/** So much of drawings goes with one message at the most. */
const MOST_DRAWN = 12_000;

/** Text and drawings in at most so many characters: what does not fit whole is left out, and that is said. */
export function drawnText(
  { text, drawings = [] }: Message,
  room: number = Infinity,
  fence: string = "",
): string {
  let whole = text, left = 0, drawn = 0;
  for (const drawing of drawings) {
    const part = fence === "" ? `\n\n${drawing}` : `\n${fence}\n${drawing}\n${fence}`;
    const fits = whole.length + part.length <= room - LEFT_OUT_ROOM &&
      drawn + drawing.length <= MOST_DRAWN;
    if (fits) {
      whole += part;
      drawn += drawing.length;
    } else left++;
  }
  return left === 0 ? whole : `${whole}\n\n(${left} drawing${left === 1 ? "" : "s"} left out)`;
}

const LEFT_OUT_ROOM = 30;
