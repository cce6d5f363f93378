// The fifteen mistakes of the issue, from source and compiled: each names file, line, why and what next (a score of
// four), in at most eight lines, with the right exit code, and in the same words both ways.

import assert from "node:assert/strict";
import { bothWays } from "../rig/program.ts";
import { FIFTEEN } from "./mistakes.ts";
import { makeMistake, page } from "./run_mistake.ts";

const MOST_LINES = 8;
/** A file that is cut short has no line that is wrong. */
const WITHOUT_LINE: ReadonlySet<string> = new Set(["a truncated Parquet file"]);

const words = new Map<string, string>();

for (const mistake of FIFTEEN) {
  bothWays(`errors: ${mistake.name} scores four in at most eight lines`, async (rig) => {
    const said = await makeMistake(rig, mistake);
    const text = page(said.stderr);
    const where = WITHOUT_LINE.has(mistake.name)
      ? /^ +at \S+\.\w+/m
      : /^ +at \S+\.\w+:\d+(?::\d+)?(?: |$)/m;
    const score = {
      file: /^ +at (?:assets\/|nycflow\.config\.ts)/m.test(text),
      line: where.test(text),
      why: /^ +why: \S/m.test(text),
      next: /^ +next: \S/m.test(text),
    };
    assert.deepEqual(score, { file: true, line: true, why: true, next: true }, text);
    assert.equal(said.code, mistake.exit, text);
    assert.ok(text.split("\n").length <= MOST_LINES, text);
    assert.doesNotMatch(text, /^\s+at (?:\S+ )?\(?(?:file:|node:|\/)/m, "a stack trace");
    const before = words.get(mistake.name);
    if (before !== undefined) assert.equal(text, before, "the same words both ways");
    words.set(mistake.name, text);
  });
}
