// Makes DuckDB loadable: from source it stands in node_modules and nothing is to do; the binary
// carries it and unpacks it at the first use, since a library can only be loaded from a disk.
// Decides what an unusable place is; imports no DuckDB itself (the warehouse does, afterwards).

import { createRequire } from "node:module";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { embedded, type EmbeddedFile } from "./embedded.ts";
import { PlaceRefused, type Refusal, unpack, unpackPlaces } from "./unpack.ts";

/** Where DuckDB comes from, for `doctor`. */
export type DuckDbLibrary =
  | { readonly from: "package" }
  | { readonly from: "unpacked"; readonly folder: string; readonly refusals: readonly Refusal[] };

/** No place took the library, or it does not load on this system; `refusals` says why, each. */
export class DuckDbUnavailable extends Error {
  override readonly name = "DuckDbUnavailable";
  readonly refusals: readonly Refusal[];
  constructor(message: string, refusals: readonly Refusal[]) {
    super(message);
    this.refusals = refusals;
  }
}

// The loader that the build puts in the place of @duckdb/node-bindings takes the loaded binding
// from here: it is CommonJS, is run by DuckDB's own package and can neither wait nor import ours.
const BINDING = Symbol.for("nycflow.duckdb.binding");
type Shelf = { [BINDING]?: { binding: unknown; library: DuckDbLibrary } };

/**
 * To be awaited before `import("@duckdb/node-api")`. Does nothing from source, and nothing the
 * second time. Throws `DuckDbUnavailable`.
 */
export async function prepareDuckDb(): Promise<void> {
  await duckDbLibrary();
}

/** As `prepareDuckDb`, and tells what was found. */
export async function duckDbLibrary(): Promise<DuckDbLibrary> {
  if (embedded === null) return { from: "package" };
  const shelf = globalThis as Shelf;
  if (shelf[BINDING]) return shelf[BINDING].library;
  const uid = process.getuid?.() ?? null;
  let binding: unknown;
  const { folder, refusals } = await unpack({
    places: unpackPlaces(process.env, { home: homedir, tmp: tmpdir(), uid }),
    id: embedded.duckdb.id,
    files: embedded.duckdb.files.map(fileOf),
    uid,
    accept: (folder) => {
      binding = load(join(folder, "duckdb.node"));
    },
  });
  if (folder === null) throw new DuckDbUnavailable("no folder to unpack DuckDB into", refusals);
  const library = { from: "unpacked", folder, refusals } as const;
  shelf[BINDING] = { binding, library };
  return library;
}

/** Loads the binding; tells a folder that forbids it from a system that lacks something. */
function load(path: string): unknown {
  try {
    return createRequire(import.meta.url)(path);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (/failed to map segment|operation not permitted/i.test(message)) {
      throw new PlaceRefused("programs may not be loaded from there (mounted noexec)");
    }
    throw new DuckDbUnavailable(message, []);
  }
}

/** The compiled program's only way to read an embedded file: copyFile and streams refuse them. */
interface CompiledRuntime {
  file(at: string | number): unknown;
  write(to: unknown, from: unknown): Promise<number>;
}

function fileOf(file: EmbeddedFile) {
  return {
    name: file.name,
    bytes: file.bytes,
    write: async (descriptor: number) => {
      const { Bun } = globalThis as { Bun?: CompiledRuntime };
      if (!Bun) throw new Error("embedded files exist only in the compiled program");
      await Bun.write(Bun.file(descriptor), Bun.file(file.source));
    },
  };
}
