/** The dashboard put together: its data, what it can have done, the terminal; the results when it is left. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { environmentFor } from "../../app/environments.ts";
import { Feed } from "../../app/board/feed.ts";
import { findResident } from "../../app/resident.ts";
import { findProject } from "../../app/find.ts";
import { rootOf } from "../../app/session.ts";
import { keyMap } from "../../dashboard/bindings.ts";
import type { Role as BoardRole } from "../../dashboard/board.ts";
import { firstModel, memoryOf, readMemory } from "../../dashboard/first.ts";
import { startLoop } from "../../dashboard/loop.ts";
import type { Message } from "../../dashboard/message.ts";
import type { StayEvent, Staying } from "../../ports/stay.ts";
import type { CommandContext } from "../context.ts";
import { hostOf } from "../open.ts";
import { stayLines } from "../stay_lines.ts";
import { createEffects } from "./effects.ts";
import { createLooker } from "./looker.ts";

export interface DashOptions {
  /** Keeps the project up to date, or looks on where another process does; null: `dash`, which only looks. */
  readonly keep:
    | {
      readonly select: readonly string[];
      readonly exclude: readonly string[];
      readonly more: readonly string[];
    }
    | null;
}

/** Gives the exit code. */
export async function runDashboard(options: DashOptions, context: CommandContext): Promise<number> {
  const { common, output } = context;
  const host = hostOf();
  const project = findProject(host, common.project);
  const environment = environmentFor(
    project,
    common.env ?? host.env["NYCFLOW_ENV"],
    options.keep !== null,
  );
  const memory = memoryFile(project, environment);
  const clock = host.clock;
  const startedAt = clock.now();
  let loop: ReturnType<typeof startLoop> | null = null;
  const early: Message[] = [];
  const send = (message: Message) => {
    if (loop === null) early.push(message);
    else loop.send(message);
  };
  const looker = createLooker(project, environment);
  let fingerprint = "";
  await using feed = new Feed({
    host,
    project,
    environment,
    onData: (data) => {
      if (fingerprint !== "" && fingerprint !== data.fingerprint) looker.renew();
      // What was waited for from the start is there: no look has told yet which folders are to be watched.
      if (fingerprint === "" && data.fingerprint !== "") staying?.wake();
      fingerprint = data.fingerprint;
      send({ kind: "data", data });
      if (staying === null) tellKeeper();
    },
  });
  let keeper = "";
  const tellKeeper = () => {
    const found = findResident(project, environment);
    const by = found === null ? "" : `process ${found.pid}`;
    if (by !== keeper) send({ kind: "role", role: { kind: "looks", by } });
    keeper = by;
  };
  const staying = options.keep === null ? null : await prepared(
    options.keep,
    { host, project, environment, patient: true },
    context,
    send,
  );
  const selection = (options.keep?.select ?? []).join(" ");
  const first = firstModel({
    columns: process.stdout.columns || 80,
    rows: process.stdout.rows || 24,
    style: output.style,
    now: startedAt,
    role: roleOf(staying),
    readOnly: staying === null,
    keys: keyMap(),
    clock: true,
    mouse: true,
    filter: selection,
    memory: existsSync(memory) ? readMemory(readFileSync(memory, "utf8")) : null,
  });
  const effects = createEffects({
    project,
    environment,
    feed,
    looker,
    staying,
    style: output.style,
    columns: () => process.stdout.columns || 80,
    send,
    leave: () => loop?.quit(),
    complete: context.program ?? null,
  });
  loop = startLoop({ first, clock, perform: effects.perform, lend: effects.lend });
  for (const message of early.splice(0)) loop.send(message);
  const signals = watchSignals(loop, staying);
  void feed.start();
  const keeping = staying?.run() ?? Promise.resolve();
  // Where what runs has ended after it was asked to, nothing is left to stay for.
  const running = keeping.then(() =>
    staying === null ? undefined : effects.idle().then(() => loop?.quit())
  );
  let last;
  try {
    last = await Promise.race([loop.ended, running.then(() => loop!.ended)]);
  } finally {
    // Whatever it ended by, what is printed next is printed on the shell's own screen.
    loop.quit();
    staying?.stop(signals.came === null ? "wait" : "end");
    looker[Symbol.dispose]();
    effects[Symbol.dispose]();
    signals.dispose();
  }
  remember(memory, JSON.stringify(memoryOf(last)));
  await keeping;
  await staying?.[Symbol.asyncDispose]();
  const { afterDashboard } = await import("./afterwards.ts");
  return await afterDashboard({
    project,
    environment,
    startedAt,
    left: effects.left(),
    signal: signals.came,
    keep: options.keep,
  }, context);
}

async function prepared(
  keep: NonNullable<DashOptions["keep"]>,
  where: Parameters<typeof import("../../app/stay.ts").prepareStay>[0],
  { output }: CommandContext,
  send: (message: Message) => void,
): Promise<Staying & AsyncDisposable> {
  const { prepareStay } = await import("../../app/stay.ts");
  const linesOf = stayLines({ quiet: false, style: output.style, columns: 120 });
  const tell = (event: StayEvent) => {
    if (event.kind === "role") send({ kind: "role", role: roleOf(staying) });
    if (event.kind === "child-said" && event.child.asked) return;
    const lines = linesOf(event);
    if (lines.length > 0) send({ kind: "said", lines });
    if (event.kind === "rejected") {
      send({ kind: "noticed", text: `${event.file} was not accepted: ${event.why}`, role: "warn" });
    }
    if (event.kind === "stopping") send({ kind: "leaving" });
  };
  const staying = prepareStay(where, { ...keep, log: null }, tell);
  return staying;
}

function roleOf(staying: Staying | null): BoardRole {
  if (staying === null) return { kind: "looks", by: "" };
  const by = staying.by === null ? "another process" : `process ${staying.by.pid}`;
  return staying.role === "onlooker" ? { kind: "waits", by } : { kind: "keeps", by: "" };
}

function memoryFile(project: string, environment: string | null): string {
  return join(project, rootOf(environment), "cache", "dashboard.json");
}

/** A project that may not be written is looked at without a memory. */
function remember(file: string, text: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  } catch {
    // nothing is lost but where one was
  }
}

/** A signal from outside leaves as a key would; a hang-up has nobody left to show anything to. */
function watchSignals(loop: { quit(): void }, staying: Staying | null) {
  const signals: { came: NodeJS.Signals | null; dispose(): void } = {
    came: null,
    dispose() {
      for (const [name, handler] of handlers) process.off(name, handler);
    },
  };
  const handlers = (["SIGINT", "SIGTERM", "SIGHUP"] as const).map((name) => {
    const handler = () => {
      const again = signals.came !== null;
      signals.came = name;
      staying?.stop(again ? "kill" : "end");
      loop.quit();
    };
    process.on(name, handler);
    return [name, handler] as const;
  });
  return signals;
}
