import { deepEqual, equal, ok } from "node:assert/strict";
import fc from "fast-check";
import stringWidth from "string-width";
import { asciiStyle, paint, plainStyle } from "../../src/term/style.ts";
import {
  expandTabs,
  fit,
  pad,
  PRINTABLE,
  slice,
  stripStyle,
  truncate,
  width,
  wrap,
} from "../../src/term/width.ts";
import { colored } from "./styles.ts";

const FAMILY = "👨‍👩‍👧";

Deno.test("width counts columns, not characters", () => {
  deepEqual(["abc", "日本", FAMILY, "é", "🇩🇪", "\x1b[1mab\x1b[0m", "", "a\tb"].map(width), [
    3,
    4,
    2,
    1,
    2,
    2,
    0,
    3,
  ]);
});

Deno.test("what is taken for a column without a closer look is one", () => {
  let plain = 0;
  for (let code = 0; code < 0x10000; code++) {
    const char = String.fromCharCode(code);
    if (!PRINTABLE.test(char)) continue;
    plain++;
    equal(stringWidth(char), 1, code.toString(16));
    equal(stringWidth(`a${char}${char}b`), 4, code.toString(16));
  }
  ok(plain > 1000);
});

Deno.test("truncate says that it cut, at either end or in the middle", () => {
  equal(truncate("East Harlem North", 10, plainStyle), "East Harl…");
  equal(truncate("East Harlem North", 10, asciiStyle), "East Harl~");
  equal(truncate("East Harlem North", 10, plainStyle, "end"), "…lem North");
  equal(truncate("assets/trips/week.sql", 11, plainStyle, "middle"), "asset…k.sql");
  equal(truncate("日本語", 4, plainStyle), "日…");
  equal(truncate("日本語", 6, plainStyle), "日本語");
  equal(truncate("ab", 0, plainStyle), "");
  equal(truncate("ab", 1, plainStyle), "…");
});

Deno.test("truncate closes the colours that it cuts into", () => {
  equal(truncate(paint(colored, "bad", "abcdef"), 4, colored), "\x1b[31mabc…\x1b[0m");
});

const text = fc.string({
  unit: fc.constantFrom("a", " ", "é", "日", FAMILY, "\x1b[31m", "\x1b[0m", "b-c"),
});

Deno.test("truncate never exceeds its columns, fit is exact", () => {
  fc.assert(fc.property(text, fc.integer({ min: 0, max: 30 }), (s, n) => {
    for (const keep of ["start", "end", "middle"] as const) {
      ok(width(truncate(s, n, plainStyle, keep)) <= n);
    }
    equal(width(fit(s, n, plainStyle)), n);
    if (width(s) <= n) equal(truncate(s, n, plainStyle), s);
  }));
});

Deno.test("wrap keeps every word and no line is too wide", () => {
  fc.assert(fc.property(text, fc.integer({ min: 2, max: 30 }), (s, n) => {
    const lines = wrap(s, n);
    for (const line of lines) ok(width(line) <= n, `${n}: ${JSON.stringify(lines)}`);
    const bare = (t: string) => stripStyle(t).replaceAll(" ", "");
    equal(lines.map(bare).join(""), bare(s));
  }));
});

Deno.test("wrap breaks at spaces, long words inside, and indents what follows", () => {
  deepEqual(wrap("one two three four", 9), ["one two", "three", "four"]);
  deepEqual(wrap("abcdefghij", 4), ["abcd", "efgh", "ij"]);
  deepEqual(wrap("one two three", 8, "  "), ["one two", "  three"]);
  deepEqual(wrap("a\n\nb", 8), ["a", "", "b"]);
  deepEqual(wrap("\x1b[31mone two\x1b[0m", 4), ["\x1b[31mone\x1b[0m", "\x1b[31mtwo\x1b[0m"]);
});

Deno.test("pad aligns, tabs go to the next stop", () => {
  deepEqual([pad("日", 4), pad("日", 4, "right"), pad("日", 5, "center")], [
    "日  ",
    "  日",
    " 日  ",
  ]);
  equal(expandTabs("a\tb\t日\tc"), "a       b       日      c");
});

Deno.test("slice: any part of a line is exactly as wide as asked, whatever stands in it", () => {
  equal(slice("abcdef", 2, 3), "cde");
  equal(slice("abc", 2, 3), "c  ");
  equal(slice("a日本b", 2, 3), " 本");
  equal(slice("\x1b[31mred\x1b[0m blue", 1, 4), "\x1b[31med\x1b[0m b");
  equal(slice("\x1b[31mred", 0, 2), "\x1b[31mre\x1b[0m");
  for (const text of ["a日本b", "\x1b[1m日日日\x1b[0m", "👩‍👩‍👧x", "é̂"]) {
    for (let from = 0; from < 8; from++) {
      for (let count = 0; count < 8; count++) equal(width(slice(text, from, count)), count);
    }
  }
});
