/**
 * Reading and keeping what is published. Making versions is `ports/executor.ts`.
 *
 * Invariants: never holds a lock that stops a writer or another reader; a result that came as a stream has been
 * counted against its version; unlinks nothing that a head, an open run or a registered reader stands on.
 */
import type { JsonObject } from "../core/json.ts";
import type { AssetKey, PartitionKey } from "../core/key.ts";
import type { InputTable, Limits } from "../core/order.ts";
import type { Problem } from "../core/problem/problem.ts";
import type { Result } from "../core/result.ts";
import type { ColumnProfile, Rows } from "../core/rows.ts";

export interface Warehouse {
  /** Runs a query over these tables (by asset name) and, where given, over extra tables of rows. */
  query(
    sql: string,
    tables: readonly InputTable[],
    options?: {
      readonly limit?: number;
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
    options?: { readonly ordered?: boolean },
  ): Promise<Result<{ readonly rows: number; readonly bytes: number }, Problem>>;
  preview(table: InputTable, limit: number): Promise<Result<Rows, Problem>>;
  profile(table: InputTable): Promise<Result<readonly ColumnProfile[], Problem>>;
  /** Brings real tables in a DuckDB file up to date; a lock held by another is a value, not an error. */
  mirror(
    file: string,
    tables: readonly InputTable[],
    drop: readonly AssetKey[],
  ): Promise<"done" | "locked" | Problem>;
  close(): Promise<void>;
}

export interface WarehouseOptions {
  /** Absolute. */
  readonly project: string;
  readonly limits: Limits;
  readonly timezone: string;
}

export type { ColumnProfile, PartitionKey, Rows };
