import { deepEqual, equal, ok } from "node:assert/strict";
import fc from "fast-check";
import {
  afterSubmit,
  editor,
  type EditorAsks,
  type EditorEffect,
  type EditorState,
  pressKey,
} from "../../src/term/editor.ts";
import { editorFrame } from "../../src/term/editor_view.ts";
import { decodeKeys } from "../../src/term/keys.ts";
import { asciiStyle, plainStyle } from "../../src/term/style.ts";
import { width } from "../../src/term/width.ts";

const KEYS: Readonly<Record<string, string>> = {
  enter: "\r",
  tab: "\t",
  "shift-tab": "\x1b[Z",
  back: "\x7f",
  del: "\x1b[3~",
  up: "\x1b[A",
  down: "\x1b[B",
  right: "\x1b[C",
  left: "\x1b[D",
  home: "\x1b[H",
  end: "\x1b[F",
  "ctrl-left": "\x1b[1;5D",
  "ctrl-right": "\x1b[1;5C",
  "alt-enter": "\x1b\r",
  "alt-d": "\x1bd",
  "alt-back": "\x1b\x7f",
  "ctrl-_": "\x1f",
  esc: "\x1b[27u",
};

const WORDS = ["trips", "trips_by_week", "tables", "Zebra"];
const ASKS: EditorAsks = {
  isWhole: (text) => text.trim() === "" || text.trimEnd().endsWith(";"),
  complete: (text, at) => {
    const from = text.slice(0, at).search(/\w*$/);
    const typed = text.slice(from, at).toLowerCase();
    return { from, items: WORDS.filter((each) => each.toLowerCase().startsWith(typed)) };
  },
};

/** Types `ab<left>c`; what stands there afterwards, `|` for the cursor, and what followed. */
function typed(
  script: string,
  start: EditorState = editor(),
): {
  readonly text: string;
  readonly state: EditorState;
  readonly effects: readonly EditorEffect[];
} {
  const bytes = script.replace(/<([^<>]+)>/g, (_, name: string) => {
    const ctrl = /^ctrl-([a-z])$/.exec(name)?.[1];
    if (ctrl !== undefined) return String.fromCharCode(ctrl.charCodeAt(0) & 31);
    if (name.startsWith("paste ")) return `\x1b[200~${name.slice(6)}\x1b[201~`;
    return KEYS[name] ?? `<${name}>`;
  });
  let state = start;
  const effects: EditorEffect[] = [];
  for (const key of decodeKeys(bytes).keys) {
    const step = pressKey(state, key, ASKS);
    state = step.state;
    if (step.effect === null) continue;
    effects.push(step.effect);
    if (step.effect.kind === "submit") state = afterSubmit(state, step.effect.text);
  }
  const { text, at } = state.edited;
  return { text: `${text.slice(0, at)}|${text.slice(at)}`, state, effects };
}

const TABLE: readonly (readonly [string, string])[] = [
  ["abc<left><left>x", "ax|bc"],
  ["abc<home>x<end>y", "xabcy|"],
  ["abc<ctrl-a>x<ctrl-e>y<ctrl-b><ctrl-b>z", "xabz|cy"],
  ["ab<back><back><back>c", "c|"],
  ["abc<home><del><ctrl-d>", "|c"],
  ["e\u0301x<left><left><del>", "|x"],
  ["日本👨‍👩‍👧<left><back>", "日|👨‍👩‍👧"],
  ["select a.b from<ctrl-left><ctrl-left>x", "select a.x|b from"],
  ["one two<home><ctrl-right>!", "one!| two"],
  ["from a.b<ctrl-w>", "from |"],
  ["from a.b<alt-back>", "from a.|"],
  ["one two<home><alt-d><alt-d>", "|"],
  ["one two<ctrl-left><ctrl-k><ctrl-a><ctrl-y>", "two|one "],
  ["one<ctrl-u>two<ctrl-y>", "twoone|"],
  ["a<enter>b", "a\nb|"],
  ["a;<left><alt-enter>b", "a\nb|;"],
  ["abc<enter>d<up>x<down>y", "axbc\ndy|"],
  ["ab<enter>xy<home><ctrl-u>", "ab|xy"],
  ["ab<enter>xy<up><end><ctrl-k>", "ab|xy"],
  ["x<paste a\r\n\tb\x07>y", "xa\n  by|"],
  // undoing: words at once, and what was cut
  ["one two<ctrl-_>", "one|"],
  ["one two<ctrl-_><ctrl-_><ctrl-_><ctrl-_>", "|"],
  ["one two<ctrl-u><ctrl-_>", "one two|"],
  // completion
  ["z<tab>", "Zebra|"],
  ["from ta<tab>!", "from tables!|"],
  ["from tr<tab>", "from trips|"],
  ["from tr<tab><tab><tab>x", "from trips_by_weekx|"],
  ["from tr<tab><tab><tab><esc>", "from trips|"],
  ["from tr<tab><shift-tab><enter>;", "from trips_by_week;|"],
  ["q<tab>", "q|"],
  // Ctrl-C gives up, and nothing is left to be undone
  ["abc<ctrl-c>x<ctrl-_><ctrl-_>", "|"],
];

Deno.test("what keys do to the text", () => {
  for (const [script, wanted] of TABLE) equal(typed(script).text, wanted, JSON.stringify(script));
});

Deno.test("Enter submits what is whole; Ctrl-C, Ctrl-D, Ctrl-L are told", () => {
  deepEqual(typed("a<enter>b;<enter>").effects, [{ kind: "submit", text: "a\nb;" }]);
  deepEqual(typed("a<ctrl-c>").effects, [{ kind: "abandon" }]);
  deepEqual(typed("a<back><ctrl-d>").effects, [{ kind: "end" }]);
  deepEqual(typed("a<ctrl-l>").effects, [{ kind: "clear" }]);
  deepEqual(typed("<paste a;\nb;\n>").effects, []);
});

Deno.test("history: up and down, what was being written stays, nothing twice, no secrets", () => {
  const { state } = typed("one;<enter>two;<enter>two;<enter> hidden;<enter><enter>");
  deepEqual(state.history, ["one;", "two;"]);
  equal(typed("dra<up>", state).text, "two;|");
  equal(typed("dra<up><up><up>", state).text, "one;|");
  equal(typed("dra<up><up><down><down>ft", state).text, "draft|");
  equal(typed("<up>x", state).text, "two;x|");
  const lines = typed("a<enter>b;<enter>", state).state;
  equal(typed("<up><up><home>x", lines).text, "xa\nb;|".replace("xa\nb;|", "x|a\nb;"));
  equal(typed("<up><up><up>", lines).text, "two;|");
});

Deno.test("Ctrl-R finds in the history, newest first", () => {
  const { state } = typed("from trips;<enter>select 1;<enter>from zones;<enter>");
  equal(typed("<ctrl-r>FROM<enter>", state).text, "from zones;|");
  equal(typed("<ctrl-r>from<ctrl-r><end>x", state).text, "from trips;x|");
  equal(typed("<ctrl-r>from<ctrl-r><ctrl-r><ctrl-r><enter>", state).text, "from trips;|");
  equal(typed("dra<ctrl-r>from<ctrl-g>ft", state).text, "draft|");
  equal(typed("dra<ctrl-r>nothing<enter>ft", state).text, "draft|");
  equal(typed("<ctrl-r>selx<back><enter>", state).text, "select 1;|");
});

const LOOK = { prompt: "sql> ", more: "...> ", columns: 20, rows: 10, style: plainStyle };

Deno.test("the frame: prompts, breaks at the width, the cursor", () => {
  const look = (script: string, part: Partial<typeof LOOK> = {}) => {
    const { lines, cursor } = editorFrame(typed(script).state, { ...LOOK, ...part });
    return [...lines, `${cursor.x},${cursor.y}`];
  };
  deepEqual(look(""), ["sql> ", "5,0"]);
  deepEqual(look("ab<left>"), ["sql> ab", "6,0"]);
  deepEqual(look("a<enter>b"), ["sql> a", "...> b", "6,1"]);
  deepEqual(look("0123456789abcdefgh"), ["sql> 0123456789abcde", "fgh", "3,1"]);
  deepEqual(look("0123456789abcde"), ["sql> 0123456789abcde", "", "0,1"]);
  deepEqual(look("0123456789abcd日x"), ["sql> 0123456789abcd", "日x", "3,1"]);
  deepEqual(look("日", { style: asciiStyle }), ["sql> ??", "7,0"]);
  deepEqual(look("t<tab>"), [
    "sql> t",
    "trips",
    "trips_by_week",
    "tables",
    "6,0",
  ]);
  deepEqual(look("t<tab><tab>"), ["sql> trips", "[trips]", "trips_by_week", "tables", "10,0"]);
  deepEqual(look("<ctrl-r>xy"), ["search: xy  nothing", "10,0"]);
  deepEqual(look("1<enter>2<enter>3<enter>4<enter>5<up><up>", { rows: 3 }), [
    "...> 2",
    "...> 3",
    "...> 4",
    "6,1",
  ]);
});

Deno.test("any keys, any size: the cursor stands between graphemes and within the frame", () => {
  const piece = fc.constantFrom(
    ...Object.keys(KEYS).map((each) => `<${each}>`),
    ..."abt ;é日👨‍👩‍👧",
    "<paste x\ny>",
    "<ctrl-r>",
    "<ctrl-w>",
    "<ctrl-k>",
    "<ctrl-u>",
    "<ctrl-y>",
    "<ctrl-p>",
    "<ctrl-n>",
  );
  const sizes = fc.record({
    columns: fc.integer({ min: 12, max: 30 }),
    rows: fc.integer({ min: 2, max: 6 }),
  });
  fc.assert(fc.property(fc.array(piece, { maxLength: 40 }), sizes, (script, size) => {
    const { state } = typed(script.join(""), editor(["old 日;", "two\nlines;"]));
    const { text, at } = state.edited;
    ok(at >= 0 && at <= text.length);
    ok(text.slice(0, at).isWellFormed() && text.slice(at).isWellFormed());
    const { lines, cursor } = editorFrame(state, { ...LOOK, ...size });
    ok(lines.length <= size.rows, JSON.stringify(lines));
    ok(cursor.y >= 0 && cursor.y < lines.length && cursor.x >= 0 && cursor.x < size.columns);
    for (const line of lines) ok(width(line) <= size.columns, line);
  }));
});
