/**
 * `up` that stays: a supervisor that looks, and starts a child for whatever there is to do. It keeps nothing open
 * between looks, loads neither DuckDB nor user code, and so stays small for as long as it lives.
 */
import { join } from "node:path";
import { Bell, keepUp } from "../automation/loop.ts";
import type { StepKey } from "../core/key.ts";
import { type Problem, ProblemError } from "../core/problem/problem.ts";
import { type Child, startChild } from "../host/process.ts";
import { selfCommand } from "../host/self.ts";
import { createWatcher } from "../host/watcher.ts";
import type { AppHost } from "./host.ts";
import { brokenAssets, keep, LAST_GOOD, readKept } from "./last_good.ts";
import { Session } from "./session.ts";
import { lookOnce, type Memory, type StayLook } from "./stay_look.ts";

export interface StayHooks {
  /** Lines for people. */
  readonly say: (lines: readonly string[]) => void;
  readonly problems: (problems: readonly Problem[]) => void;
  /** A child's result lines, as it wrote them. */
  readonly result: (line: string) => void;
}

export interface StayOptions {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly stop: AbortSignal;
}

/** Side by side at the most: a run that takes hours holds up nothing that is due meanwhile. */
const MOST_CHILDREN = 3;
/** What changed nothing is not tried again at once. */
const RETRY_MS = 5_000;
const GRACE_MS = 10_000;

interface Running {
  readonly child: Child;
  /** Null: everything there was. */
  readonly steps: ReadonlySet<StepKey>;
  readonly whole: boolean;
}

export class Supervisor {
  readonly #host: AppHost;
  readonly #project: string;
  readonly #options: StayOptions;
  readonly #hooks: StayHooks;
  readonly #bell = new Bell();
  readonly #memory: Memory = { asked: new Map() };
  readonly #running = new Set<Running>();
  /** What was said of the definitions, so that it is said once. */
  #said = "";
  #broken: readonly Problem[] = [];
  #fingerprint = "";
  /** Where the log stood when the last child was started, and how often it has stood there. */
  #tried = { last: -1, times: 0, at: 0 };

  constructor(host: AppHost, project: string, options: StayOptions, hooks: StayHooks) {
    this.#host = host;
    this.#project = project;
    this.#options = options;
    this.#hooks = hooks;
  }

  /** Until `stop` fires; then what runs is ended, and waited for. */
  async run(): Promise<void> {
    using watcher = createWatcher(this.#project, concerns, () => this.#bell.ring());
    await keepUp({
      clock: this.#host.clock,
      bell: this.#bell,
      stop: this.#options.stop,
      look: async () => {
        const look = await this.#look();
        if (look === null) return this.#host.clock.now() + 60_000;
        watcher.follow(look.folders);
        const later = this.#start(look);
        return later === null ? look.next : Math.min(look.next, later);
      },
    });
    await this.#end();
  }

  /** Looks again, as after a hang-up: with nothing remembered. */
  reload(): void {
    this.#memory.asked.clear();
    this.#said = "";
    this.#tried = { last: -1, times: 0, at: 0 };
    this.#bell.ring();
  }

  /** Passes a signal on to what runs. */
  signal(name: NodeJS.Signals): void {
    for (const { child } of this.#running) child.kill(name);
  }

  get #kept(): string {
    return join(this.#project, ".nycflow", "cache", "last_good.json");
  }

  async #look(): Promise<StayLook | null> {
    try {
      await using session = new Session(this.#host, this.#project, true);
      let loaded;
      try {
        loaded = await session.load();
      } catch (error) {
        if (!(error instanceof ProblemError) || this.#fingerprint === "") throw error;
        return await this.#lookBroken(error.problems);
      }
      if (this.#broken.length > 0) this.#hooks.say(["the definitions are right again"]);
      this.#broken = [];
      this.#said = "";
      if (loaded.fingerprint !== this.#fingerprint) {
        if (this.#fingerprint !== "" && !this.#options.quiet) {
          this.#hooks.say(["the definitions changed"]);
        }
        keep(this.#kept, loaded);
        this.#fingerprint = loaded.fingerprint;
      }
      return this.#told(await lookOnce(session, this.#memory));
    } catch (error) {
      // At the start there is nothing to fall back to; later one failing look is not the end.
      if (this.#fingerprint === "") throw error;
      const problems = error instanceof ProblemError ? error.problems : [];
      this.#once(
        problems.length > 0 ? problems : [{ code: "bug", message: String(error) }],
        "cannot look",
      );
      return null;
    }
  }

  async #lookBroken(problems: readonly Problem[]): Promise<StayLook> {
    this.#broken = problems;
    this.#once(problems, "the last good definitions are used until this is mended");
    const host = { ...this.#host, env: { ...this.#host.env, [LAST_GOOD]: this.#kept } };
    await using session = new Session(host, this.#project, true);
    return this.#told(await lookOnce(session, this.#memory));
  }

  #once(problems: readonly Problem[], words: string): void {
    const text = JSON.stringify(problems.map(({ message, why, where }) => [message, why, where]));
    if (text === this.#said) return;
    this.#said = text;
    this.#hooks.problems(problems);
    this.#hooks.say([words]);
  }

  #told(look: StayLook): StayLook {
    for (const { rejected, asked, sensor } of look.automated.sensed) {
      for (const { file, why, to } of rejected) {
        this.#hooks.say([`${file} was not accepted: ${why} (it is now ${to})`]);
      }
      if (asked > 0 && !this.#options.quiet) {
        this.#hooks.say([`sensor ${sensor}: ${asked} new`]);
      }
    }
    const problems = [...look.automated.problems, ...look.warnings];
    if (problems.length > 0) this.#hooks.problems(problems);
    return look;
  }

  /** Starts a child for what no child does yet; gives when to look again where it is too early for that. */
  #start(look: StayLook): number | null {
    const covered = new Set([...this.#running].flatMap(({ steps }) => [...steps]));
    const whole = [...this.#running].some((each) => each.whole);
    const fresh = [...look.steps].filter(([key]) => !covered.has(key));
    const queue = look.queued && !whole;
    if (fresh.length === 0 && !queue) return null;
    if (this.#running.size >= MOST_CHILDREN) return null;
    const now = this.#host.clock.elapsed();
    if (this.#running.size === 0) {
      const same = this.#tried.last === look.last;
      const wait = same ? Math.min(60_000, RETRY_MS * 2 ** (this.#tried.times - 1)) : 0;
      if (same && now < this.#tried.at + wait) {
        return this.#host.clock.now() + this.#tried.at + wait - now;
      }
      this.#tried = { last: look.last, times: same ? this.#tried.times + 1 : 1, at: now };
    }
    const select = this.#running.size === 0 || !whole
      ? []
      : [...new Set(fresh.map(([, asset]) => asset))];
    this.#spawn(select, new Set(fresh.map(([key]) => key)));
    return null;
  }

  #spawn(select: readonly string[], steps: ReadonlySet<StepKey>): void {
    const { json, quiet } = this.#options;
    const left = this.#broken.length === 0 ? [] : brokenAssets(
      readKept(this.#kept),
      this.#broken,
    );
    const { command, args, env } = selfCommand("cli", [
      "up",
      ...select,
      "--once",
      "--no-results",
      ...(json ? ["--json"] : []),
      ...(quiet ? ["--quiet"] : []),
      ...(left.length > 0 ? ["--exclude", ...left] : []),
      "-C",
      this.#project,
    ]);
    const child = startChild({
      command,
      args,
      env: this.#broken.length === 0 ? env : { ...env, [LAST_GOOD]: this.#kept },
      cwd: this.#project,
    });
    const running: Running = { child, steps, whole: select.length === 0 };
    this.#running.add(running);
    byLine(child.process?.stdout, (line) => this.#hooks.result(line));
    byLine(child.process?.stderr, (line) => this.#hooks.say([line]));
    void child.ended.then((how) => {
      this.#running.delete(running);
      if (how.kind === "not-started") this.#hooks.say([`cannot start a run: ${how.why}`]);
      else if (how.kind === "killed" && !this.#options.stop.aborted) {
        this.#hooks.say([`a run was ended by ${how.signal}`]);
      }
      this.#bell.ring();
    });
  }

  async #end(): Promise<void> {
    const running = [...this.#running];
    for (const { child } of running) child.kill("SIGTERM");
    const over = new AbortController();
    const ended = Promise.all(running.map(({ child }) => child.ended)).then(() => over.abort());
    await Promise.race([
      ended,
      this.#host.clock.sleep(GRACE_MS, over.signal).catch(() => undefined),
    ]);
    for (const { child } of this.#running) child.kill("SIGKILL");
  }
}

/** What we write ourselves is no news. */
function concerns(path: string): boolean {
  const first = path.split("/")[0] ?? "";
  if (first === ".nycflow" || /\.(duckdb|wal|part|tmp)$/.test(path)) return false;
  if (first === "charts" || first === "exports") return false;
  return !path.split("/").includes("rejected");
}

function byLine(
  stream: { on(event: "data", heard: (bytes: Uint8Array) => void): unknown } | null | undefined,
  take: (line: string) => void,
): void {
  let rest = "";
  const decoder = new TextDecoder();
  stream?.on("data", (bytes) => {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) take(line);
  });
}
