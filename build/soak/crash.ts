// The process ends at every named place, in every way, the first time it comes there and a later time: nothing is torn,
// the next `up` goes on from there, and everything is made once and as an undisturbed run makes it.

import process from "node:process";
import type { CrashPoint } from "../../src/engine/context.ts";
import { start } from "./start.ts";
import { differences, verify } from "./verify.ts";

export interface CrashOptions {
  /** The program and its first arguments. */
  readonly program: readonly string[];
  /** Makes an empty copy of the project; gives its folder. */
  readonly fresh: () => string;
  readonly say: (line: string) => void;
}

/** How often a run comes there: once, or with each step. */
const POINTS: Readonly<Record<CrashPoint, "once" | "often">> = {
  "run-started": "once",
  "claimed": "often",
  "staged": "often",
  "published": "often",
  "step-ended": "often",
  "before-run-ended": "once",
  "run-ended": "once",
};
const CODES: Readonly<Record<string, number | null>> = { throw: 70, SIGTERM: 143, SIGKILL: null };
/** A signal that the process sends itself arrives a little later: at the very end it may come too late. */
const TOO_LATE: ReadonlySet<string> = new Set(["before-run-ended", "run-ended"]);

/** Gives what went wrong. */
export async function crash({ program, fresh, say }: CrashOptions): Promise<readonly string[]> {
  const wrong: string[] = [];
  const up = [...program, "up", "--quiet"];
  const calm = fresh();
  await start(up, calm).ended;
  const wanted = (await verify(calm)).contents;
  let tried = 0;
  for (const [name, often] of Object.entries(POINTS)) {
    for (const point of often === "once" ? [name] : [name, `${name}#3`]) {
      for (const [how, expected] of Object.entries(CODES)) {
        tried++;
        const project = fresh();
        const fault = (text: string) => void wrong.push(`${point} by ${how}: ${text}`);
        const env = { ...process.env, NO_COLOR: "1", NYCFLOW_TEST_CRASH: `${point}:${how}` };
        const { code, text } = await start(up, project, env).ended;
        const late = how === "SIGTERM" && TOO_LATE.has(point) && code === 0;
        if (code !== expected && !late) fault(`it ended with ${code}\n${text}`);
        for (const each of (await verify(project)).wrong) fault(each);
        // Told to stop, a step that then fails is a failure as any other: it waits for its cool-down, unless asked for.
        if (how === "SIGTERM") await start([...program, "retry", "--quiet"], project).ended;
        const next = await start(up, project).ended;
        if (next.code !== 0 || next.text !== "") {
          fault(`then up ended with ${next.code}\n${next.text}`);
        }
        const found = await verify(project);
        for (const each of [...found.wrong, ...differences(found.contents, wanted)]) fault(each);
        for (const [asset, times] of Object.entries(found.made)) {
          if (times !== 1) fault(`${asset} was made ${times} times`);
        }
        if (found.claims + found.open > 0) {
          fault(`${found.claims} claims and ${found.open} runs are left`);
        }
      }
    }
  }
  say(`${tried} ends: ${wrong.length} faults`);
  return wrong;
}
