/** Carries out what the dashboard asks for: questions, commands, completion, an editor. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import process from "node:process";
import type { Command } from "commander";
import type { Feed } from "../../app/board/feed.ts";
import { RunEvents } from "../../app/board/run_events.ts";
import { RunLog } from "../../app/board/run_log.ts";
import { Session } from "../../app/session.ts";
import type { Effect } from "../../dashboard/board.ts";
import type { Message } from "../../dashboard/message.ts";
import type { Staying } from "../../ports/stay.ts";
import type { Style } from "../../term/style.ts";
import { hostOf } from "../open.ts";
import { answer } from "./answers.ts";
import type { Looker } from "./looker.ts";
import { runCommand } from "../../app/board/shown_command.ts";

export interface EffectsOptions {
  readonly project: string;
  readonly environment: string | null;
  readonly feed: Feed;
  readonly looker: Looker;
  /** Null for who only looks. */
  readonly staying: Staying | null;
  readonly style: Style;
  readonly columns: () => number;
  readonly send: (message: Message) => void;
  /** Leaves, where that was asked for and nothing is left to be waited for. */
  readonly leave: () => void;
  /** All commands as declared, to be completed. */
  readonly complete: (() => Promise<Command>) | null;
}

/** Disposing ends what it still has running. */
export interface Effects extends Disposable {
  readonly perform: (effect: Effect) => void;
  readonly lend: (effect: Extract<Effect, { kind: "edit" }>) => Promise<void>;
  /** What became of what ran: it was left to a process in the background, or ended at once; null where it was waited for. */
  readonly left: () => "background" | "killed" | null;
  /** Settles when no command is at work whose output is to be shown. */
  readonly idle: () => Promise<void>;
}

export function createEffects(options: EffectsOptions): Effects {
  const { project, feed, looker, staying, send } = options;
  const runs = new RunEvents();
  const log = new RunLog(project);
  let left: ReturnType<Effects["left"]> = null;
  const stop = (how: "wait" | "kill" | "background") => {
    if (how !== "wait") left = how === "kill" ? "killed" : how;
    if (how === "kill") ending.abort();
    if (staying === null) void idle().then(options.leave);
    else staying.stop(how === "kill" ? "kill" : "wait");
  };
  const ending = new AbortController();
  const working = new Set<Promise<void>>();
  const idle = async () => {
    while (working.size > 0) await Promise.all(working);
  };
  return {
    left: () => left,
    idle,
    [Symbol.dispose]: () => ending.abort(),
    perform(effect) {
      switch (effect.kind) {
        case "ask":
          void answer({ feed, project, looker, runs, log, style: options.style }, effect.want).then(
            (
              found,
            ) =>
              send({
                kind: "answered",
                name: effect.want.name,
                version: effect.want.version,
                columns: effect.want.columns,
                answer: found,
              }),
          );
          return;
        case "command": {
          const work = commanded(options, effect, ending.signal).then(send)
            .finally(() => working.delete(work));
          working.add(work);
          return;
        }
        case "complete":
          void completed(options, effect.words).then((candidates) =>
            send({ kind: "completed", candidates })
          );
          return;
        case "stop":
          return stop(effect.how);
        case "interrupt":
          return looker.interrupt(({ ask }) => ask.kind === "sql");
        case "more-runs":
          return feed.moreRuns();
        case "refresh":
          return feed.refresh();
        default:
          return;
      }
    },
    lend: ({ file, line }) =>
      edit(project, join(project, file), line).then((why) => {
        if (why !== null) send({ kind: "noticed", text: why, role: "warn" });
      }).finally(() => feed.refresh()),
  };
}

async function commanded(
  { project, environment, staying, style, columns }: EffectsOptions,
  { argv, show }: Extract<Effect, { kind: "command" }>,
  signal: AbortSignal,
): Promise<Message> {
  if (show || staying === null) {
    const { code, lines } = await runCommand({
      argv,
      project,
      environment,
      style,
      columns: Math.max(20, columns() - 4),
      signal,
    });
    return { kind: "commanded", argv, show, code, lines };
  }
  const { end, out, err } = await staying.request(argv);
  const code = end.kind === "exited" ? end.code : null;
  const why = end.kind === "not-started" ? [end.why] : [];
  return { kind: "commanded", argv, show, code, lines: [...out, ...err, ...why] };
}

async function completed(
  { project, environment, complete }: EffectsOptions,
  words: readonly string[],
): Promise<readonly string[]> {
  if (complete === null) return [];
  const { complete: follow } = await import("../completion.ts");
  const { namesOf } = await import("../../app/names.ts");
  try {
    await using session = new Session(hostOf(), project, false, () => {}, environment);
    const { candidates } = await follow(await complete(), words, namesOf(session));
    return candidates.map(({ value }) => value);
  } catch {
    return [];
  }
}

/**
 * `$VISUAL` or `$EDITOR` on the terminal, at the line where it is known how to say that. Why it could not be started;
 * null where it was.
 */
function edit(cwd: string, file: string, line: number): Promise<string | null> {
  const editor = process.env["VISUAL"] || process.env["EDITOR"] || "vi";
  const [program = "vi", ...args] = editor.split(/\s+/);
  const name = program.split("/").at(-1) ?? "";
  const at = /^(code|codium|cursor|subl|zed)/.test(name)
    ? [...(name.startsWith("code") ? ["--goto"] : []), `${file}:${line}`]
    : /^(n?vim?|nano|emacs|emacsclient|micro|kak|hx|joe|ne|mg)$/.test(name)
    ? name === "hx" || name === "micro" ? [`${file}:${line}`] : [`+${line}`, file]
    : [file];
  return new Promise((resolve) => {
    const child = spawn(program, [...args, ...at], { cwd, stdio: "inherit" });
    child.on("error", () => resolve(`${program} cannot be started: set EDITOR to one that can`));
    child.on("exit", () => resolve(null));
  });
}
