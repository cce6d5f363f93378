/**
 * What an `up` that stays looks with: loads the definitions, falls back to the last good ones where an edit broke
 * them, and tells what it finds, each thing once while it stays the same.
 */
import { join } from "node:path";
import type { Look } from "../automation/supervisor.ts";
import { type Problem, ProblemError } from "../core/problem/problem.ts";
import type { StayEvent } from "../ports/stay.ts";
import type { Sensed } from "./automate.ts";
import { giveBack } from "../host/memory.ts";
import type { AppHost } from "./host.ts";
import { brokenAssets, findKept, keep, LAST_GOOD, readKept } from "./last_good.ts";
import { rootOf, Session } from "./session.ts";
import { Errands } from "./stay_errands.ts";
import { lookOnce, type Memory, type StayAsked } from "./stay_look.ts";

export interface Where {
  readonly host: AppHost;
  /** Absolute. */
  readonly project: string;
  /** Null: production. */
  readonly environment: string | null;
  /** It does nothing besides, and gives back what memory it can between its looks. */
  readonly lean?: boolean;
  /** Definitions that are wrong from the start are told and waited for, since there is a screen to mend them on. */
  readonly patient?: boolean;
}

/** So often a sign of life is given and looked who is to be told; who is to be told also when the log has moved. */
const MINUTE_MS = 60_000;

const TIDY_MS = 3_000;
/** So many looks in a row are not waited for. */
const MANY_LOOKS = 6;

export class Lookout implements AsyncDisposable {
  readonly #where: Where;
  readonly #asked: StayAsked;
  readonly #tell: (event: StayEvent) => void;
  readonly #memory: Memory = { asked: new Map() };
  readonly #errands: Errands;
  /** What was told of each matter, so that it is told once. */
  readonly #told = new Map<string, string>();
  #broken: readonly Problem[] = [];
  #fingerprint = "";
  #looked = false;
  #tidying: ReturnType<typeof setTimeout> | null = null;
  /** Looks since memory was last given back. */
  #untidied = 0;
  #notified = { last: -1, at: -Infinity };

  constructor(
    where: Where,
    asked: StayAsked,
    tell: (event: StayEvent) => void,
    wake: () => void,
  ) {
    this.#where = where;
    this.#asked = asked;
    this.#tell = tell;
    this.#errands = new Errands({
      open: () => this.#session(),
      sensed: (sensed) => this.#sensed(sensed),
      problems: (matter, problems) => this.#problems(matter, problems),
      wake,
    });
  }

  /** `working`: runs go on. Null where it could not look. What is wrong at the first look is thrown. */
  async look(working: boolean): Promise<Look | null> {
    try {
      await using session = await this.#loaded();
      if (session === null) return null;
      const look = await lookOnce(session, this.#memory, this.#asked);
      this.#looked = true;
      this.#sensed(look.automated.sensed);
      this.#problems("folders", look.automated.problems);
      this.#problems("look", []);
      this.#errands.ask(look.outside);
      if (look.tells) this.#errand(look.last, working);
      this.#tidy();
      return look;
    } catch (error) {
      if (!this.#looked) throw error;
      const problems = error instanceof ProblemError ? error.problems : [
        { code: "bug", message: "Cannot look what there is to do", why: String(error) } as const,
      ];
      this.#problems("look", problems);
      return null;
    }
  }

  #errand(last: number, working: boolean): void {
    const now = this.#where.host.clock.now();
    const minute = now >= this.#notified.at + MINUTE_MS || now < this.#notified.at;
    if (minute || last !== this.#notified.last) this.#errands.notify(working);
    if (minute) this.#errands.ping();
    this.#notified = { last, at: minute ? now : this.#notified.at };
  }

  /** A while after a look, when what it started is on its way. */
  #tidy(): void {
    if (this.#where.lean !== true) return;
    const many = ++this.#untidied === MANY_LOOKS;
    if (many && this.#tidying !== null) clearTimeout(this.#tidying);
    if (this.#tidying !== null && !many) return;
    this.#tidying = setTimeout(() => {
      this.#tidying = null;
      this.#untidied = 0;
      giveBack();
    }, many ? 0 : TIDY_MS);
  }

  forget(): void {
    this.#memory.asked.clear();
    this.#told.clear();
    this.#notified = { last: -1, at: -Infinity };
  }

  /** What a child needs to know of definitions that are broken: which assets to leave, and the last good ones. */
  fallback(): {
    readonly leave: readonly string[];
    readonly env: Readonly<Record<string, string>>;
  } {
    return this.#broken.length === 0 ? { leave: [], env: {} } : {
      leave: brokenAssets(readKept(this.#kept), this.#broken),
      env: { [LAST_GOOD]: this.#kept },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#tidying !== null) clearTimeout(this.#tidying);
    await this.#errands[Symbol.asyncDispose]();
  }

  get #kept(): string {
    const { project, environment } = this.#where;
    return join(project, rootOf(environment), "cache", "last_good.json");
  }

  /** Over the definitions that count now. */
  #session(): Session {
    const { host, project, environment } = this.#where;
    const env = { ...host.env, ...this.fallback().env };
    return new Session({ ...host, env }, project, true, () => {}, environment);
  }

  /** Null where none have been right yet, and that is waited for. */
  async #loaded(): Promise<Session | null> {
    const { host, project, environment } = this.#where;
    const session = new Session(host, project, true, () => {}, environment);
    try {
      const loaded = await session.load();
      if (this.#broken.length > 0) this.#tell({ kind: "definitions", are: "right again" });
      this.#broken = [];
      this.#problems("definitions", []);
      if (loaded.fingerprint !== this.#fingerprint) {
        if (this.#fingerprint !== "") this.#tell({ kind: "definitions", are: "changed" });
        keep(this.#kept, loaded);
        this.#fingerprint = loaded.fingerprint;
      }
      return session;
    } catch (error) {
      await session[Symbol.asyncDispose]();
      if (!(error instanceof ProblemError)) throw error;
      // A machine that starts again over a broken edit goes on as it did before.
      this.#fingerprint ||= findKept(this.#kept)?.fingerprint ?? "";
      if (this.#fingerprint === "") {
        if (this.#where.patient !== true) throw error;
        this.#problems("definitions", error.problems);
        return null;
      }
      this.#broken = error.problems;
      if (this.#problems("definitions", error.problems)) {
        this.#tell({ kind: "definitions", are: "broken" });
      }
      return this.#session();
    }
  }

  #sensed(sensed: readonly Sensed[]): void {
    for (const { rejected, asked, sensor } of sensed) {
      for (const { file, why, to } of rejected) {
        this.#tell({ kind: "rejected", sensor, file, why, to });
      }
      if (asked > 0) this.#tell({ kind: "sensed", sensor, asked });
    }
  }

  /** Whether it was news. */
  #problems(matter: string, problems: readonly Problem[]): boolean {
    const text = JSON.stringify(problems.map(({ message, why, where }) => [message, why, where]));
    if (text === (this.#told.get(matter) ?? "[]")) return false;
    this.#told.set(matter, text);
    if (problems.length > 0) this.#tell({ kind: "problems", problems });
    return problems.length > 0;
  }
}
