/** `up` that stays, put together: its rules, its looks, and this program's own children. */
import { join } from "node:path";
import type { StartedChild } from "../automation/children.ts";
import { Supervisor } from "../automation/supervisor.ts";
import type { Readable } from "node:stream";
import { Lines } from "../host/lines.ts";
import { startChild } from "../host/process.ts";
import { residentOf, takeResidency } from "../host/resident.ts";
import { selfCommand } from "../host/self.ts";
import { createWatcher } from "../host/watcher.ts";
import type { StayEvent, Staying } from "../ports/stay.ts";
import { rootOf } from "./session.ts";
import type { StayAsked } from "./stay_look.ts";
import { Lookout, type Where } from "./stay_watch.ts";

export interface StayOptions extends StayAsked {
  /** What children are told besides: `--json`, `--quiet`, `--fail-fast` … */
  readonly more: readonly string[];
  /** Where this process writes, relative to the project; null where it writes to its terminal. */
  readonly log: string | null;
}

/** So long what a child said may come after its end. */
const LATE_MS = 200;

/** Ready to stay: nothing happens before `run`. It is the caller's to close. */
export function prepareStay(
  where: Where,
  options: StayOptions,
  tell: (event: StayEvent) => void,
): Staying & AsyncDisposable {
  const { host, project, environment } = where;
  const own = join(project, rootOf(environment));
  const lookout = new Lookout(where, options, tell, () => supervisor.wake());
  const supervisor: Supervisor = new Supervisor({
    clock: host.clock,
    tell,
    look: () => lookout.look(supervisor.children().length > 0),
    forget: () => lookout.forget(),
    upArgs: (assets) => {
      const leave = [...options.exclude, ...lookout.fallback().leave];
      return [
        "up",
        ...(assets.length > 0 ? assets : options.select),
        "--once",
        "--no-results",
        "--no-outside",
        ...options.more,
        ...(leave.length > 0 ? ["--exclude", ...leave] : []),
      ];
    },
    start: (args, asked, line) => {
      const around = ["-C", project, ...(environment === null ? [] : ["--env", environment])];
      const { command, args: all, env } = selfCommand("cli", [...args, ...around]);
      // What a person asks for is judged by the definitions as they are.
      const more = asked ? {} : lookout.fallback().env;
      return startedChild(
        startChild({ command, args: all, env: { ...env, ...more }, cwd: project }),
        line,
      );
    },
    take: () =>
      takeResidency(own, {
        pid: host.pid,
        since: host.clock.now(),
        command: host.command,
        log: options.log,
      }),
    holder: () => residentOf(own),
    watch: (changed) => createWatcher(project, concerns, changed),
  });
  return Object.assign(supervisor, {
    [Symbol.asyncDispose]: () => lookout[Symbol.asyncDispose](),
  });
}

/** What we write ourselves is no news. */
function concerns(path: string): boolean {
  const first = path.split("/")[0] ?? "";
  if (first === ".nycflow" || /\.(duckdb|wal|part|tmp)$/.test(path)) return false;
  if (first === "charts" || first === "exports") return false;
  return !path.split("/").includes("rejected");
}

/** Its lines, each as a whole; the end once both streams have said all. */
function startedChild(
  { process, ended, kill }: ReturnType<typeof startChild>,
  line: (stream: "out" | "err", line: string) => void,
): StartedChild {
  const said = Promise.all([
    read(process?.stdout, (text) => line("out", text)),
    read(process?.stderr, (text) => line("err", text)),
  ]);
  return {
    pid: process?.pid ?? null,
    kill,
    ended: ended.then(async (end) => {
      let timer: ReturnType<typeof setTimeout> | undefined;
      // A grandchild may hold the streams for long.
      await Promise.race([said, new Promise((resolve) => timer = setTimeout(resolve, LATE_MS))]);
      clearTimeout(timer);
      return end;
    }),
  };
}

function read(stream: Readable | null | undefined, take: (line: string) => void): Promise<void> {
  const lines = new Lines(take);
  stream?.on("data", (bytes: Uint8Array) => lines.take(bytes));
  return new Promise((resolve) => {
    if (!stream) return resolve();
    stream.on("close", () => {
      lines.end();
      resolve();
    });
  });
}
