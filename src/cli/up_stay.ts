/** `up --no-tui` and `up -d`: stays until it is told to end; log lines to stderr, or to a file in the background. */
import process from "node:process";
import { join, relative } from "node:path";
import { signalExit } from "./signals.ts";
import type { CommandContext } from "./context.ts";
import { problemsText } from "../views/problem.ts";
import { timesIn } from "../views/times.ts";

/** Where `up -d` writes, relative to the project. */
export const LOG = ".nycflow/logs/up.log";

/** Gives the exit code. */
export async function stay(detached: boolean, context: CommandContext): Promise<number> {
  const { common, output } = context;
  const { hostOf } = await import("./open.ts");
  const { findProject } = await import("../app/find.ts");
  const host = hostOf();
  const project = findProject(host, common.project);
  if (detached) return await inBackground(project, context);
  const { beResident } = await import("../app/resident.ts");
  const { openLog } = await import("../app/resident.ts");
  const file = process.env["NYCFLOW_UP_LOG"] ? openLog(join(project, LOG)) : null;
  const times = timesIn("UTC");
  const write = file ?? ((lines: string) => output.err(lines));
  const say = (lines: readonly string[]) => {
    const at = times.iso(host.clock.now()).slice(0, 19).replace("T", " ");
    for (const line of lines) write(file === null ? line : `${at}Z ${line}`);
  };
  const stop = new AbortController();
  let came: NodeJS.Signals | null = null;
  const supervisor = await beResident(host, project, {
    json: common.json,
    quiet: common.quiet,
    stop: stop.signal,
    log: file === null ? null : LOG,
  }, {
    say,
    problems: (problems) =>
      write(problemsText(problems, output.errStyle, file === null ? output.columns : 100)),
    result: (line) => common.json ? output.out(line) : undefined,
  });
  const handlers = (["SIGINT", "SIGTERM"] as const).map((name) => {
    const handler = () => {
      if (came !== null) return supervisor.signal("SIGKILL");
      came = name;
      stop.abort();
    };
    process.on(name, handler);
    return [name, handler] as const;
  });
  const reload = () => {
    say(["reloading"]);
    supervisor.reload();
  };
  process.on("SIGHUP", reload);
  try {
    await supervisor.run();
  } finally {
    for (const [name, handler] of handlers) process.off(name, handler);
    process.off("SIGHUP", reload);
  }
  if (!common.quiet) say(["ended"]);
  return signalExit(came);
}

async function inBackground(project: string, { output, common }: CommandContext): Promise<number> {
  const { startBackground } = await import("../app/resident.ts");
  const found = await startBackground(project, common.quiet ? ["--quiet"] : []);
  const log = relative(process.cwd(), join(project, LOG)) || LOG;
  if (common.json) {
    output.out(JSON.stringify({ nycflow: 1, pid: found.pid, log, started: found.started }));
  } else if (!common.quiet) {
    output.out(
      found.started
        ? `keeping it up to date in the background (process ${found.pid}); log: ${log}`
        : `process ${found.pid} keeps it up to date already; log: ${log}`,
    );
  }
  return 0;
}
