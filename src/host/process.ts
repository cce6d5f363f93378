/**
 * Child processes: in a group of their own, so that Ctrl-C in a terminal does not reach them and that they can be
 * ended with everything they started. Knows nothing of what they do.
 */
import { type ChildProcess, spawn } from "node:child_process";
import process from "node:process";

export interface ChildOptions {
  readonly command: string;
  readonly args: readonly string[];
  /** The whole environment; nothing is inherited besides. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Pipes from descriptor 3 on. */
  readonly extraPipes?: number;
}

/** How a process ended: by itself with a code, by a signal, or it could not be started. */
export type Ended =
  | { readonly kind: "exited"; readonly code: number }
  | { readonly kind: "killed"; readonly signal: string }
  | { readonly kind: "not-started"; readonly why: string };

export interface Child {
  /** Null where it could not be started. */
  readonly process: ChildProcess | null;
  /** Settles when the process is gone; its pipes may still hold text, or be held by its own children. */
  readonly ended: Promise<Ended>;
  /** Ends the whole group; nothing happens where it is gone. */
  kill(signal?: NodeJS.Signals): void;
}

/** Starts a child in its own group and session. Never throws: what goes wrong is told by `ended`. */
export function startChild(options: ChildOptions): Child {
  const extra = Array.from({ length: options.extraPipes ?? 0 }, () => "pipe" as const);
  let child: ChildProcess;
  try {
    child = spawn(options.command, [...options.args], {
      cwd: options.cwd,
      env: { ...options.env },
      stdio: ["pipe", "pipe", "pipe", ...extra],
      detached: true,
    });
  } catch (error) {
    return neverStarted(error);
  }
  const ended = new Promise<Ended>((resolve) => {
    child.once("error", (error) => resolve({ kind: "not-started", why: wordsOf(error) }));
    // `exit`, not `close`: a grandchild may hold the pipes long after.
    child.once("exit", (code, signal) => {
      resolve(signal !== null ? { kind: "killed", signal } : { kind: "exited", code: code ?? 0 });
    });
  });
  // A child that is gone makes writing to it fail; that it is gone is told by `ended`.
  child.stdin?.on("error", () => {});
  return { process: child, ended, kill: (signal = "SIGKILL") => killGroup(child.pid, signal) };
}

/** Signals a group by its leader. */
export function killGroup(leader: number | undefined, signal: NodeJS.Signals): void {
  if (leader === undefined) return;
  for (const target of process.platform === "win32" ? [leader] : [-leader]) {
    try {
      process.kill(target, signal);
    } catch {
      // gone already
    }
  }
}

function neverStarted(error: unknown): Child {
  return {
    process: null,
    ended: Promise.resolve({ kind: "not-started", why: wordsOf(error) }),
    kill: () => {},
  };
}

function wordsOf(error: unknown): string {
  const { code } = error as { readonly code?: unknown };
  if (code === "ENOENT") return "there is no such program";
  if (code === "EACCES") return "it may not be executed";
  return error instanceof Error ? error.message : String(error);
}
