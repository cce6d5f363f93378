// The rig: a temporary project and the real program in it, from source or compiled, with a clean
// environment, and with clock and ids from that environment where a test asks for the same output
// byte for byte. What a program said is judged by the tests, not here.

import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { binaryPath, cleanEnvironment, startOf, type Via } from "./environment.ts";
import { type Finished, Live } from "./live.ts";
import { Screen } from "./screen.ts";

/** How a rig is made. */
export interface RigOptions {
  readonly via: Via;
  /** The first files of the project. */
  readonly files?: Readonly<Record<string, string>>;
  /** Added to the clean environment of every start. */
  readonly env?: Readonly<Record<string, string>>;
  /** A clock that stands at this instant (see src/host/clock.ts) and ids that count from it. */
  readonly clock?: string;
  /** Unpack DuckDB into this rig's own HOME instead of the tests' common cache. */
  readonly ownCache?: boolean;
  /** Another program than nycflow, for the rig's own tests. */
  readonly command?: readonly string[];
}

/** How the program is started once. */
export interface StartOptions {
  /** Relative to the project; the project itself unless given. */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds, 60,000 unless given. */
  readonly timeout?: number;
  /** Colour is off unless asked for. */
  readonly color?: boolean;
}

/** A project and the program. To be disposed: `await using rig = makeRig(…)`. */
export class Rig {
  readonly via: Via;
  /** The project's folder; beside it lies HOME. Its name has a space, as people's have. */
  readonly folder: string;
  readonly home: string;
  readonly #root: string;
  readonly #options: RigOptions;
  readonly #started = new Set<{ readonly live: Live } | { readonly screen: Screen }>();
  #starts = 0;

  constructor(options: RigOptions) {
    this.via = options.via;
    this.#options = options;
    this.#root = realpathSync(mkdtempSync(join(tmpdir(), "nycflow-rig-")));
    this.folder = join(this.#root, "my project");
    this.home = join(this.#root, "home");
    mkdirSync(this.folder);
    mkdirSync(this.home);
    this.project(options.files ?? {});
  }

  /** Writes files, by path from the project. */
  project(files: Readonly<Record<string, string>>): void {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(this.path(path)), { recursive: true });
      writeFileSync(this.path(path), text);
    }
  }

  /** A path in the project. */
  path(...parts: string[]): string {
    return join(this.folder, ...parts);
  }

  /** A file of the project as text. */
  read(path: string): string {
    return readFileSync(this.path(path), "utf8");
  }

  /** Starts the program and waits for its end. Without `stdin` its standard input is empty. */
  run(args: readonly string[], options: StartOptions & { stdin?: string } = {}): Promise<Finished> {
    const live = this.start(args, options);
    live.end(options.stdin ?? "");
    return live.ended;
  }

  /** As `run`, and the standard output of a start that must end with `code` as JSON. */
  async json(args: readonly string[], options: StartOptions & { code?: number } = {}) {
    const { code, stdout, stderr } = await this.run(args, options);
    if (code !== (options.code ?? 0)) {
      throw new Error(`${args.join(" ")} ended with ${code}\n${stdout}\n${stderr}`);
    }
    return JSON.parse(stdout) as unknown;
  }

  /** Starts the program; its standard input stays open. */
  start(args: readonly string[], options: StartOptions = {}): Live {
    const live = new Live([...this.#command(), ...args], {
      cwd: this.path(options.cwd ?? "."),
      env: this.#env(options),
      timeout: options.timeout ?? 60_000,
    });
    const entry = { live };
    this.#started.add(entry);
    live.ended.catch(() => {}).finally(() => this.#started.delete(entry));
    return live;
  }

  /** Starts the program on a terminal. */
  screen(
    args: readonly string[],
    options: StartOptions & { readonly columns?: number; readonly rows?: number } = {},
  ): Screen {
    const screen = new Screen([...this.#command(), ...args], {
      cwd: this.path(options.cwd ?? "."),
      env: this.#env(options),
      columns: options.columns ?? 100,
      rows: options.rows ?? 30,
      timeout: options.timeout ?? 60_000,
    });
    const entry = { screen };
    this.#started.add(entry);
    screen.ended.catch(() => {}).finally(() => this.#started.delete(entry));
    return screen;
  }

  /** Ends what still runs and removes everything. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const entry of [...this.#started]) {
      if ("live" in entry) entry.live.killGroup("SIGKILL");
      else entry.screen.kill("SIGKILL");
      await ("live" in entry ? entry.live.ended : entry.screen.ended).catch(() => {});
    }
    rmSync(this.#root, { recursive: true, force: true, maxRetries: 3 });
  }

  #command(): readonly string[] {
    return this.#options.command ?? startOf(this.via);
  }

  #env(options: StartOptions): Record<string, string> {
    this.#starts++;
    const env = cleanEnvironment(this.via, this.home, {
      color: options.color ?? false,
      ownCache: this.#options.ownCache ?? false,
    });
    if (this.#options.clock !== undefined) {
      env["NYCFLOW_TEST_CLOCK"] = this.#options.clock;
      env["NYCFLOW_TEST_IDS"] = String(this.#starts);
    }
    return { ...env, ...this.#options.env, ...options.env };
  }
}

/** Makes a rig. */
export function makeRig(options: RigOptions): Rig {
  return new Rig(options);
}

/** The form for tests of behaviour that one form is enough for: the binary where there is one, since it starts faster. */
export function eitherWay(): Via {
  return binaryPath() === null ? "deno" : "binary";
}

/**
 * Registers a test of behaviour that one form is enough for; the rig is made before and disposed
 * after. What the two runtimes do differently (modules, processes, files, the network) is `bothWays`.
 */
export function oneWay(
  name: string,
  test: (rig: Rig, t: Deno.TestContext) => Promise<void>,
  options: Omit<RigOptions, "via"> = {},
): void {
  Deno.test(name, async (t) => {
    await using rig = makeRig({ ...options, via: eitherWay() });
    await test(rig, t);
  });
}

/**
 * Registers a test twice: from source and compiled. Without NYCFLOW_BINARY the second is shown as
 * ignored. The rig is made before and disposed after.
 */
export function bothWays(
  name: string,
  test: (rig: Rig, t: Deno.TestContext) => Promise<void>,
  options: Omit<RigOptions, "via"> = {},
): void {
  for (const via of ["deno", "binary"] as const) {
    Deno.test({
      name: `${name} (${via})`,
      ignore: via === "binary" && binaryPath() === null,
      fn: async (t) => {
        await using rig = makeRig({ ...options, via });
        await test(rig, t);
      },
    });
  }
}
