// Kills at random instants: a run of many assets with retries is killed again and again, and after every kill nothing
// may be torn and no attempt may have ended twice. Once it comes through, everything is there once and equals what an
// undisturbed run makes; then the next round begins with an empty project. Two tables get a new definition at every
// start; whoever reads them meanwhile, or has a query over one open all the while, sees one version and meets no lock.

import { setTimeout as pause } from "node:timers/promises";
import { chance } from "./random.ts";
import { GENERATIONS, keepOpen, readAlways, writeGeneration } from "./reader.ts";
import { type Contents, differences, verify } from "./verify.ts";
import { start } from "./start.ts";

export interface KillOptions {
  /** The program and its first arguments. */
  readonly program: readonly string[];
  /** Makes an empty copy of the project; gives its folder. */
  readonly fresh: () => string;
  readonly kills: number;
  readonly seed: number;
  readonly say: (line: string) => void;
}

/** Gives what went wrong. */
export async function kills(options: KillOptions): Promise<readonly string[]> {
  const { next } = chance(options.seed);
  const wrong: string[] = [];
  const command = [...options.program, "up", "--quiet"];
  const undisturbed = options.fresh();
  writeGeneration(undisturbed, 0);
  const began = performance.now();
  const first = await start(command, undisturbed).ended;
  if (first.code !== 0) return [`the undisturbed run ended with ${first.code}\n${first.text}`];
  const took = performance.now() - began;
  const wanted = await verify(undisturbed);
  wrong.push(...wanted.wrong.map((each) => `undisturbed: ${each}`));

  let killed = 0, generation = 0;
  for (let round = 1; killed < options.kills; round++) {
    const project = options.fresh();
    let finished = 0;
    const reader = readAlways(project, options.program);
    let held: Awaited<ReturnType<typeof keepOpen>> = null;
    for (let patience = 0; killed < options.kills && patience < 12; patience++) {
      writeGeneration(project, ++generation);
      held ??= await keepOpen(project);
      const run = start(command, project);
      const timer = new AbortController();
      const kill = pause(next() * took, undefined, { signal: timer.signal })
        .then(() => run.kill(), () => {});
      const { code, text } = await run.ended;
      timer.abort();
      await kill;
      if (code === 0) break;
      if (code !== null) wrong.push(`round ${round}: up ended with ${code}\n${text}`);
      killed++;
      const found = await verify(project);
      wrong.push(...found.wrong.map((each) => `round ${round}, kill ${killed}: ${each}`));
      const done = Object.keys(found.contents).length;
      if (done < finished) {
        wrong.push(`round ${round}, kill ${killed}: of ${finished} finished, ${done} are left`);
      }
      finished = done;
    }
    const last = await start(command, project).ended;
    if (last.code !== 0) {
      wrong.push(`round ${round}: the last up ended with ${last.code}\n${last.text}`);
    }
    const read = await reader.stop();
    const kept = await held?.letGo() ?? { seconds: 0, wrong: [] };
    wrong.push(...[...read.wrong, ...kept.wrong].map((each) => `round ${round}: ${each}`));
    const found = await verify(project);
    wrong.push(
      ...[...found.wrong, ...differences(steady(found.contents), steady(wanted.contents))]
        .map((each) => `round ${round}: ${each}`),
    );
    for (const [asset, times] of Object.entries(found.made)) {
      if (times !== 1 && !GENERATIONS.has(asset)) {
        wrong.push(`round ${round}: ${asset} was made ${times} times`);
      }
    }
    if (found.claims > 0) wrong.push(`round ${round}: ${found.claims} claims are left`);
    if (found.open > 0) wrong.push(`round ${round}: ${found.open} runs have not ended`);
    options.say(
      `round ${round}: ${killed} of ${options.kills} kills, ${read.count} reads (the slowest took ${read.slowest} ms), one open for ${kept.seconds} s: ${wrong.length} faults`,
    );
  }
  return wrong;
}

/** What does not depend on how often a run was killed. */
function steady(contents: Contents): Contents {
  return Object.fromEntries(Object.entries(contents).filter(([name]) => !GENERATIONS.has(name)));
}
