// The names of keys by what terminals send for them (xterm, rxvt, the Linux console). Nothing is
// decided here; keys.ts reads it.

/** ESC [ … letter. */
export const CSI_LETTERS: Readonly<Record<string, string>> = {
  A: "up",
  B: "down",
  C: "right",
  D: "left",
  H: "home",
  F: "end",
  P: "f1",
  Q: "f2",
  R: "f3",
  S: "f4",
};

/** ESC [ number ~. */
export const CSI_NUMBERS: Readonly<Record<number, string>> = {
  1: "home",
  2: "insert",
  3: "delete",
  4: "end",
  5: "pageup",
  6: "pagedown",
  7: "home",
  8: "end",
  ...functionKeys(11, 1, 5),
  ...functionKeys(17, 6, 5),
  ...functionKeys(23, 11, 4),
  ...functionKeys(28, 15, 2),
  ...functionKeys(31, 17, 4),
};

/** What rxvt writes in place of ~ where a modifier is held. */
export const RXVT_ENDS: Readonly<
  Record<string, { readonly ctrl: boolean; readonly shift: boolean }>
> = {
  "$": { ctrl: false, shift: true },
  "^": { ctrl: true, shift: false },
  "@": { ctrl: true, shift: true },
};

/** ESC O letter; the keypad's keys by what is printed on them. */
export const SS3_LETTERS: Readonly<Record<string, string>> = {
  ...CSI_LETTERS,
  M: "enter",
  X: "=",
  j: "*",
  k: "+",
  l: ",",
  m: "-",
  n: ".",
  o: "/",
  ...Object.fromEntries([..."pqrstuvwxy"].map((letter, digit) => [letter, String(digit)])),
};

function functionKeys(from: number, first: number, count: number): Record<number, string> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, i) => [from + i, `f${first + i}`]),
  );
}
