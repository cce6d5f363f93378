/**
 * One command's hold on a project: opens each part when it is first asked for, closes what was opened.
 * The only place, with its neighbours in this folder, where adapters meet the engine.
 */
import { existsSync, mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers";
import type { EventId, HolderId } from "../core/key.ts";
import { type FullLayout, makeLayout } from "../core/layout_make.ts";
import type { State } from "../core/heads.ts";
import { type Mask, masker, secretValues } from "../core/mask.ts";
import { type Problem, ProblemError } from "../core/problem/problem.ts";
import { VERSION } from "../core/product.ts";
import type { Circumstances } from "../core/reasons.ts";
import { deadOf, holdersOf } from "../core/rules.ts";
import type { Loaded } from "../ports/loader.ts";
import type { StateStore } from "../ports/store.ts";
import type { Binder } from "../ports/binder.ts";
import type { LimitedExecutor } from "./executor.ts";
import type { Warehouse } from "../ports/warehouse.ts";
import type { Liveness } from "../ports/liveness.ts";
import type { StepExecutor } from "../ports/executor.ts";
import type { RunnerClient } from "../host/runner_client.ts";
import type { AppHost } from "./host.ts";
import type { ReadFiles } from "../loader/read_files.ts";
import type { Environment, ProjectEnvironment } from "../loader/environment.ts";
import { type Clockwork, clockworkOf } from "./due.ts";
import { LAST_GOOD, readKept } from "./last_good.ts";
import { maskedExecutor } from "./masked.ts";
import { runnersFor, sharedAmong, type Shares, sharesFor } from "./limits.ts";

/** Everything that reasons are computed from, at one instant. */
export interface View {
  readonly loaded: Loaded;
  readonly layout: FullLayout;
  /** Absolute. */
  readonly project: string;
  readonly state: State;
  readonly now: number;
  readonly dead: ReadonlySet<HolderId>;
  /** Schedules, and what they have made due; computed when it is first asked for. */
  clock(): Clockwork;
  /** The circumstances without anything due. */
  plain(): Circumstances;
  around(asked?: { requested?: ReadonlyMap<string, string>; force?: boolean }): Circumstances;
}

/** Where an environment keeps what is its own, relative to the project. */
export function rootOf(environment: string | null): string {
  return environment === null ? ".nycflow" : `.nycflow/env/${environment}`;
}

export class Session implements AsyncDisposable {
  readonly host: AppHost;
  /** Absolute. */
  readonly project: string;
  /** Null: production. */
  readonly environmentName: string | null;
  /** Its state, logs and versions, relative to the project. */
  readonly root: string;
  readonly lake: string;
  /** Absolute: where exports, charts and the mirror of this environment go. */
  readonly outputs: string;
  readonly #writing: boolean;
  readonly #warn: (found: readonly Problem[]) => void;
  readonly #opened: (() => Promise<void>)[] = [];
  #environment: Promise<ProjectEnvironment> | null = null;
  #mask: Mask = masker([]);
  #secrets: readonly string[] = [];
  /** What the configuration says where the environment says nothing. */
  #variables: Readonly<Record<string, string>> = {};
  /** Since which event it reads; null where it has not said so. */
  #reading: EventId | null = null;
  #runner: Promise<RunnerClient> | null = null;
  #loaded: Promise<Loaded> | null = null;
  #store: Promise<StateStore> | null = null;
  #liveness: Promise<Liveness> | null = null;
  #warehouse: Promise<Warehouse> | null = null;
  #files: Promise<ReadFiles> | null = null;
  #sql: Promise<LimitedExecutor & Binder> | null = null;
  #executor: Promise<StepExecutor> | null = null;

  /** `writing`: it will run something; a session that only looks makes no state store and needs no right to write. */
  constructor(
    host: AppHost,
    project: string,
    writing: boolean,
    warn: (found: readonly Problem[]) => void = () => {},
    environment: string | null = null,
  ) {
    this.host = host;
    this.project = project;
    this.environmentName = environment;
    this.root = rootOf(environment);
    this.lake = `${this.root}/lake`;
    this.outputs = environment === null ? project : join(project, this.root);
    this.#writing = writing;
    this.#warn = warn;
  }

  #projectEnvironment(): Promise<ProjectEnvironment> {
    return this.#environment ??= (async () => {
      const { projectEnvironment } = await import("../loader/environment.ts");
      return projectEnvironment(this.project, this.host.env);
    })();
  }

  /** The real environment over the project's `.env`, and defaults of the configuration where neither says anything. */
  async environment(): Promise<Environment> {
    const { env } = await this.#projectEnvironment();
    return { ...(await this.load()).project.variables, ...env };
  }

  /** Takes secrets out of a text: those that are declared, once it is known what is, and those named as such. */
  async #learnSecrets(declared: readonly string[]): Promise<void> {
    const { env } = await this.#projectEnvironment();
    this.hide(secretValues(declared, env));
  }

  /** These are secrets too. */
  hide(values: readonly string[]): void {
    if (values.length === 0) return;
    this.#secrets = [...this.#secrets, ...values];
    this.#mask = masker(this.#secrets);
  }

  /** A text as it may be kept and shown. */
  masked(text: string): string {
    return this.#mask(text);
  }

  /** What digests of values are mixed with; made when it is first needed. */
  async salt(): Promise<string> {
    const { projectSalt } = await import("../host/salt.ts");
    return projectSalt(join(this.project, ".nycflow"));
  }

  /** The definitions; throws all their problems. */
  load(): Promise<Loaded> {
    return this.#loaded ??= (async () => {
      await this.#learnSecrets([]);
      const kept = this.host.env[LAST_GOOD];
      if (kept) return readKept(kept);
      const { createLoader } = await import("../loader/load.ts");
      const loader = createLoader({
        project: this.project,
        describer: { describe: async (request) => (await this.runner()).describe(request) },
        env: this.host.env,
        version: VERSION,
        salt: await this.salt(),
      });
      const found = await loader.load();
      if (!found.ok) throw new ProblemError(found.error);
      await this.#learnSecrets(found.value.project.secrets);
      this.#variables = found.value.project.variables ?? {};
      const { warnings } = found.value;
      // What only looks can do so without them.
      if (warnings.length > 0 && this.#writing) throw new ProblemError(warnings);
      if (warnings.length > 0) this.#warn(warnings);
      return found.value;
    })();
  }

  /** A reader of a project without state gets an empty one. */
  store(): Promise<StateStore> {
    return this.#store ??= (async () => {
      const { openSqliteStore } = await import("../stores/sqlite/open.ts");
      const open = (root: string, readOnly: boolean) =>
        openSqliteStore(join(this.project, root, "state.db"), { readOnly });
      const own = await open(this.root, !this.#writing);
      if (this.environmentName === null) {
        this.#opened.push(() => own.close());
        return own;
      }
      const { layeredStore } = await import("../stores/layered.ts");
      const store = layeredStore(await open(rootOf(null), true), own);
      this.#opened.push(() => store.close());
      return store;
    })();
  }

  liveness(): Promise<Liveness> {
    return this.#liveness ??= (async () => {
      const { createLiveness } = await import("../host/liveness.ts");
      const live = createLiveness(join(this.project, ".nycflow", "live"), {
        command: this.host.command,
        newId: () => this.host.ids.next() as HolderId,
      });
      this.#opened.push(() => live.release());
      return live;
    })();
  }

  /**
   * Says that this process reads what is published, before it looks what that is, so that nothing of it is cleaned
   * away meanwhile; `everything` for older versions too. A project that may not be written is read without.
   */
  async reads(everything = false): Promise<void> {
    if (this.#reading === 0 || (this.#reading !== null && !everything)) return;
    if (!existsSync(join(this.project, this.root, "state.db"))) return;
    try {
      // Another environment's events are counted apart, so it asks for everything.
      const all = everything || this.environmentName !== null;
      const event = all ? 0 : await (await this.store()).last();
      const liveness = await this.liveness();
      await liveness.hold();
      await liveness.reading(event);
      this.#reading = event;
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
    }
  }

  shares(project: Loaded["project"]): Shares {
    return sharesFor(this.project, project);
  }

  runner(): Promise<RunnerClient> {
    return this.#runner ??= (async () => {
      const { RunnerClient } = await import("../host/runner_client.ts");
      const { env, names } = await this.#projectEnvironment();
      const own = Object.fromEntries(names.map((name) => [name, env[name] ?? ""]));
      // A test of a module that never ends does not wait as long as people do.
      const importMs = Number(this.host.env["NYCFLOW_TEST_IMPORT_MS"] ?? NaN);
      const client = new RunnerClient({
        project: this.project,
        salt: await this.salt(),
        env: () => ({ ...unset(this.#variables, env), ...own }),
        mask: (text) => this.#mask(text),
        size: runnersFor(),
        ...(importMs > 0 ? { importMs } : {}),
      });
      this.#opened.push(() => client.close());
      return client;
    })();
  }

  /** The whole state and what it is to be read against; the state is this caller's own. */
  async view(): Promise<View> {
    const loaded = await this.load();
    // What an earlier view of a process that stays has read is read no more.
    if (this.#reading !== null && this.#reading > 0) {
      this.#reading = await (await this.store()).last();
      await (await this.liveness()).reading(this.#reading);
    }
    await this.#startRunnerAhead(loaded);
    return await this.viewOver(await (await this.store()).load());
  }

  /** A state that the caller has, and keeps current, against the definitions and this instant. */
  async viewOver(state: State): Promise<View> {
    const loaded = await this.load();
    const now = this.host.clock.now();
    const layout = makeLayout(loaded.project, state, now);
    if (!layout.ok) throw new ProblemError(layout.error);
    const holders = holdersOf(state);
    const dead = holders.length === 0
      ? new Set<HolderId>()
      : deadOf(holders, await (await this.liveness()).alive(holders));
    const { readDigester } = await import("../loader/reads.ts");
    const readFiles = await this.#readFiles();
    const currentRead = readDigester(
      this.project,
      await this.environment(),
      loaded.project,
      await this.salt(),
      () => readFiles.open(),
    );
    const plain = (): Circumstances => ({
      now,
      currentRead,
      due: new Map(),
      requested: new Map(),
      force: false,
      dead,
    });
    let clockwork: Clockwork | null = null;
    const clock = () =>
      clockwork ??= clockworkOf(loaded.project, layout.value, state, now, dead, plain);
    return {
      loaded,
      layout: layout.value,
      project: this.project,
      state,
      now,
      dead,
      clock,
      plain,
      around: (asked = {}) => ({ ...plain(), due: clock().due, ...asked }),
    };
  }

  /** Where nothing was ever made all of it will be: a runner starts beside the making of the state store. */
  async #startRunnerAhead({ project }: Loaded): Promise<void> {
    if (!this.#writing || this.#store !== null) return;
    if (existsSync(join(this.project, this.root, "state.db"))) return;
    const { isOwn } = await import("./executor.ts");
    if (project.assets.some((each) => !isOwn(each))) await this.warmRunner(project);
  }

  /** Starts a runner for steps that will come. */
  async warmRunner(project: Loaded["project"]): Promise<void> {
    const limits = this.scratch(this.shares(project).runner);
    (await this.runner()).warm({ limits, timezone: project.timezone, project: this.project });
    // What was written to it is sent by the event loop, and what comes next may keep that from turning.
    await new Promise((resolve) => setImmediate(resolve));
  }

  /** Digests of the files that steps read, kept by the commands that may write. */
  #readFiles(): Promise<ReadFiles> {
    return this.#files ??= (async () => {
      const { ReadFiles } = await import("../loader/read_files.ts");
      const files = new ReadFiles(join(this.project, ".nycflow", "cache", "reads.json"));
      if (this.#writing) this.#opened.push(() => Promise.resolve(files.keep()));
      return files;
    })();
  }

  warehouse(): Promise<Warehouse> {
    return this.#warehouse ??= (async () => {
      await this.reads();
      const { project } = await this.load();
      const { createWarehouse } = await import("../warehouse/reader.ts");
      const { prepareDuckDb } = await import("../host/duckdb_library.ts");
      const warehouse = createWarehouse({
        project: this.project,
        limits: this.scratch(this.shares(project).own),
        timezone: project.timezone,
        prepare: prepareDuckDb,
      });
      this.#opened.push(() => warehouse.close());
      return warehouse;
    })();
  }

  /** What works in this process: SQL steps, and what a query would give. */
  sqlExecutor(): Promise<LimitedExecutor & Binder> {
    return this.#sql ??= (async () => {
      const { project } = await this.load();
      const { createSqlExecutor } = await import("../warehouse/executor.ts");
      const { prepareDuckDb } = await import("../host/duckdb_library.ts");
      const executor = createSqlExecutor({
        project: this.project,
        limits: this.scratch(this.shares(project).own),
        timezone: project.timezone,
        prepare: prepareDuckDb,
        salt: await this.salt(),
      });
      this.#opened.push(() => executor.close());
      return executor;
    })();
  }

  /** `both`: there are steps for this process and for a runner. */
  executor(both = false): Promise<StepExecutor> {
    return this.#executor ??= (async () => {
      const { project } = await this.load();
      const { routeSteps } = await import("./executor.ts");
      const shares = this.shares(project);
      this.scratch(shares.own);
      const liveness = await this.liveness();
      const executor = routeSteps(
        async () => sharedAmong(shares, (await liveness.living()).length),
        async () => await this.sqlExecutor(),
        async () => await this.runner(),
        both,
      );
      this.#opened.push(() => executor.close());
      return maskedExecutor(executor, (text) => this.#mask(text));
    })();
  }

  /** The folder for what spills exists before DuckDB is told of it; a reader of what it may not write uses another. */
  scratch(limits: Shares["own"]): Shares["own"] {
    try {
      mkdirSync(limits.scratch, { recursive: true });
      return limits;
    } catch (error) {
      if (this.#writing) throw error;
      return { ...limits, scratch: mkdtempSync(join(tmpdir(), "nycflow-")) };
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const close of this.#opened.splice(0).reverse()) await close();
  }
}

/** Of these defaults those that the environment leaves open. */
function unset(
  defaults: Readonly<Record<string, string>>,
  env: Environment,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(defaults).filter(([name]) => env[name] === undefined));
}
