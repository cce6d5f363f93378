import { deepEqual, equal, match, ok } from "node:assert/strict";
import fc from "fast-check";
import { sanitize, sanitizeLines } from "../../src/term/sanitize.ts";
import { asciiStyle, plainStyle } from "../../src/term/style.ts";
import { width } from "../../src/term/width.ts";

Deno.test("what could act on a terminal becomes visible", () => {
  const cases: [string, string, string][] = [
    ["plain", "plain", "plain"],
    ["a\nb\r\nc", "a⏎b⏎c", "a\\nb\\nc"],
    ["a\tb", "a⇥b", "a\\tb"],
    ["\x1b[31mred", "␛[31mred", "\\x1b[31mred"],
    ["\x1b]0;title\x07", "␛]0;title␇", "\\x1b]0;title\\x07"],
    ["\x9b2J", "\\x9b2J", "\\x9b2J"],
    ["\x7f", "␡", "\\x7f"],
    ["abc\u202edef", "abc<U+202E>def", "abc<U+202E>def"],
    ["a\u200bb\ufeff", "a<U+200B>b<U+FEFF>", "a<U+200B>b<U+FEFF>"],
    ["\ud800", "\ufffd", "?"],
    ["Café – “Zürich”", "Café – “Zürich”", 'Cafe - "Zurich"'],
    ["日本", "日本", "????"],
    ["👨‍👩‍👧", "👨‍👩‍👧", "??????"],
  ];
  for (const [text, unicode, ascii] of cases) {
    equal(sanitize(text, plainStyle), unicode);
    equal(sanitize(text, asciiStyle), ascii);
  }
});

Deno.test("no text whatever leaves a control character, and ASCII is ASCII", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    ok(!/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u.test(sanitize(text, plainStyle)));
    match(sanitize(text, asciiStyle), /^[\x20-\x7e]*$/);
    equal(width(sanitize(text, asciiStyle)), sanitize(text, asciiStyle).length);
  }));
});

Deno.test("lines stay lines and keep their tabs", () => {
  deepEqual(sanitizeLines("a\tb\r\nc\x07", plainStyle), ["a\tb", "c␇"]);
});
