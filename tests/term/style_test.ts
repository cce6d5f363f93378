import { deepEqual, equal } from "node:assert/strict";
import { to16, to256 } from "../../src/term/color.ts";
import { columnsFrom, paint, plainStyle, styleFrom } from "../../src/term/style.ts";
import { colored } from "./styles.ts";

const color = (env: Record<string, string>, isTTY = true) => styleFrom({ isTTY, env }).color;

Deno.test("colour level follows terminal, FORCE_COLOR and NO_COLOR", () => {
  const cases: [Record<string, string>, boolean, string][] = [
    [{ TERM: "xterm" }, true, "16"],
    [{ TERM: "xterm-256color" }, true, "256"],
    [{ TERM: "xterm-256color", COLORTERM: "truecolor" }, true, "16m"],
    [{ TERM: "xterm-256color", COLORTERM: "truecolor" }, false, "none"],
    [{ TERM: "dumb", COLORTERM: "truecolor" }, true, "none"],
    [{}, true, "none"],
    [{ TERM: "xterm", NO_COLOR: "1" }, true, "none"],
    [{ TERM: "xterm", NO_COLOR: "" }, true, "16"],
    [{ FORCE_COLOR: "0", TERM: "xterm" }, true, "none"],
    [{ FORCE_COLOR: "1" }, false, "16"],
    [{ FORCE_COLOR: "2" }, false, "256"],
    [{ FORCE_COLOR: "3" }, false, "16m"],
    [{ FORCE_COLOR: "" }, false, "16"],
    [{ FORCE_COLOR: "3", NO_COLOR: "1" }, false, "16m"],
  ];
  for (const [env, tty, expected] of cases) {
    equal(color(env, tty), expected, JSON.stringify([env, tty]));
  }
  equal(styleFrom({ isTTY: true, env: { FORCE_COLOR: "3" }, color: "never" }).color, "none");
  equal(styleFrom({ isTTY: false, env: { NO_COLOR: "1" }, color: "always" }).color, "16");
});

Deno.test("only a named locale that is not UTF-8 means ASCII", () => {
  const unicode = (env: Record<string, string>) => styleFrom({ isTTY: true, env }).unicode;
  equal(unicode({}), true);
  equal(unicode({ LANG: "en_US.UTF-8" }), true);
  equal(unicode({ LANG: "C.utf8" }), true);
  equal(unicode({ LANG: "C" }), false);
  equal(unicode({ LANG: "de_DE.ISO-8859-1" }), false);
  equal(unicode({ LC_ALL: "POSIX", LANG: "en_US.UTF-8" }), false);
  equal(unicode({ LC_ALL: "", LC_CTYPE: "C", LANG: "en_US.UTF-8" }), false);
  equal(unicode({ TERM: "linux", LANG: "en_US.UTF-8" }), false);
});

Deno.test("nothing is animated off a terminal, in CI or on a dumb one", () => {
  const animate = (isTTY: boolean, env: Record<string, string>) =>
    styleFrom({ isTTY, env }).animate;
  equal(animate(true, { TERM: "xterm" }), true);
  equal(animate(true, { TERM: "xterm", CI: "true" }), false);
  equal(animate(true, { TERM: "xterm", CI: "false" }), true);
  equal(animate(true, { TERM: "dumb" }), false);
  equal(animate(false, { TERM: "xterm" }), false);
});

Deno.test("background is read from COLORFGBG, columns from terminal, COLUMNS, 80", () => {
  equal(styleFrom({ isTTY: true, env: { COLORFGBG: "0;15" } }).background, "light");
  equal(styleFrom({ isTTY: true, env: { COLORFGBG: "15;default;0" } }).background, "dark");
  deepEqual(
    [
      columnsFrom({ columns: 132, env: { COLUMNS: "60" } }),
      columnsFrom({ env: { COLUMNS: "60" } }),
      columnsFrom({ env: { COLUMNS: "many" } }),
      columnsFrom({ columns: 3, env: {} }),
    ],
    [132, 60, 80, 20],
  );
});

Deno.test("paint nests, and is nothing without colour", () => {
  equal(paint(plainStyle, "bad", "x"), "x");
  equal(paint(colored, "bad", ""), "");
  equal(
    paint(colored, "heading", `a${paint(colored, "bad", "b")}c`),
    "\x1b[1ma\x1b[31mb\x1b[0m\x1b[1mc\x1b[0m",
  );
});

Deno.test("colours come down to the nearest of 256 and 16", () => {
  deepEqual([to256([255, 0, 0]), to256([0, 0, 0]), to256([128, 128, 128])], [196, 16, 244]);
  deepEqual([to16([250, 10, 10]), to16([0, 0, 0]), to16([255, 255, 255])], [9, 0, 15]);
});
