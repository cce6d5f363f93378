/**
 * Reading and keeping what is published. Making versions is `ports/executor.ts`.
 *
 * Invariants: never holds a lock that stops a writer or another reader; a result that came as a stream has been
 * counted against its version; unlinks nothing that a head, an open run or a registered reader stands on.
 */
import type { JsonObject } from "../core/json.ts";
import type { TableDiff } from "../core/diff.ts";
import type { AssetKey, Instant, PartitionKey } from "../core/key.ts";
import type { InputTable, Limits } from "../core/order.ts";
import type { Problem } from "../core/problem/problem.ts";
import type { Result } from "../core/result.ts";
import type { VersionRef } from "../core/version.ts";
import type { ColumnProfile, Rows } from "../core/rows.ts";

export interface Warehouse {
  /** Runs a query over these tables (by asset name) and, where given, over extra tables of rows. */
  query(
    sql: string,
    tables: readonly InputTable[],
    options?: {
      readonly limit?: number;
      /** The names of all tables that there are, for who asks for one that there is not; those given where absent. */
      readonly known?: () => readonly string[];
      readonly extra?: Readonly<Record<string, readonly JsonObject[]>>;
      readonly signal?: AbortSignal;
    },
  ): Promise<Result<Rows, Problem>>;
  /** Writes a query's result to a file, at once (temporary name, then rename). */
  write(
    sql: string,
    tables: readonly InputTable[],
    file: string,
    format: "csv" | "parquet" | "json" | "geojson",
    options?: { readonly ordered?: boolean; readonly known?: () => readonly string[] },
  ): Promise<Result<{ readonly rows: number; readonly bytes: number }, Problem>>;
  /** The query without its AT clauses, and which versions of which tables they ask for. */
  withoutTimes(sql: string): Promise<
    Result<
      {
        readonly sql: string;
        readonly tables: readonly {
          readonly name: string;
          /** Under which name the text reads it now. */
          readonly as: string;
          /** Changes back (0 or less), or a version's id. */
          readonly version: number | string | null;
          readonly at: Instant | null;
        }[];
      },
      Problem
    >
  >;
  /** What differs between two states of a table. `key`: the columns declared to tell rows apart. */
  diff(
    before: InputTable,
    after: InputTable,
    options: { readonly key: readonly string[]; readonly limit: number },
  ): Promise<Result<TableDiff, Problem>>;
  /**
   * Writes these versions' rows into one file at `path` (relative to the project), one after another, and reads it back;
   * gives its bytes. Throws nothing away: whether the versions are there from now on is decided by a commit.
   */
  pack(
    versions: readonly VersionRef[],
    path: string,
  ): Promise<Result<{ readonly bytes: number }, Problem>>;
  preview(table: InputTable, limit: number): Promise<Result<Rows, Problem>>;
  profile(table: InputTable): Promise<Result<readonly ColumnProfile[], Problem>>;
  /** Brings real tables in a DuckDB file up to date; a lock held by another is a value, not an error. */
  mirror(
    file: string,
    tables: readonly InputTable[],
    drop: readonly AssetKey[],
  ): Promise<"done" | "locked" | Problem>;
  /** Writes these tables into a DuckDB file of its own, at once; replaces only what an earlier export made. */
  exportDatabase(asked: DatabaseExport): Promise<Result<ExportedDatabase, Problem>>;
  close(): Promise<void>;
}

export interface DatabaseExport {
  /** Absolute. */
  readonly file: string;
  /** Beside it, for while it is being written. */
  readonly part: string;
  readonly tables: readonly { readonly table: InputTable; readonly description: string }[];
  /** Replaces whatever is there. */
  readonly force: boolean;
}

export interface ExportedDatabase {
  readonly tables: number;
  readonly rows: number;
  readonly bytes: number;
}

export interface WarehouseOptions {
  /** Absolute. */
  readonly project: string;
  readonly limits: Limits;
  readonly timezone: string;
}

export type { ColumnProfile, PartitionKey, Rows };
