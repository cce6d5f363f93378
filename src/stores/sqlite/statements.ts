/** Statements prepared once, when first needed, with rows as arrays. */
import type { DatabaseSync, StatementSync } from "node:sqlite";

export type Value = string | number | null;

export interface Rows {
  /** Gives how many rows changed. */
  run(sql: string, ...values: Value[]): number;
  all(sql: string, ...values: Value[]): Value[][];
}

export function createRows(db: DatabaseSync): Rows {
  const prepared = new Map<string, StatementSync>();
  function statement(sql: string): StatementSync {
    let found = prepared.get(sql);
    if (found === undefined) {
      found = db.prepare(sql);
      found.setReturnArrays(true);
      prepared.set(sql, found);
    }
    return found;
  }
  return {
    run: (sql, ...values) => Number(statement(sql).run(...values).changes),
    all: (sql, ...values) => statement(sql).all(...values) as unknown as Value[][],
  };
}
