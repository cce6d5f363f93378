/**
 * The project's definitions and state store while they change under whoever looks: opened anew when a module is saved
 * or a store comes to be; where an edit broke the definitions the last good ones stay, and what is wrong is told.
 */
import { existsSync, type FSWatcher, watch } from "node:fs";
import { join } from "node:path";
import { type Problem, ProblemError } from "../../core/problem/problem.ts";
import { createWatcher, type Watcher } from "../../host/watcher.ts";
import type { AppHost } from "../host.ts";
import { LAST_GOOD } from "../last_good.ts";
import { rootOf, Session } from "../session.ts";

export interface LiveOptions {
  readonly host: AppHost;
  /** Absolute. */
  readonly project: string;
  readonly environment: string | null;
}

export class LiveProject implements AsyncDisposable {
  readonly #options: LiveOptions;
  readonly #changed: (what: "definitions" | "log") => void;
  readonly #watcher: Watcher;
  #log: FSWatcher | null = null;
  #fingerprint = "";
  #storeSeen = false;
  /** Null before the definitions could be read for the first time. */
  session: Session | null = null;
  problems: readonly Problem[] = [];
  warnings: readonly Problem[] = [];

  /** `changed` is called soon after something was written; now and then it is not, so look without it too. */
  constructor(options: LiveOptions, changed: (what: "definitions" | "log") => void) {
    this.#options = options;
    this.#changed = changed;
    this.#watcher = createWatcher(options.project, concerns, () => changed("definitions"));
    this.#watcher.follow(
      new Map([["assets", { recursive: true }], [".", { recursive: false }]]),
    );
  }

  /**
   * The definitions as they are now; true where `session` is another than before. Throws where they are broken and no
   * good ones are known.
   */
  async reopen(): Promise<boolean> {
    const { host, project, environment } = this.#options;
    const warnings: Problem[] = [];
    const warn = (found: readonly Problem[]) => void warnings.push(...found);
    const next = new Session(host, project, false, warn, environment);
    try {
      const { fingerprint } = await next.load();
      this.warnings = warnings;
      this.problems = [];
      if (this.session !== null && fingerprint === this.#fingerprint && !this.isStoreNew()) {
        await next[Symbol.asyncDispose]();
        return false;
      }
      this.#fingerprint = fingerprint;
      await this.#use(next);
      return true;
    } catch (error) {
      await next[Symbol.asyncDispose]();
      if (!(error instanceof ProblemError)) throw error;
      this.problems = error.problems;
      if (this.session !== null) return false;
      const kept = join(project, ".nycflow", "cache", "last_good.json");
      if (!existsSync(kept)) throw error;
      const old = { ...host, env: { ...host.env, [LAST_GOOD]: kept } };
      await this.#use(new Session(old, project, false, warn, environment));
      return true;
    }
  }

  /** A project without a state store was given an empty one to read, and has one now. */
  isStoreNew(): boolean {
    return !this.#storeSeen && existsSync(this.#store);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#watcher[Symbol.dispose]();
    this.#log?.close();
    await this.session?.[Symbol.asyncDispose]();
  }

  get #store(): string {
    return join(this.#folder, "state.db");
  }

  get #folder(): string {
    return join(this.#options.project, rootOf(this.#options.environment));
  }

  async #use(session: Session): Promise<void> {
    const before = this.session;
    this.session = session;
    this.#storeSeen = existsSync(this.#store);
    this.#watchLog();
    await before?.[Symbol.asyncDispose]();
  }

  #watchLog(): void {
    this.#log?.close();
    this.#log = null;
    if (!existsSync(this.#folder)) return;
    try {
      this.#log = watch(this.#folder, (_event, name) => {
        if (name === null || String(name).startsWith("state.db")) this.#changed("log");
      });
      this.#log.on("error", () => this.#log?.close());
    } catch {
      // No watches left: whoever looks does so now and then by himself.
    }
  }
}

function concerns(path: string): boolean {
  return path.startsWith("assets") ||
    /^(nycflow\.config\.[a-z]+|\.env|deno\.lock|package(-lock)?\.json)$/.test(path);
}
