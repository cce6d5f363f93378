/** A project in a temporary folder, a loader over it, and a describer whose modules are given by the test. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createLoader } from "../../src/loader/load.ts";
import type { AssetDefinition } from "../../src/core/definition.ts";
import type { Problem } from "../../src/core/problem/problem.ts";
import type {
  DescribedModule,
  Describer,
  DescribeRequest,
  Loaded,
  ParsedSql,
} from "../../src/ports/loader.ts";
import { type DuckDb, openDuckDb } from "../../src/warehouse/driver.ts";
import { parseSqls } from "../../src/warehouse/sql_parse.ts";

export type Described = Partial<DescribedModule>;

export class Project implements AsyncDisposable {
  readonly folder = mkdtempSync(join(tmpdir(), "nycflow-loader-"));
  readonly requests: DescribeRequest[] = [];
  env: Record<string, string | undefined> = {};
  version = "1.0.0";
  clock: (() => number) | null = null;
  #modules = new Map<string, () => Described>();
  #engine: DuckDb | null = null;

  constructor(files: Readonly<Record<string, string>> = {}) {
    for (const [file, text] of Object.entries(files)) this.write(file, text);
  }

  write(file: string, text: string): void {
    const path = join(this.folder, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }

  remove(file: string): void {
    rmSync(join(this.folder, file), { recursive: true });
  }

  /** What the runner would say of a module. */
  module(file: string, described: Described | (() => Described), text = "export {};\n"): void {
    this.write(file, text);
    this.#modules.set(file, typeof described === "function" ? described : () => described);
  }

  async load() {
    const describer: Describer = { describe: (request) => this.#describe(request) };
    return await createLoader({
      project: this.folder,
      describer,
      env: this.env,
      version: this.version,
      ...(this.clock === null ? {} : { now: this.clock }),
    }).load();
  }

  async loaded(): Promise<Loaded> {
    const found = await this.load();
    if (!found.ok) throw new Error(JSON.stringify(found.error, null, 2));
    return found.value;
  }

  async asset(key: string): Promise<AssetDefinition> {
    const { project } = await this.loaded();
    const found = project.assets.find((each) => each.key === key);
    if (found === undefined) throw new Error(`no asset ${key}`);
    return found;
  }

  async problems(): Promise<readonly Problem[]> {
    const found = await this.load();
    return found.ok ? [] : found.error;
  }

  async #describe(request: DescribeRequest) {
    this.requests.push(request);
    const files = [...(request.config === null ? [] : [request.config]), ...request.modules];
    const modules = files.map((file): DescribedModule => ({
      file,
      exports: [],
      codeVersion: `code of ${file}`,
      imports: [],
      reads: [],
      problems: [],
      ...this.#modules.get(file)?.(),
    }));
    return { modules, sql: await this.#parse(request.sql) };
  }

  async #parse(sql: Readonly<Record<string, string>>): Promise<Record<string, ParsedSql>> {
    if (Object.keys(sql).length === 0) return {};
    this.#engine ??= await openDuckDb({
      limits: { memoryMb: 512, threads: 1, scratch: join(this.folder, ".scratch") },
      timezone: "UTC",
      prepare: () => Promise.resolve(),
    });
    return await this.#engine.use((session) => parseSqls(session, sql));
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#engine?.close();
    rmSync(this.folder, { recursive: true, force: true });
    return Promise.resolve();
  }
}

/** One problem on one line: `code file:line:column «underlined» message | why | hint`. */
export function told(found: Problem): string {
  const { file, line, column, length, source } = found.where ?? {};
  const place = [file, line, column].filter((each) => each !== undefined).join(":");
  const under = source === undefined || column === undefined
    ? ""
    : ` «${Array.from(source).slice(column - 1, column - 1 + (length ?? 1)).join("")}»`;
  return `${found.code} ${place}${under} ${found.message} | ${found.why} | ${found.hint}`;
}
