/**
 * What user code reads from outside, noted: by `env()`, and while a module is imported also by `process.env` and
 * `Deno.env.get`. Values are never kept, only their digests.
 */
import { relative, resolve, sep } from "node:path";
import process from "node:process";
import { envDigest, settingDigest } from "../core/read_digest.ts";
import type { Json } from "../core/json.ts";
import type { Read } from "../core/version.ts";
import { provideEnvironment } from "../define/env.ts";
import { filesDigest } from "../warehouse/files_digest.ts";

/** The environment of this process, and who is noting what is read of it. */
export class Environment {
  /** Of the project, for digests. */
  readonly salt: string;
  /** Past all that notes. */
  readonly #get: (name: string) => string | undefined;
  #reads = new Map<string, Read>();
  /** Only during imports: libraries look at dozens of variables while they work. */
  #notesAll = false;

  constructor(salt: string) {
    this.salt = salt;
    const values = process.env;
    const deno = denoEnv();
    this.#get = deno === null ? (name) => values[name] : deno.get.bind(deno);
  }

  /** Puts itself between user code and the process; once, before any user module is imported. */
  install(): void {
    provideEnvironment((name) => this.read(name));
    const note = (name: string) => {
      if (this.#notesAll) this.#note("env", name, envDigest(this.#get(name), this.salt));
    };
    process.env = new Proxy(process.env, {
      get(target, key) {
        if (typeof key === "string") note(key);
        return Reflect.get(target, key);
      },
      has(target, key) {
        if (typeof key === "string") note(key);
        return Reflect.has(target, key);
      },
    });
    const deno = denoEnv();
    if (deno) {
      deno.get = (name) => {
        note(name);
        return this.#get(name);
      };
    }
  }

  /** Gives values to variables that nothing sets. */
  fill(values: Readonly<Record<string, string>>): void {
    for (const [name, value] of Object.entries(values)) {
      if (this.#get(name) === undefined) process.env[name] = value;
    }
  }

  /** A variable's value, noted. */
  read(name: string): string | undefined {
    const value = this.#get(name);
    this.#note("env", name, envDigest(value, this.salt));
    return value;
  }

  /** A setting that was used. */
  noteSetting(name: string, value: Json | undefined): void {
    this.#note("config", name, settingDigest(value, this.salt));
  }

  /**
   * A file of somebody else's that is read, or looked for: its digest, noted as it is at the first look, null where
   * there is none. `path` is absolute, or seen from the project.
   */
  lookAtFile(project: string, path: string): string | null {
    const name = relative(project, resolve(project, path)).split(sep).join("/");
    const before = this.#reads.get(`file ${name}`);
    if (before !== undefined) return before.digest;
    const digest = filesDigest(project, name);
    this.#note("file", name, digest);
    return digest;
  }

  /** Notes anew from now on: `all`, or only what is read through `env()` and settings. */
  begin(all: boolean): void {
    this.#reads = new Map();
    this.#notesAll = all;
  }

  /** What was read since `begin`, by kind and name. */
  end(): readonly Read[] {
    this.#notesAll = false;
    const reads = [...this.#reads.values()];
    this.#reads = new Map();
    return reads.sort((a, b) => keyOf(a) < keyOf(b) ? -1 : 1);
  }

  #note(kind: Read["kind"], name: string, digest: string | null): void {
    const read: Read = { kind, name, digest };
    this.#reads.set(keyOf(read), read);
  }
}

interface DenoEnv {
  get: (name: string) => string | undefined;
}

function denoEnv(): DenoEnv | null {
  return (globalThis as { readonly Deno?: { readonly env: DenoEnv } }).Deno?.env ?? null;
}

function keyOf(read: Read): string {
  return `${read.kind} ${read.name}`;
}
