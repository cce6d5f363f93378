import { deepEqual, equal } from "node:assert/strict";
import fc from "fast-check";
import { chord, decodeKeys, endKeys, type Key, NO_REST, undecided } from "../../src/term/keys.ts";

/** Keys as words, with what they type where that is more than the name. */
function words(keys: readonly Key[]): string[] {
  return keys.map((key) => {
    const { mouse } = key;
    if (mouse !== undefined) {
      return `${chord(key)} ${mouse.action} ${mouse.button} ${mouse.column},${mouse.row}`;
    }
    return key.text === "" || key.text === key.name ? chord(key) : `${chord(key)} "${key.text}"`;
  });
}

const TABLE: readonly (readonly [string, string])[] = [
  ["a A / é 日 😀", 'a|space " "|A|space " "|/|space " "|é|space " "|日|space " "|😀'],
  ["\r|\n|\r\n|\t|\x7f|\b", "enter|||enter|||enter|||tab|||backspace|||backspace"],
  [
    "\x00\x01\x03\x04\x1a\x1c\x1d\x1f",
    "ctrl-space|ctrl-a|ctrl-c|ctrl-d|ctrl-z|ctrl-\\|ctrl-]|ctrl-_",
  ],
  ["\x1b[A\x1b[B\x1b[C\x1b[D\x1b[H\x1b[F", "up|down|right|left|home|end"],
  ["\x1bOA\x1bOB\x1bOC\x1bOD\x1bOH\x1bOF\x1bOM\x1bOp", "up|down|right|left|home|end|enter|0"],
  [
    "\x1b[1~\x1b[2~\x1b[3~\x1b[4~\x1b[5~\x1b[6~\x1b[7~\x1b[8~",
    "home|insert|delete|end|pageup|pagedown|home|end",
  ],
  [
    "\x1bOP\x1bOQ\x1bOR\x1bOS\x1b[15~\x1b[17~\x1b[21~\x1b[23~\x1b[24~\x1b[34~",
    "f1|f2|f3|f4|f5|f6|f10|f11|f12|f20",
  ],
  ["\x1b[[A\x1b[[E\x1b[11~\x1b[14~\x1b[P", "f1|f5|f1|f4|f1"],
  [
    "\x1b[Z\x1b[1;5C\x1b[1;3D\x1b[1;2A\x1b[1;6H\x1b[3;5~\x1b[15;2~",
    "shift-tab|ctrl-right|alt-left|shift-up|ctrl-shift-home|ctrl-delete|shift-f5",
  ],
  ["\x1b[a\x1b[3$\x1b[3^\x1b[5@", "shift-up|shift-delete|ctrl-delete|ctrl-shift-pageup"],
  ["\x1bb\x1bB\x1b\x7f\x1b\r\x1bé\x1b\x1b[A", "alt-b|alt-B|alt-backspace|alt-enter|alt-é|alt-up"],
  ["\x1b[97;5u\x1b[13;2u\x1b[27;5;9~\x1b[27u", "ctrl-a|shift-enter|ctrl-tab|escape"],
  ["\x1b[200~select 1;\r\nfrom é;\r\x1b[201~x", 'paste "select 1;\nfrom é;\n"|x'],
  [
    "\x1b[<0;1;1M\x1b[<0;10;5m\x1b[<2;3;4M\x1b[<64;1;2M\x1b[<65;1;2M",
    "mouse press left 0,0|mouse release left 9,4|mouse press right 2,3|mouse wheel up 0,1|mouse wheel down 0,1",
  ],
  [
    "\x1b[<32;2;2M\x1b[<35;200;90M\x1b[<20;1;1M",
    "mouse drag left 1,1|mouse move none 199,89|ctrl-shift-mouse press left 0,0",
  ],
  ["\x1b[M !!\x1b[M#!!", "mouse press left 0,0|mouse release none 0,0"],
  ["\x1b[I\x1b[O", "focus|blur"],
  ["\x1b[12;40R\x1b[?2026;2$y\x1b[?1;2c", 'report "[12;40R"|report "[?2026;2$y"|report "[?1;2c"'],
  [
    "\x1b]11;rgb:00/00/00\x07\x1b]11;rgb:ff/ff/ff\x1b\\\x1bP>|term\x1b\\q",
    'report "]11;rgb:00/00/00"|report "]11;rgb:ff/ff/ff"|report "P>|term"|q',
  ],
  // Broken off by another key, and what no keyboard sends.
  ["\x1b[1;\x1b[Aq\x1b[999~q", "up|q|q"],
  ["\x1b\x1ba", "escape|alt-a"],
];

Deno.test("a terminal's bytes are decoded to keys", () => {
  for (const [bytes, wanted] of TABLE) {
    const { keys, rest } = decodeKeys(bytes);
    equal(words(keys).join("|"), wanted, JSON.stringify(bytes));
    deepEqual(rest, NO_REST, JSON.stringify(bytes));
  }
});

Deno.test("what types says what; with Ctrl and Alt nothing is typed", () => {
  deepEqual(decodeKeys("A").keys[0], {
    name: "A",
    ctrl: false,
    alt: false,
    shift: true,
    text: "A",
  });
  equal(decodeKeys("\x03").keys[0]?.text, "");
  equal(decodeKeys("\x1b[97;5u").keys[0]?.text, "");
  equal(decodeKeys("\x1bb").keys[0]?.text, "");
  equal(decodeKeys("\x1b[A").keys[0]?.text, "");
});

Deno.test("cut anywhere, the keys are the same", () => {
  const bytes = new TextEncoder().encode(TABLE.map(([each]) => each).join(""));
  const whole = words(decodeKeys(bytes).keys);
  fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: bytes.length })), (places) => {
    const cuts = [0, ...places.sort((a, b) => a - b), bytes.length];
    let rest = NO_REST;
    const keys: Key[] = [];
    cuts.slice(1).forEach((to, i) => {
      const part = decodeKeys(bytes.subarray(cuts[i], to), rest);
      keys.push(...part.keys);
      rest = part.rest;
    });
    // A line end cut in two is two keys: nobody types one.
    const once = (list: readonly string[]) => list.join("|").replaceAll("enter|enter", "enter");
    equal(once(words(keys)), once(whole));
    deepEqual(rest, NO_REST);
  }));
});

Deno.test("a lone ESC waits, and becomes the key when nothing follows", () => {
  const { keys, rest } = decodeKeys("a\x1b");
  deepEqual([words(keys), undecided(rest)], [["a"], true]);
  deepEqual(words(endKeys(rest).keys), ["escape"]);
  deepEqual(words(decodeKeys("[A", rest).keys), ["up"]);
  const ends: readonly (readonly [string, string[]])[] = [
    ["\x1b\x1b", ["escape", "escape"]],
    ["\x1b[", ["alt-["]],
    ["\x1bO", ["alt-O"]],
    ["\x1b[1;", []],
  ];
  for (const [bytes, wanted] of ends) {
    const left = decodeKeys(bytes).rest;
    deepEqual([words(endKeys(left).keys), endKeys(left).rest], [wanted, NO_REST], bytes);
  }
});

Deno.test("half a character and half a paste are waited for, whatever the time", () => {
  for (const bytes of [Uint8Array.of(0xe6, 0x97), new TextEncoder().encode("\x1b[200~ab\x1b[20")]) {
    const { rest } = decodeKeys(bytes);
    equal(undecided(rest), false);
    deepEqual(endKeys(rest), { keys: [], rest });
  }
});

Deno.test("what is no UTF-8 is one replacement and stops nothing", () => {
  const bytes = Uint8Array.of(0xff, 0x61, 0xc3, 0x28, 0x80, 0xed, 0xa0, 0x80, 0x62);
  equal(words(decodeKeys(bytes).keys).join(""), "\ufffda\ufffd(\ufffd\ufffd\ufffd\ufffdb");
});

Deno.test("any bytes are decoded without end or error", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
    const { rest } = decodeKeys(bytes);
    endKeys(rest);
  }));
});
