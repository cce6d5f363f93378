// Who reads while others work, and must not notice: one that reads every 50 ms, one that asks the program itself, and
// one that keeps a query over a published file and a look at the state store open all the while.

import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as pause } from "node:timers/promises";
import { start } from "./start.ts";

const EVERY_MS = 50;
/** The program takes longer to start than a read takes. */
const ASK_MS = 500;
/** More row groups than a stream holds ready. */
const ROWS = 500_000;

/** A table whose every value says which version wrote it, and one that is made from it. */
export const GENERATIONS: ReadonlySet<string> = new Set(["generation", "generation_sums"]);

/** Changes both tables' definition: each number is another version. Half a definition is never seen. */
export function writeGeneration(project: string, number: number): void {
  const texts = {
    generation:
      `select range % 1000 as n, ${number} as one, ${number} as other from range(${ROWS})\n`,
    generation_sums: "select max(one) as one, min(other) as other, count(*) as n from generation\n",
  };
  mkdirSync(join(project, "assets"), { recursive: true });
  for (const [name, text] of Object.entries(texts)) {
    const written = join(project, `${name}.new`);
    writeFileSync(written, text);
    renameSync(written, join(project, "assets", `${name}.sql`));
  }
}

export interface Reads {
  readonly count: number;
  /** Milliseconds. */
  readonly slowest: number;
  readonly wrong: readonly string[];
}

export interface Reader {
  stop(): Promise<Reads>;
}

/**
 * Reads what is published, every 50 ms: each version must have its file, each table of `GENERATIONS` must be of one
 * version, and no read may meet a lock. With `program` the program is asked as well; `excuses`: what it may say.
 */
export function readAlways(
  project: string,
  program: readonly string[] | null = null,
  excuses: RegExp | null = null,
): Reader {
  const wrong: string[] = [];
  const going = new AbortController();
  let count = 0, slowest = 0;
  const looks = (async () => {
    const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
    const connection = await instance.connect();
    while (!going.signal.aborted) {
      const began = performance.now();
      try {
        count += await look(project, connection, wrong) ? 1 : 0;
      } catch (error) {
        wrong.push(`a read failed: ${String(error)}`);
      }
      slowest = Math.max(slowest, Math.round(performance.now() - began));
      await pause(EVERY_MS);
    }
    connection.closeSync();
    instance.closeSync();
  })();
  const asks = (async () => {
    while (program !== null && !going.signal.aborted) {
      const there = publishedFiles(project).has("generation");
      if (there) {
        const { code, text } = await start([...program, "sql", "--json", MIXED], project).ended;
        const bad = code !== 0 || !text.includes('"mixed":false');
        if (bad && excuses?.test(text) !== true) wrong.push(`sql ended with ${code}\n${text}`);
        count++;
      }
      await pause(ASK_MS);
    }
  })();
  return {
    async stop() {
      going.abort();
      await Promise.all([looks, asks]);
      return { count, slowest, wrong };
    },
  };
}

const MIXED =
  "select min(one) <> max(one) or min(one) <> min(other) or min(one) <> max(other) as mixed from generation";

async function look(
  project: string,
  connection: DuckDBConnection,
  wrong: string[],
): Promise<boolean> {
  const files = publishedFiles(project);
  for (const [asset, path] of files) {
    if (!existsSync(path)) {
      wrong.push(`${path} is not there`);
    } else if (GENERATIONS.has(asset)) {
      const found = await connection.runAndReadAll(
        MIXED.replace("from generation", `from read_parquet('${path.replaceAll("'", "''")}')`),
      );
      if (found.getRows()[0]?.[0] !== false) wrong.push(`${path} is of several versions`);
    }
  }
  return files.size > 0;
}

/** By asset; nothing where the store is still being made. */
function publishedFiles(project: string): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  const store = join(project, ".nycflow", "state.db");
  if (!existsSync(store)) return files;
  using db = new DatabaseSync(store, { readOnly: true, timeout: 0 });
  const made = db.prepare("select name from sqlite_schema where name = 'events'").all();
  if (made.length === 0) return files;
  const rows = db.prepare("select body from events where kind = 'materialized' order by id").all();
  for (const { body } of rows) {
    const { asset, file } = JSON.parse(String(body)) as {
      readonly asset: string;
      readonly file: { readonly path: string } | null;
    };
    if (file) files.set(asset, join(project, file.path));
  }
  return files;
}

export interface Held {
  readonly seconds: number;
  readonly wrong: readonly string[];
}

/** Keeps both open until it is let go; null where nothing is published yet. What it then reads must be as it began. */
export async function keepOpen(
  project: string,
): Promise<{ letGo(): Promise<Held> } | null> {
  const path = publishedFiles(project).get("generation");
  if (path === undefined) return null;
  const began = performance.now();
  const db = new DatabaseSync(join(project, ".nycflow", "state.db"), {
    readOnly: true,
    timeout: 0,
  });
  db.exec("begin");
  const events = () => Number(db.prepare("select count(*) as n from events").get()?.["n"]);
  const before = events();
  const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  const connection = await instance.connect();
  const stream = await connection.stream(
    `select one, other from read_parquet('${path.replaceAll("'", "''")}')`,
  );
  let chunk = await stream.fetchChunk();
  return {
    async letGo() {
      const wrong: string[] = [];
      const found = new Set<string>();
      let rows = 0;
      try {
        for (; chunk && chunk.rowCount > 0; chunk = await stream.fetchChunk()) {
          rows += chunk.rowCount;
          for (const column of [0, 1]) {
            for (const value of chunk.getColumnValues(column)) found.add(String(value));
          }
        }
        if (rows !== ROWS || found.size !== 1) {
          wrong.push(`what was kept open has ${rows} rows of ${found.size} versions`);
        }
        if (events() !== before) wrong.push("the look at the store that was kept open has changed");
      } catch (error) {
        wrong.push(`what was kept open failed: ${String(error)}`);
      }
      connection.closeSync();
      instance.closeSync();
      db.close();
      return { seconds: Math.round((performance.now() - began) / 1000), wrong };
    },
  };
}
