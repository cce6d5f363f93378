// A mistake that several modules meet is told once, of the module in which it stands.

import { deepEqual } from "node:assert/strict";
import { type Problem, problem } from "../../src/core/problem/problem.ts";
import { toldOnce } from "../../src/loader/told_once.ts";

const IMPORTS: Readonly<Record<string, readonly string[]>> = {
  "assets/a.ts": ["assets/lib.ts"],
  "assets/b.ts": ["assets/lib.ts", "assets/c.ts"],
  "assets/lib.ts": ["assets/_deep.ts"],
};
const imports = (file: string) => IMPORTS[file] ?? [];

const throws = (file: string, at: string, line: number, why = "it throws"): Problem =>
  problem("module-throws", { message: `Cannot import ${file}`, where: { file: at, line }, why });
const hangs = (file: string): Problem =>
  problem("module-hangs", {
    message: `Cannot import ${file}`,
    where: { file },
    why: "it has not finished after 1 s",
  });
const told = (all: readonly (readonly [file: string, of: (file: string) => Problem])[]) =>
  toldOnce(all.map(([file, of]) => ({ file, problems: [of(file)] })), imports)
    .map(({ message, why }) => `${message}: ${why}`);

Deno.test("told once: of the module where it stands, with those that import it", () => {
  const inLib = (file: string) => throws(file, "assets/lib.ts", 3);
  deepEqual(told([["assets/a.ts", inLib], ["assets/b.ts", inLib], ["assets/lib.ts", inLib]]), [
    "Cannot import assets/lib.ts: it throws; assets/a.ts and assets/b.ts import it",
  ]);
  // A file that is no module is told by the first that imports it.
  const deep = (file: string) => throws(file, "assets/_deep.ts", 1);
  deepEqual(told([["assets/a.ts", deep], ["assets/b.ts", deep]]), [
    "Cannot import assets/a.ts: it throws; assets/b.ts imports it",
  ]);
});

Deno.test("told once: other lines, other words and own mistakes are told by themselves", () => {
  deepEqual(
    told([
      ["assets/a.ts", (file) => throws(file, "assets/lib.ts", 3)],
      ["assets/b.ts", (file) => throws(file, "assets/lib.ts", 4)],
      ["assets/c.ts", (file) => throws(file, file, 3)],
    ]).length,
    3,
  );
});

Deno.test("told once: of modules that never end the one that the others wait for", () => {
  const files = ["assets/a.ts", "assets/b.ts", "assets/lib.ts"] as const;
  deepEqual(told(files.map((file) => [file, hangs] as const)), [
    "Cannot import assets/lib.ts: it has not finished after 1 s; assets/a.ts and assets/b.ts import it",
  ]);
  deepEqual(told([["assets/a.ts", hangs], ["assets/c.ts", hangs]]).length, 2);
});
