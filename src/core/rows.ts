/** A query's result as it is shown, drawn and sent: columns with DuckDB's types, values as `cli.md` writes them in JSON. */
import type { Json } from "./json.ts";
import type { Column } from "./version.ts";

export interface Rows {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Json[])[];
  /** Rows there are in all, where it is known without counting; else null. */
  readonly total: number | null;
}

export interface ColumnProfile {
  readonly name: string;
  readonly type: string;
  readonly nulls: number;
  readonly distinct: number;
  readonly min: Json;
  readonly max: Json;
}
