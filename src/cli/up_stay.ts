/** `up --no-tui` and `up -d`: stays until it is told to end; log lines to stderr, or to a file in the background. */
import process from "node:process";
import { join, relative } from "node:path";
import type { StayAsked } from "../app/stay_look.ts";
import type { StayEvent, StopHow } from "../ports/stay.ts";
import { signalExit } from "./signals.ts";
import type { CommandContext } from "./context.ts";
import { stayLines } from "./stay_lines.ts";
import { timesIn } from "../views/times.ts";

export interface StayHow extends StayAsked {
  readonly detached: boolean;
  /** As typed, for the children. */
  readonly more: readonly string[];
}

/** Gives the exit code. */
export async function stay(how: StayHow, context: CommandContext): Promise<number> {
  const { common, output } = context;
  const { hostOf } = await import("./open.ts");
  const { findProject } = await import("../app/find.ts");
  const { environmentFor } = await import("../app/environments.ts");
  const { logOf, openLog } = await import("../app/resident.ts");
  const host = hostOf();
  const project = findProject(host, common.project);
  const environment = environmentFor(project, common.env ?? host.env["NYCFLOW_ENV"], true);
  if (how.detached) return await inBackground(project, environment, how, context);
  const log = logOf(environment);
  const file = process.env["NYCFLOW_UP_LOG"] ? openLog(join(project, log)) : null;
  const times = timesIn("UTC");
  const linesOf = stayLines({
    quiet: common.quiet,
    style: output.errStyle,
    columns: file === null ? output.columns : 100,
  });
  const tell = (event: StayEvent) => {
    if (event.kind === "child-said" && event.stream === "out") {
      if (common.json) output.out(event.line);
      return;
    }
    const lines = linesOf(event);
    if (lines.length === 0) return;
    if (file === null) return output.err(lines.join("\n"));
    const at = times.iso(host.clock.now()).slice(0, 19).replace("T", " ");
    file(lines.map((line) => `${at}Z ${line}`).join("\n"));
  };
  const { prepareStay } = await import("../app/stay.ts");
  await using staying = prepareStay({ host, project, environment, lean: true }, {
    select: how.select,
    exclude: how.exclude,
    more: [
      ...how.more,
      ...(common.json ? ["--json"] : []),
      ...(common.quiet ? ["--quiet"] : []),
    ],
    log: file === null ? null : log,
  }, tell);
  const came = await untilStopped(staying);
  return signalExit(came);
}

/** The first Ctrl-C starts nothing more and waits, the second ends what runs; a SIGTERM does so at once. */
async function untilStopped(staying: {
  run(): Promise<void>;
  reload(): void;
  stop(how: StopHow): void;
}): Promise<NodeJS.Signals | null> {
  let came: NodeJS.Signals | null = null;
  let times = 0;
  const handlers: readonly (readonly [NodeJS.Signals, () => void])[] = [
    ...(["SIGINT", "SIGTERM"] as const).map((name) =>
      [name, () => {
        came ??= name;
        times += name === "SIGTERM" ? 2 : 1;
        staying.stop(times === 1 ? "wait" : times <= 3 ? "end" : "kill");
      }] as const
    ),
    ["SIGHUP", () => staying.reload()],
  ];
  for (const [name, handler] of handlers) process.on(name, handler);
  try {
    await staying.run();
  } finally {
    for (const [name, handler] of handlers) process.off(name, handler);
  }
  return came;
}

/** What would end it at once is told here, and not in its log. */
async function mustBeRight(
  select: readonly string[],
  exclude: readonly string[],
  common: CommandContext["common"],
): Promise<void> {
  const { openSession } = await import("./open.ts");
  const { chosenAssets } = await import("../app/choose.ts");
  await using session = await openSession(common, true);
  chosenAssets(await session.view(), select, exclude);
}

async function inBackground(
  project: string,
  environment: string | null,
  { select, exclude, more }: StayHow,
  { output, common }: CommandContext,
): Promise<number> {
  const { logOf, startBackground } = await import("../app/resident.ts");
  await mustBeRight(select, exclude, common);
  const found = await startBackground(project, environment, [
    ...select,
    ...more,
    ...(exclude.length > 0 ? ["--exclude", ...exclude] : []),
    ...(common.quiet ? ["--quiet"] : []),
  ]);
  const log = relative(process.cwd(), join(project, logOf(environment))) || logOf(environment);
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
