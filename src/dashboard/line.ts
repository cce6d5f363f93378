/** One line of text that is being typed: what each key makes of it. Keys that mean nothing here give null. */
import { atoms } from "../term/width.ts";
import type { Key } from "../term/keys.ts";

export interface Line {
  readonly text: string;
  /** Where the cursor stands, in graphemes from 0. */
  readonly at: number;
}

export const EMPTY_LINE: Line = { text: "", at: 0 };

/** A line with the cursor behind its end. */
export function lineOf(text: string): Line {
  return { text, at: pieces(text).length };
}

/** The text before the cursor. */
export function beforeCursor({ text, at }: Line): string {
  return pieces(text).slice(0, at).join("");
}

/** The line that a key makes of this one; null where the key does not edit. */
export function editLine(line: Line, key: Key): Line | null {
  const all = pieces(line.text);
  const before = all.slice(0, line.at), after = all.slice(line.at);
  const made = (head: readonly string[], tail: readonly string[]): Line => ({
    text: [...head, ...tail].join(""),
    at: head.length,
  });
  if (key.name === "paste") {
    return made([...before, ...pieces(key.text.replace(/\s*[\r\n]+\s*/g, " "))], after);
  }
  switch (`${key.ctrl ? "ctrl+" : ""}${key.alt ? "alt+" : ""}${key.name}`) {
    case "left":
    case "ctrl+b":
      return made(all.slice(0, Math.max(0, line.at - 1)), all.slice(Math.max(0, line.at - 1)));
    case "right":
    case "ctrl+f":
      return made(all.slice(0, line.at + 1), all.slice(line.at + 1));
    case "home":
    case "ctrl+a":
      return { ...line, at: 0 };
    case "end":
    case "ctrl+e":
      return { ...line, at: all.length };
    case "ctrl+left":
    case "alt+b":
    case "alt+left": {
      const at = wordStart(before);
      return { ...line, at };
    }
    case "ctrl+right":
    case "alt+f":
    case "alt+right": {
      const rest = after.join("").match(/^\s*\S+/)?.[0] ?? "";
      return { ...line, at: line.at + pieces(rest).length };
    }
    case "backspace":
    case "ctrl+h":
      return made(before.slice(0, -1), after);
    case "delete":
    case "ctrl+d":
      return made(before, after.slice(1));
    case "ctrl+w":
    case "alt+backspace":
      return made(before.slice(0, wordStart(before)), after);
    case "ctrl+u":
      return made([], after);
    case "ctrl+k":
      return made(before, []);
    default:
      return key.text !== "" && !key.ctrl && !key.alt
        ? made([...before, ...pieces(key.text)], after)
        : null;
  }
}

function wordStart(before: readonly string[]): number {
  let at = before.length;
  while (at > 0 && before[at - 1] === " ") at--;
  while (at > 0 && before[at - 1] !== " ") at--;
  return at;
}

function pieces(text: string): string[] {
  return atoms(text).map((each) => each.text);
}
