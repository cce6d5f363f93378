/** What differs between two states of one table, as plain data; found by the warehouse, drawn by the views. */
import type { Json } from "./json.ts";
import type { Column } from "./version.ts";

export interface TableDiff {
  /** Rows on both sides. */
  readonly before: number;
  readonly after: number;
  /** The columns that tell rows apart; empty where none do: then a changed row is one removed and one added. */
  readonly key: readonly string[];
  /** `declared`, `found` by looking, or neither. */
  readonly keyBy: "declared" | "found" | null;
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
  readonly columns: {
    readonly added: readonly Column[];
    readonly removed: readonly Column[];
    readonly retyped: readonly {
      readonly name: string;
      readonly from: string;
      readonly to: string;
    }[];
    /** Of the changed rows: in how many each column differs. */
    readonly changed: Readonly<Record<string, number>>;
  };
  readonly names: readonly string[];
  readonly sample: {
    readonly added: readonly (readonly Json[])[];
    readonly removed: readonly (readonly Json[])[];
    readonly changed: readonly {
      readonly before: readonly Json[];
      readonly after: readonly Json[];
    }[];
  };
}
