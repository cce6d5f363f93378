// Decides which keys the bytes that a terminal sends stand for. What is cut off by the end of a
// chunk is handed back, to be given in front of the next. Whether a lone ESC is the key or the
// beginning of a sequence only time can tell: the caller waits and then asks `endKeys`. It does
// not read, and does not know what a key does.

import { CSI_LETTERS, CSI_NUMBERS, RXVT_ENDS, SS3_LETTERS } from "./key_codes.ts";

/** One key, paste, movement of the mouse, or answer of the terminal. */
export interface Key {
  /**
   * The character itself ("a", "A", "é", "/"), or: enter, tab, space, backspace, escape, up, down,
   * left, right, home, end, pageup, pagedown, insert, delete, f1 … f20, paste, mouse, focus, blur,
   * report (what the terminal answers, its text the sequence without ESC).
   */
  readonly name: string;
  readonly ctrl: boolean;
  readonly alt: boolean;
  readonly shift: boolean;
  /** What it types: "" for a key that types nothing. */
  readonly text: string;
  readonly mouse?: Mouse;
}

export interface Mouse {
  readonly action: "press" | "release" | "drag" | "move" | "wheel";
  /** Of a wheel, the way that it turns. */
  readonly button: "left" | "middle" | "right" | "none" | "up" | "down";
  /** From 0, the top left cell. */
  readonly column: number;
  readonly row: number;
}

/** What could not be decided yet, one character a byte; plain data. */
export interface KeyRest {
  readonly bytes: string;
  /** What a bracketed paste that has not ended holds so far. */
  readonly paste: string | null;
}

export interface Decoded {
  readonly keys: readonly Key[];
  readonly rest: KeyRest;
}

export const NO_REST: KeyRest = { bytes: "", paste: null };

const ESC = "\x1b";
const PASTE_END = "\x1b[201~";
/** Longer than any sequence that a keyboard sends: what goes on is noise, and is dropped. */
const LONGEST = 64;
/** Answers (OSC, DCS) may be longer: a clipboard is one. */
const LONGEST_ANSWER = 1 << 20;

/** The keys in a chunk, behind what was left over from the one before. */
export function decodeKeys(chunk: Uint8Array | string, rest: KeyRest = NO_REST): Decoded {
  let bytes = rest.bytes + byteText(chunk);
  let paste = rest.paste;
  const keys: Key[] = [];
  for (let at = 0; bytes !== "";) {
    if (paste !== null) {
      const end = bytes.indexOf(PASTE_END);
      if (end < 0) {
        // The end mark itself may be cut in two.
        const sure = Math.max(0, bytes.length - PASTE_END.length + 1);
        return { keys, rest: { paste: paste + bytes.slice(0, sure), bytes: bytes.slice(sure) } };
      }
      keys.push(plain("paste", pastedText(paste + bytes.slice(0, end))));
      paste = null;
      bytes = bytes.slice(end + PASTE_END.length);
      at = 0;
    }
    while (at < bytes.length && paste === null) {
      const found = keyAt(bytes, at);
      if (found === null) return { keys, rest: { bytes: bytes.slice(at), paste: null } };
      at += found.length;
      if (found.key === "paste") paste = "";
      else if (found.key !== null) keys.push(found.key);
    }
    bytes = bytes.slice(at);
    at = 0;
  }
  return { keys, rest: paste === null ? NO_REST : { bytes: "", paste } };
}

/** Is there anything that only time decides? A paste and half a character are waited for. */
export function undecided(rest: KeyRest): boolean {
  return rest.paste === null && rest.bytes.startsWith(ESC);
}

/** The keys in what was left over, since nothing came after it for a while (some 50 ms). */
export function endKeys(rest: KeyRest): Decoded {
  if (!undecided(rest)) return { keys: [], rest };
  const { bytes } = rest;
  if (bytes === ESC) return { keys: [plain("escape")], rest: NO_REST };
  if (bytes === ESC + ESC) {
    return { keys: [plain("escape"), plain("escape")], rest: NO_REST };
  }
  // Alt with a letter that also begins sequences; of a longer one that broke off nothing is left.
  const keys = bytes.length === 2 ? [withAlt(character(bytes[1]!))] : [];
  return { keys, rest: NO_REST };
}

/**
 * A key as one word, for tables of what keys do: "a", "G", "ctrl-c", "alt-b", "shift-tab",
 * "ctrl-left". Shift is not named where the character says it already.
 */
export function chord(key: Pick<Key, "name" | "ctrl" | "alt" | "shift">): string {
  const shift = key.shift && ([...key.name].length > 1 || key.ctrl);
  return `${key.ctrl ? "ctrl-" : ""}${key.alt ? "alt-" : ""}${shift ? "shift-" : ""}${key.name}`;
}

interface Found {
  /** null: known to be nothing that matters. */
  readonly key: Key | "paste" | null;
  readonly length: number;
}

/** The key that begins at a place; null where the bytes end before it does. */
function keyAt(bytes: string, at: number): Found | null {
  const first = bytes[at]!;
  if (first === ESC) return escapeAt(bytes, at);
  const code = first.charCodeAt(0);
  if (code < 0x20 || code === 0x7f) {
    // A line end of two bytes is one key.
    const two = first === "\r" && bytes[at + 1] === "\n";
    return { key: control(code), length: two ? 2 : 1 };
  }
  if (code < 0x80) return { key: character(first), length: 1 };
  return wideAt(bytes, at, code);
}

function escapeAt(bytes: string, at: number): Found | null {
  const next = bytes[at + 1];
  if (next === undefined) return null;
  if (next === "[") return csiAt(bytes, at);
  if (next === "O") return ss3At(bytes, at);
  if (next === "]" || next === "P" || next === "_" || next === "^") return answerAt(bytes, at);
  if (next === ESC) {
    const third = bytes[at + 2];
    if (third === undefined) return null;
    if (third !== "[" && third !== "O") return { key: plain("escape"), length: 1 };
  }
  const found = keyAt(bytes, at + 1);
  if (found === null) return null;
  const { key } = found;
  const length = found.length + 1;
  return key === null || key === "paste" ? { key, length } : { key: withAlt(key), length };
}

/** ESC [ parameters final. */
function csiAt(bytes: string, at: number): Found | null {
  let end = at + 2;
  if (bytes[end] === "[") {
    // The Linux console's F1 to F5.
    const letter = bytes[end + 1];
    if (letter === undefined) return null;
    const name = "ABCDE".includes(letter) ? `f${"ABCDE".indexOf(letter) + 1}` : null;
    return { key: name === null ? null : plain(name), length: 4 };
  }
  if (bytes[end] === "M") return oldMouseAt(bytes, at);
  for (;; end++) {
    const code = bytes.charCodeAt(end);
    if (Number.isNaN(code)) return end - at > LONGEST ? { key: null, length: end - at } : null;
    // Broken off by another key: what follows is read for itself.
    if (code < 0x20 || code > 0x7e) return { key: null, length: end - at };
    // A dollar is an end to rxvt, and part of an answer to all others.
    if (code >= 0x40 || (code === 0x24 && /^\d+$/.test(bytes.slice(at + 2, end)))) break;
  }
  const parameters = bytes.slice(at + 2, end), final = bytes[end]!;
  return { key: csiKey(parameters, final), length: end + 1 - at };
}

function csiKey(parameters: string, final: string): Key | "paste" | null {
  if (parameters.startsWith("<")) return mouse(parameters.slice(1), final);
  const numbers = parameters.split(";").map((each) => Number.parseInt(each, 10) || 0);
  const [first = 0, second = 0, third = 0] = numbers;
  if (final === "~") {
    if (first === 200) return "paste";
    if (first === 27) return withModifiers(ofCode(third), second);
    const name = CSI_NUMBERS[first];
    return name === undefined ? null : withModifiers(plain(name), second);
  }
  if (final === "u" && /^\d/.test(parameters)) return withModifiers(ofCode(first), second);
  const rxvt = RXVT_ENDS[final];
  if (rxvt !== undefined && CSI_NUMBERS[first] !== undefined && numbers.length === 1) {
    return { ...plain(CSI_NUMBERS[first]), ...rxvt };
  }
  if (final === "Z") return { ...plain("tab"), shift: true };
  if (final === "I" && parameters === "") return plain("focus");
  if (final === "O" && parameters === "") return plain("blur");
  // F3 with a modifier looks like the cursor's place in the first row; the place is asked for
  // seldom, and where it is, one is never there.
  const name = final === "R" && first > 1 ? undefined : CSI_LETTERS[final];
  if (name !== undefined && !/[?>$]/.test(parameters)) return withModifiers(plain(name), second);
  if (/[abcd]/.test(final) && parameters === "") {
    return { ...plain(CSI_LETTERS[final.toUpperCase()]!), shift: true };
  }
  return { ...plain("report"), text: `[${parameters}${final}` };
}

/** ESC O letter: cursor and function keys of a terminal in application mode, and the keypad. */
function ss3At(bytes: string, at: number): Found | null {
  const letter = bytes[at + 2];
  if (letter === undefined) return null;
  const name = SS3_LETTERS[letter];
  if (name !== undefined) {
    const key = [...name].length === 1 ? character(name) : plain(name);
    return { key, length: 3 };
  }
  // No such key: Alt with a capital O, and then something else.
  return { key: withAlt(character("O")), length: 2 };
}

/** ESC ] … BEL, ESC P … ESC \: never typed, so whatever it holds is the terminal's answer. */
function answerAt(bytes: string, at: number): Found | null {
  const bell = bytes.indexOf("\x07", at), end = bytes.indexOf(`${ESC}\\`, at + 1);
  const found = [bell, end].filter((place) => place >= 0).sort((a, b) => a - b)[0];
  if (found === undefined) {
    const length = bytes.length - at;
    return length > LONGEST_ANSWER ? { key: null, length } : null;
  }
  const length = found - at + (found === bell ? 1 : 2);
  return { key: { ...plain("report"), text: utf8(bytes.slice(at + 1, found)) }, length };
}

/** `<button;column;row` and M for pressed, m for let go. */
function mouse(parameters: string, final: string): Key | null {
  const [code = 0, column = 1, row = 1] = parameters.split(";").map(Number);
  if (![code, column, row].every(Number.isInteger)) return null;
  return mouseKey(code, column, row, final === "m");
}

/** ESC [ M and three bytes: what terminals send that do not know the newer form. */
function oldMouseAt(bytes: string, at: number): Found | null {
  if (bytes.length < at + 6) return null;
  const [code, column, row] = [3, 4, 5].map((i) => bytes.charCodeAt(at + i) - 32);
  return { key: mouseKey(code!, column!, row!, (code! & 0x43) === 3), length: 6 };
}

function mouseKey(code: number, column: number, row: number, released: boolean): Key {
  const wheel = (code & 64) !== 0, moved = (code & 32) !== 0;
  const pressed = (["left", "middle", "right", "none"] as const)[code & 3]!;
  const button = wheel ? (code & 1) === 0 ? "up" : "down" : pressed;
  const action = wheel
    ? "wheel"
    : moved
    ? pressed === "none" ? "move" : "drag"
    : released
    ? "release"
    : "press";
  return {
    ...plain("mouse"),
    shift: (code & 4) !== 0,
    alt: (code & 8) !== 0,
    ctrl: (code & 16) !== 0,
    mouse: { action, button, column: Math.max(0, column - 1), row: Math.max(0, row - 1) },
  };
}

function plain(name: string, text = ""): Key {
  return { name, ctrl: false, alt: false, shift: false, text };
}

function character(text: string): Key {
  const shift = text.toLowerCase() !== text;
  return { name: text === " " ? "space" : text, ctrl: false, alt: false, shift, text };
}

function control(code: number): Key {
  if (code === 0x09) return plain("tab");
  if (code === 0x0d || code === 0x0a) return plain("enter");
  if (code === 0x7f || code === 0x08) return plain("backspace");
  const name = code === 0 ? "space" : String.fromCharCode(code | 0x40).toLowerCase();
  return { ...plain(name), ctrl: true };
}

/** A key by its code point, as newer terminals send those that have modifiers. */
function ofCode(code: number): Key {
  if (code === 27) return plain("escape");
  if (code < 0x20 || code === 0x7f) return control(code);
  return code > 0x10ffff ? plain("report") : character(String.fromCodePoint(code));
}

function withAlt(key: Key): Key {
  return { ...key, alt: true, text: key.name === "report" ? key.text : "" };
}

/** 1 + 1 for Shift, 2 for Alt, 4 for Ctrl. */
function withModifiers(key: Key, parameter: number): Key {
  const bits = Math.max(0, parameter - 1);
  const [shift, alt, ctrl] = [(bits & 1) !== 0, (bits & 2) !== 0, (bits & 4) !== 0];
  return {
    ...key,
    shift: key.shift || shift,
    alt: key.alt || alt,
    ctrl: key.ctrl || ctrl,
    text: alt || ctrl ? "" : key.text,
  };
}

/** A character beyond ASCII; what is no UTF-8 is shown as such and never stops the rest. */
function wideAt(bytes: string, at: number, code: number): Found | null {
  const length = code >= 0xf0 ? 4 : code >= 0xe0 ? 3 : 2;
  for (let i = 1; i < length; i++) {
    const next = bytes.charCodeAt(at + i);
    if (Number.isNaN(next)) return code < 0xc2 ? { key: character("\ufffd"), length: 1 } : null;
    if ((next & 0xc0) !== 0x80 || code < 0xc2 || code > 0xf4) {
      return { key: character("\ufffd"), length: 1 };
    }
  }
  const text = utf8(bytes.slice(at, at + length));
  return [...text].length === 1
    ? { key: character(text), length }
    : { key: character("\ufffd"), length: 1 };
}

/** Line ends as they are in text: terminals paste what Enter would send. */
function pastedText(bytes: string): string {
  return utf8(bytes).replace(/\r\n?/g, "\n");
}

function utf8(bytes: string): string {
  return new TextDecoder().decode(Uint8Array.from(bytes, (byte) => byte.charCodeAt(0)));
}

function byteText(chunk: Uint8Array | string): string {
  const bytes = typeof chunk === "string" ? new TextEncoder().encode(chunk) : chunk;
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) {
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  }
  return text;
}
