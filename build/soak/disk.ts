// A disk that is full at any write: whatever room is left when `up` begins, it ends with 0 or 3 and one clear word, the
// next command can still look, and once there is room everything is made, once, as if nothing had been. Every second
// time two tables are there already and get a new definition: who reads them meanwhile, or has a query over one open,
// notices nothing.

import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { GENERATIONS, type Held, keepOpen, readAlways, writeGeneration } from "./reader.ts";
import { smallDisk } from "./small_disk.ts";
import { start } from "./start.ts";
import { type Contents, differences, verify } from "./verify.ts";

export interface DiskOptions {
  /** The program and its first arguments. */
  readonly program: readonly string[];
  /** KiB between two fillings. */
  readonly step: number;
  readonly say: (line: string) => void;
}

const SIZE = 4096;
/** More than a run needs. */
const MOST = 1800;

const FILES = {
  "assets/a.sql":
    "/* @asset\nexport: [exports/a.csv]\n*/\nselect range as n, hash(range) as h from range(20000)",
  "assets/b.sql": "select n, h from a where n % 2 = 0",
  "assets/c.ts": `import { asset } from "nycflow";
export const c = asset({
  deps: ["b"],
  run: ({ db }) => (console.log("x".repeat(100_000)), db.query("select n + 1 as n from b")),
});
`,
};

/** Gives what went wrong. */
export async function fullDisk(options: DiskOptions): Promise<readonly string[]> {
  using disk = smallDisk(SIZE);
  if (disk === null) {
    options.say("skipped: no small disk may be mounted here (Linux, root)");
    return [];
  }
  const wrong: string[] = [];
  const project = join(disk.path, "project");
  const run = (...args: string[]) => start([...options.program, ...args], project).ended;
  let wanted: Contents | null = null;
  let full = 0, rounds = 0, reads = 0;
  for (let room = MOST; room >= 0; room -= options.step, rounds++) {
    disk.free();
    rmSync(project, { recursive: true, force: true });
    for (const [path, text] of Object.entries(FILES)) {
      mkdirSync(dirname(join(project, path)), { recursive: true });
      writeFileSync(join(project, path), text);
    }
    const said = (text: string) => wrong.push(`${room} KiB: ${text}`);
    let held: Awaited<ReturnType<typeof keepOpen>> = null;
    if (rounds % 2 === 1) {
      writeGeneration(project, 1);
      const before = await run("up", "generation", "generation_sums", "--quiet");
      if (before.code !== 0) said(`up with room ended with ${before.code}\n${before.text}`);
      held = await keepOpen(project);
      writeGeneration(project, 2);
    }
    const reader = readAlways(project, options.program, /disk is full/);
    disk.leave(room);
    const first = await run("up", "--quiet");
    if (first.code === 3) full++;
    if (first.code !== 0 && first.code !== 3) said(`up ended with ${first.code}\n${first.text}`);
    if (first.code === 3 && !/No space left|disk is full|no room/.test(first.text)) {
      said(first.text);
    }
    if (first.text.length > 2000) said(`${first.text.length} bytes are no clear word`);
    const looked = await run("ls");
    const no = looked.code === 3 && /disk is full/.test(looked.text);
    if (looked.code !== 0 && !no) said(`ls ended with ${looked.code}\n${looked.text}`);
    disk.free();
    for (const command of ["up", "retry", "up"]) {
      const after = await run(command, "--quiet");
      if (after.code !== 0) said(`${command} with room ended with ${after.code}\n${after.text}`);
    }
    const read = await reader.stop();
    reads += read.count;
    const kept: Held = await held?.letGo() ?? { seconds: 0, wrong: [] };
    for (const each of [...read.wrong, ...kept.wrong]) said(each);
    const found = await verify(project);
    const contents = Object.fromEntries(
      Object.entries(found.contents).filter(([name]) => !GENERATIONS.has(name)),
    );
    wanted ??= contents;
    for (const each of [...found.wrong, ...differences(contents, wanted)]) said(each);
    for (const [asset, times] of Object.entries(found.made)) {
      if (times !== (GENERATIONS.has(asset) ? 2 : 1)) said(`${asset} was made ${times} times`);
    }
    if (found.claims + found.open > 0) said(`${found.claims} claims, ${found.open} runs are left`);
  }
  options.say(
    `${rounds} amounts of room, ${full} of them too little, ${reads} reads: ${wrong.length} faults`,
  );
  return wrong;
}
