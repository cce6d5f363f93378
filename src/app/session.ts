/**
 * One command's hold on a project: opens each part when it is first asked for, closes what was opened.
 * The only place, with its neighbours in this folder, where adapters meet the engine.
 */
import { mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { HolderId } from "../core/key.ts";
import { type FullLayout, makeLayout } from "../core/layout_make.ts";
import type { State } from "../core/heads.ts";
import { type Problem, ProblemError } from "../core/problem/problem.ts";
import { VERSION } from "../core/product.ts";
import type { Circumstances } from "../core/reasons.ts";
import { deadOf, holdersOf } from "../core/rules.ts";
import type { Loaded } from "../ports/loader.ts";
import type { StateStore } from "../ports/store.ts";
import type { Binder } from "../ports/binder.ts";
import type { Warehouse } from "../ports/warehouse.ts";
import type { Liveness } from "../ports/liveness.ts";
import type { StepExecutor } from "../ports/executor.ts";
import type { RunnerClient } from "../host/runner_client.ts";
import type { AppHost } from "./host.ts";
import type { Environment, ProjectEnvironment } from "../loader/environment.ts";
import { runnersFor, type Shares, sharesFor } from "./limits.ts";

/** Everything that reasons are computed from, at one instant. */
export interface View {
  readonly loaded: Loaded;
  readonly layout: FullLayout;
  /** Absolute. */
  readonly project: string;
  readonly state: State;
  readonly now: number;
  readonly dead: ReadonlySet<HolderId>;
  around(asked?: { requested?: ReadonlyMap<string, string>; force?: boolean }): Circumstances;
}

export class Session implements AsyncDisposable {
  readonly host: AppHost;
  /** Absolute. */
  readonly project: string;
  readonly #writing: boolean;
  readonly #warn: (found: readonly Problem[]) => void;
  readonly #opened: (() => Promise<void>)[] = [];
  #environment: Promise<ProjectEnvironment> | null = null;
  #runner: Promise<RunnerClient> | null = null;
  #loaded: Promise<Loaded> | null = null;
  #store: Promise<StateStore> | null = null;
  #liveness: Promise<Liveness> | null = null;
  #warehouse: Promise<Warehouse> | null = null;
  #sql: Promise<StepExecutor & Binder> | null = null;
  #executor: Promise<StepExecutor> | null = null;

  /** `writing`: it will run something; a session that only looks makes no state store and needs no right to write. */
  constructor(
    host: AppHost,
    project: string,
    writing: boolean,
    warn: (found: readonly Problem[]) => void = () => {},
  ) {
    this.host = host;
    this.project = project;
    this.#writing = writing;
    this.#warn = warn;
  }

  #projectEnvironment(): Promise<ProjectEnvironment> {
    return this.#environment ??= (async () => {
      const { projectEnvironment } = await import("../loader/environment.ts");
      return projectEnvironment(this.project, this.host.env);
    })();
  }

  /** The real environment over the project's `.env`. */
  async environment(): Promise<Environment> {
    return (await this.#projectEnvironment()).env;
  }

  /** What digests of values are mixed with; made when it is first needed. */
  async salt(): Promise<string> {
    const { projectSalt } = await import("../host/salt.ts");
    return projectSalt(join(this.project, ".nycflow"));
  }

  /** The definitions; throws all their problems. */
  load(): Promise<Loaded> {
    return this.#loaded ??= (async () => {
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
      const store = await openSqliteStore(join(this.project, ".nycflow", "state.db"), {
        readOnly: !this.#writing,
      });
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

  shares(project: Loaded["project"]): Shares {
    return sharesFor(this.project, project);
  }

  runner(): Promise<RunnerClient> {
    return this.#runner ??= (async () => {
      const { RunnerClient } = await import("../host/runner_client.ts");
      const { env, names } = await this.#projectEnvironment();
      const own = Object.fromEntries(names.map((name) => [name, env[name] ?? ""]));
      const client = new RunnerClient({
        project: this.project,
        salt: await this.salt(),
        env: own,
        size: runnersFor(),
      });
      this.#opened.push(() => client.close());
      return client;
    })();
  }

  /** The whole state and what it is to be read against; the state is this caller's own. */
  async view(): Promise<View> {
    const loaded = await this.load();
    const now = this.host.clock.now();
    const state = await (await this.store()).load();
    const layout = makeLayout(loaded.project, state, now);
    if (!layout.ok) throw new ProblemError(layout.error);
    const holders = holdersOf(state);
    const dead = holders.length === 0
      ? new Set<HolderId>()
      : deadOf(holders, await (await this.liveness()).alive(holders));
    const { readDigester } = await import("../loader/reads.ts");
    const currentRead = readDigester(
      this.project,
      await this.environment(),
      loaded.project,
      await this.salt(),
    );
    return {
      loaded,
      layout: layout.value,
      project: this.project,
      state,
      now,
      dead,
      around: (asked = {}) => ({
        now,
        currentRead,
        due: new Map(),
        requested: asked.requested ?? new Map(),
        force: asked.force ?? false,
        dead,
      }),
    };
  }

  warehouse(): Promise<Warehouse> {
    return this.#warehouse ??= (async () => {
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
  sqlExecutor(): Promise<StepExecutor & Binder> {
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

  executor(): Promise<StepExecutor> {
    return this.#executor ??= (async () => {
      const { project } = await this.load();
      const { routeSteps } = await import("./executor.ts");
      const executor = routeSteps(
        this.shares(project).own,
        async () => await this.sqlExecutor(),
        async () => await this.runner(),
      );
      this.#opened.push(() => executor.close());
      return executor;
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
