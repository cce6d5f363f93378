// The whole catalogue as one page: every provoked mistake as its reader sees it, and a proof that no code is left out.
// The fifteen of the issue name file, line, why and what next (a score of four), in the same words in both forms.

import assert from "node:assert/strict";
import { type ProblemCode, PROBLEMS } from "../../src/core/problem/problem.ts";
import { binaryPath } from "../rig/environment.ts";
import { makeRig } from "../rig/program.ts";
import { FIFTEEN, type Mistake, OTHERS } from "./mistakes.ts";
import { IS_ROOT, makeMistake, page, problemsOf } from "./run_mistake.ts";

/** The compiled program starts four times as fast. */
const VIA = binaryPath() === null ? "deno" as const : "binary" as const;

/** Codes that no small project provokes, and where they are tested instead or why they are not. */
const ELSEWHERE: Readonly<Partial<Record<ProblemCode, string>>> = {
  "bug": "what it tells is not known before",
  "busy": "two processes on one step: tests/e2e and tests/stores/files_test.ts",
  "cancelled": "Ctrl-C: tests/e2e; it is an outcome and is never drawn as an error",
  "disk-full": "a file system of its own: tests/stores/files_test.ts, tests/warehouse",
  "engine-missing": "the binary without a place to unpack to: tests/host/unpack_test.ts",
  "interrupted": "kill -9: tests/e2e; it is an outcome and is never drawn as an error",
  "out-of-memory": "tests/warehouse, with a limit of its own",
  "runner-failed": "a runner that is no runner: tests/runner/failing_test.ts",
};

const MOST_LINES = 8;
/** A file that is cut short has no line that is wrong. */
const WITHOUT_LINE: ReadonlySet<string> = new Set(["a truncated Parquet file"]);

const ALL: readonly Mistake[] = [...FIFTEEN, ...OTHERS];

for (const mistake of ALL) {
  Deno.test({
    name: `errors: ${mistake.name}`,
    ignore: mistake.notAsRoot === true && IS_ROOT,
    fn: async (t) => {
      await using rig = makeRig({ via: VIA });
      const said = await makeMistake(rig, mistake);
      assert.equal(said.code, mistake.exit, said.stderr);
      const text = page(said.stderr);
      assert.doesNotMatch(text, /^\s+at (?:\S+ )?\(?(?:file:|node:|\/)/m, "a stack trace");
      for (const block of text.split(/\n(?=error:)/)) {
        const own = block.split("\n").filter((line) => /^(?:error:| )/.test(line));
        assert.ok(own.length <= MOST_LINES, `more than eight lines\n${block}`);
      }
      await t.assertSnapshot(text);
      if (FIFTEEN.includes(mistake)) {
        assert.deepEqual(scoreOf(text, mistake), { file: true, line: true, why: true, next: true });
        assert.ok(text.split("\n").length <= MOST_LINES, text);
        await t.step({
          name: "in the same words from source",
          ignore: VIA === "deno",
          fn: async () => {
            await using source = makeRig({ via: "deno" });
            const same = await makeMistake(source, mistake);
            assert.equal(page(same.stderr), text);
            assert.equal(same.code, mistake.exit);
          },
        });
      }
      // Told beside a run that went well, it is in no document; and twice from source takes long.
      if (VIA === "deno" || mistake.codes.includes("export-failed")) return;
      await t.step("with the codes that it is to have", async () => {
        await using other = makeRig({ via: VIA });
        const { stdout, code } = await makeMistake(other, mistake, ["--json"]);
        assert.equal(code, mistake.exit);
        assert.deepEqual(problemsOf(stdout).map((each) => each.code), mistake.codes);
      });
    },
  });
}

function scoreOf(text: string, { name }: Mistake) {
  const where = WITHOUT_LINE.has(name) ? /^ +at \S+\.\w+/m : /^ +at \S+\.\w+:\d+(?::\d+)?(?: |$)/m;
  return {
    file: /^ +at (?:assets\/|nycflow\.config\.ts)/m.test(text),
    line: where.test(text),
    why: /^ +why: \S/m.test(text),
    next: /^ +next: \S/m.test(text),
  };
}

Deno.test("errors: every code of the catalogue is provoked, or it is said why not", () => {
  const provoked = new Set<string>(ALL.flatMap((each) => each.codes));
  for (const code of Object.keys(PROBLEMS)) {
    const listed = Object.hasOwn(ELSEWHERE, code);
    assert.notEqual(provoked.has(code), listed, code);
  }
});
