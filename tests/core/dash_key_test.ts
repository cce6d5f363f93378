/** How keys are written in the configuration. */
import { deepEqual, equal } from "node:assert/strict";
import { keyTrouble } from "../../src/core/dash_key.ts";
import { BINDINGS, keyName } from "../../src/dashboard/bindings.ts";
import { decodeKeys } from "../../src/term/keys.ts";

Deno.test("keys: every key of the table is written as a configuration may write it", () => {
  for (const { keys } of BINDINGS) deepEqual(keys.map(keyTrouble), keys.map(() => null));
});

Deno.test("keys: what a terminal sends is a key that can be written", () => {
  const sent = "aZ+- ?é\x01\x12\r\t\x7f\x1b[A\x1b[1;5C\x1b[Z\x1b[5~\x1b[15~\x1bx\x1bX\x1b[1;2P";
  const names = decodeKeys(sent).keys.map(keyName);
  equal(names.length, 20);
  for (const name of names) equal(keyTrouble(name), null, name);
});

const MEANT: readonly (readonly [text: string, hint: string])[] = [
  ["ctl+r", "write ctrl+r"],
  ["Ctrl+Q", "write ctrl+q"],
  ["ctrl-r", "write ctrl+r"],
  ["shift+r", "write R"],
  ["shift+ctrl+tab", "write ctrl+shift+tab"],
  ["esc", "write escape"],
  ["PageUp", "write pageup"],
  [" ", "write space"],
];

Deno.test("keys: what can be made out is corrected, all else says what keys look like", () => {
  for (const [text, hint] of MEANT) equal(keyTrouble(text)?.hint, hint, text);
  for (const text of ["RR", "f21", "hyper+r", "ctrl+", "enter+r"]) {
    equal(keyTrouble(text)?.why, `no key is written ${text}`);
    equal(keyTrouble(text)?.hint.startsWith("a key is one character"), true, text);
  }
});
