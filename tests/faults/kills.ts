/**
 * Kills a run again and again, each time after it has told a chosen number of things, until it comes to its end. The
 * reduced form stands in `kills_test.ts`; `deno task soak` gives more assets and kills.
 */
import process from "node:process";
import { type Rig } from "../rig/program.ts";
import { assertSound, type Sound } from "./sound.ts";

export interface KillOptions {
  /** SQL assets, some in a pool of two, some that fail at their first try. */
  readonly assets: number;
  readonly kills: number;
  /** The same seed kills after the same events. */
  readonly seed: number;
}

/** The project's files: a wide graph of steps that depend on the one before the last. */
export function killedFiles(assets: number): Record<string, string> {
  const found: Record<string, string> = {
    "nycflow.config.ts":
      'import { defineConfig } from "nycflow";\nexport default defineConfig({ pools: { two: 2 } });\n',
  };
  for (let at = 0; at < assets; at++) {
    const header = at % 3 === 0
      ? "/* @asset\npool: two\nretry: { attempts: 5, delay: 1ms }\n*/\n"
      : "/* @asset\nretry: { attempts: 5, delay: 1ms }\n*/\n";
    const from = at < 2 ? "range(50) t(n)" : `t${at - 2}`;
    found[`assets/t${at}.sql`] = `${header}select n + 1 as n from ${from}`;
  }
  return found;
}

/** Kills and goes on; gives what the log says in the end. Throws the first rule that does not hold. */
export async function killAndGoOn(rig: Rig, options: KillOptions): Promise<Sound> {
  let seed = options.seed;
  const random = () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return seed / 2 ** 32;
  };
  for (let kill = 0; kill < options.kills; kill++) {
    const live = rig.start(["up", "--json"]);
    const after = 1 + Math.floor(random() * 12);
    await Promise.race([live.until(new RegExp(`(?:.*\\n){${after}}`)), live.ended]).catch(() => {});
    try {
      process.kill(live.pid, "SIGKILL");
    } catch {
      // it has come to its end by itself
    }
    await live.ended;
    await assertSound(rig.folder, { pools: { two: 2 } });
  }
  const last = await rig.run(["up", "--quiet"]);
  if (last.code !== 0) throw new Error(`the last run ended with ${last.code}\n${last.stderr}`);
  return await assertSound(rig.folder, { settled: true, swept: true, pools: { two: 2 } });
}
