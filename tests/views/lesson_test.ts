import assert from "node:assert/strict";
import { plainStyle } from "../../src/term/style.ts";
import { width } from "../../src/term/width.ts";
import { lessonLines } from "../../src/views/lesson.ts";

const LESSON = `# Two steps

Type what stands after \`$\`.

1. **First.** Some words that are *meant* and longer than a narrow terminal is wide, with \`code_and_more\` in them.

       $ nycflow up --flag *
       $ nycflow ls

   What follows.

2. **Second.** No more.
`;

Deno.test("lesson: steps, what is typed set apart and untouched, words wrapped", () => {
  assert.deepEqual(lessonLines(LESSON, plainStyle, 40), [
    "Two steps",
    "",
    "Type what stands after $.",
    "",
    " 1  First. Some words that are meant and",
    "    longer than a narrow terminal is",
    "    wide, with code_and_more in them.",
    "",
    "      $ nycflow up --flag *",
    "      $ nycflow ls",
    "",
    "    What follows.",
    "",
    " 2  Second. No more.",
  ]);
  for (const columns of [20, 33, 80, 200]) {
    const most = Math.max(...lessonLines(LESSON, plainStyle, columns).map(width));
    assert.ok(most <= Math.max(columns, 28), `${most} of ${columns}`);
  }
});
