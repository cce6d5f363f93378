/** A throw-away project, a real runner for it, and orders as the engine would write them. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import type { AssetDefinition } from "../../src/core/definition.ts";
import type { AssetKey, AttemptId, PartitionKey, RunId, VersionId } from "../../src/core/key.ts";
import type { LogLine, Progress, StepOrder, StepResult } from "../../src/core/order.ts";
import type { StepHooks } from "../../src/ports/executor.ts";
import { childEnvironment } from "../../src/host/self.ts";
import { RunnerClient, type RunnerClientOptions } from "../../src/host/runner_client.ts";
import { plainAsset } from "../kit/plain_asset.ts";

export const SALT = "salt";

/** Made anew for each test, and gone with it. */
export class TestProject {
  readonly folder: string;
  readonly client: RunnerClient;
  #attempts = 0;

  constructor(files: Readonly<Record<string, string>>, options: Partial<RunnerClientOptions> = {}) {
    this.folder = mkdtempSync(join(tmpdir(), "nycflow-runner-"));
    for (const [path, text] of Object.entries(files)) this.write(path, text);
    this.client = new RunnerClient({
      project: this.folder,
      salt: SALT,
      ...otherRunner(),
      ...options,
    });
  }

  write(path: string, text: string): void {
    const file = join(this.folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  describe(modules: readonly string[], config: string | null = null) {
    return this.client.describe({ project: this.folder, modules, config, sql: {} });
  }

  order(asset: string, changes: Partial<StepOrder> & { readonly file?: string } = {}): StepOrder {
    const { file = "assets/main.ts", definition, ...rest } = changes;
    const attempt = `a${++this.#attempts}`;
    const key = asset as AssetKey;
    const own = definition ?? definitionOf(key, file);
    return {
      run: "r1" as RunId,
      attempt: attempt as AttemptId,
      number: 1,
      action: "materialize",
      project: this.folder,
      definition: own,
      partition: "" as PartitionKey,
      window: null,
      payload: {},
      inputs: [],
      checkInputs: [],
      outputs: own.together.map((each) => ({
        asset: each,
        version: `${each}-${attempt}` as VersionId,
        target: `.nycflow/lake/${each}/${attempt}`,
        checks: each === own.key ? own.checks : [],
        previous: null,
        others: [],
      })),
      settings: {},
      projectSettings: {},
      timezone: "UTC",
      inputsDigest: "",
      limits: { memoryMb: 256, threads: 1, scratch: join(this.folder, ".nycflow", "tmp") },
      now: Date.UTC(2023, 3, 3, 9),
      ...rest,
    };
  }

  /** Executes and gives all that was heard. */
  async run(order: StepOrder, hooks: Partial<StepHooks> = {}) {
    const log: LogLine[] = [];
    const progress: Progress[] = [];
    const result: StepResult = await this.client.execute(order, {
      signal: new AbortController().signal,
      graceMs: 500,
      progress: (each) => void progress.push(each),
      log: (line) => void log.push(line),
      ...hooks,
    });
    return { result, log, progress };
  }

  async close(): Promise<void> {
    await this.client.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** NYCFLOW_TEST_RUNNER, a list of words as JSON, puts another program in the runner's place: the binary. */
function otherRunner(): Partial<RunnerClientOptions> {
  const [command, ...args] = JSON.parse(process.env["NYCFLOW_TEST_RUNNER"] ?? "[]") as string[];
  return command === undefined
    ? {}
    : { command: { command, args, env: childEnvironment(process.env) } };
}

export function definitionOf(
  key: AssetKey,
  file: string,
  changes: Partial<AssetDefinition> = {},
): AssetDefinition {
  return {
    ...plainAsset(key),
    kind: "typescript",
    origin: { file, line: 1, exportName: key },
    ...changes,
  };
}
