// What must hold of a project after any kill, read past the program: from the state store's tables and the files
// themselves. Gives what is wrong, in words; nothing wrong is an empty list.

import { DuckDBInstance } from "@duckdb/node-api";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** Each asset's content as one comparable text: how many rows, and a sum over their hashes. */
export type Contents = Readonly<Record<string, string>>;

export interface Verified {
  readonly wrong: readonly string[];
  readonly contents: Contents;
  /** How often each asset was materialized. */
  readonly made: Readonly<Record<string, number>>;
  /** Claims that nobody has ended. */
  readonly claims: number;
  /** Runs that have not ended. */
  readonly open: number;
}

interface Logged {
  readonly kind: string;
  readonly body: {
    readonly asset?: string;
    readonly partition?: string;
    readonly run?: string;
    readonly attempt?: string | null;
    readonly file?: { readonly path: string } | null;
    readonly rows?: number;
  };
}

const ENDS = new Set(["materialized", "attempt-failed", "checked", "step-ended"]);

/** `project`: its folder. */
export async function verify(project: string): Promise<Verified> {
  const file = join(project, ".nycflow", "state.db");
  if (!existsSync(file)) return { wrong: [], contents: {}, made: {}, claims: 0, open: 0 };
  using state = new DatabaseSync(file, { readOnly: true });
  const rows = (sql: string) => state.prepare(sql).all() as Record<string, unknown>[];
  const log = rows("select kind, body from events order by id").map((row): Logged => ({
    kind: String(row["kind"]),
    body: JSON.parse(String(row["body"])),
  }));
  const claims = Number(rows("select count(*) as n from claims")[0]?.["n"]);
  const open = Number(rows("select count(*) as n from runs where ended_at is null")[0]?.["n"]);
  const wrong = [...endedTwice(log), ...endedRunsTwice(log)];
  const current = new Map<string, Logged["body"]>();
  const made: Record<string, number> = {};
  for (const { kind, body } of log) {
    if (kind !== "materialized" || body.asset === undefined) continue;
    made[body.asset] = (made[body.asset] ?? 0) + 1;
    current.set(`${body.asset} ${body.partition ?? ""}`.trim(), body);
  }
  const contents: Record<string, string> = {};
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    for (const [asset, { file, rows }] of current) {
      if (file === null || file === undefined) continue;
      try {
        const path = join(project, file.path).replaceAll("'", "''");
        const found = await connection.runAndReadAll(
          `select count(*), coalesce(sum(hash(r)), 0)::varchar from read_parquet('${path}') r`,
        );
        const [count, sum] = found.getRows()[0] ?? [];
        if (Number(count) !== rows) wrong.push(`${asset}: ${count} rows in its file, not ${rows}`);
        contents[asset] = `${count} ${sum}`;
      } catch (error) {
        wrong.push(`${asset}: torn: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
  return { wrong, contents, made, claims, open };
}

function endedTwice(log: readonly Logged[]): readonly string[] {
  const ended = new Map<string, number>();
  for (const { kind, body } of log) {
    // Checks are told beside a verdict, and are no end of their own where the attempt failed.
    if (!ENDS.has(kind) || kind === "checked" || !body.attempt) continue;
    const key = `${body.asset} ${body.partition} ${body.attempt}`;
    ended.set(key, (ended.get(key) ?? 0) + 1);
  }
  return [...ended].filter(([, count]) => count > 1).map(([key, count]) =>
    `attempt ${key} ended ${count} times`
  );
}

function endedRunsTwice(log: readonly Logged[]): readonly string[] {
  const ended = log.filter(({ kind }) => kind === "run-ended").map(({ body }) => body.run);
  return ended.filter((run, at) => ended.indexOf(run) !== at).map((run) =>
    `run ${run} ended twice`
  );
}

/** What differs between two projects' tables. */
export function differences(one: Contents, other: Contents): readonly string[] {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].sort().filter((name) => one[name] !== other[name]).map((name) =>
    `${name}: ${one[name] ?? "missing"}, elsewhere ${other[name] ?? "missing"}`
  );
}
