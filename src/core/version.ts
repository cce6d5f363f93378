/**
 * Published content as the log knows it: one immutable file (or a view's text) for each asset,
 * partition and attempt. Holds the shapes; the files themselves are the warehouse's.
 */
import type { JsonObject } from "./json.ts";
import type { AssetKey, Instant, PartitionKey, VersionId } from "./key.ts";

/** A column as DuckDB spells its type, e.g. `DECIMAL(18,2)`; kept, so that reads never sniff. */
export interface Column {
  readonly name: string;
  readonly type: string;
}

/** How the bytes are read as a table; `other` is a file that is none. */
export type FileFormat = "parquet" | "csv" | "json" | "other";

export interface VersionFile {
  /** Relative to the project, with `/`: `.nycflow/lake/ASSET/PARTITION/ID.parquet`. */
  readonly path: string;
  readonly format: FileFormat;
  readonly bytes: number;
  /** For csv and json: the reader's options as found when it was staged (delimiter, header …). */
  readonly reader?: JsonObject;
  /** Of an incremental table: the files before this one, oldest first; all together are the version. */
  readonly parts?: readonly VersionFile[];
  /** Rows of earlier files whose key stands in a later one are replaced by it. */
  readonly mergeKey?: readonly string[];
  /** In a packed file: first row and count of this partition. */
  readonly range?: { readonly from: number; readonly rows: number };
}

/** All that a version takes on disk: an incremental table's earlier files too. */
export function bytesOf(file: VersionFile | null | undefined): number {
  return (file?.bytes ?? 0) + (file?.parts ?? []).reduce((sum, each) => sum + each.bytes, 0);
}

/** What reading one published version needs; plain JSON, so that it travels to the runner. */
export interface VersionRef {
  readonly asset: AssetKey;
  readonly partition: PartitionKey;
  readonly version: VersionId;
  readonly dataVersion: VersionId;
  readonly output: Output;
  /** Null for a view. */
  readonly file: VersionFile | null;
  readonly rows: number;
  readonly schema: readonly Column[];
  /** Its query asked for order, so its rows are read in file order. */
  readonly ordered: boolean;
  readonly at: Instant;
}

/** `table`: rows; `file`: a file as it came; `chart`: a drawing of its own; `view`: text only; `nothing`: done, no data. */
export type Output = "table" | "file" | "chart" | "view" | "nothing";

/** A value that a step read from outside: environment, setting, or a file its query reads. */
export interface Read {
  readonly kind: "env" | "config" | "file";
  readonly name: string;
  /** Digest of the value; null where there was none. Never the value itself. */
  readonly digest: string | null;
}

/** The state of one input when a step was claimed. */
export interface InputVersion {
  readonly asset: AssetKey;
  readonly partition: PartitionKey;
  readonly dataVersion: VersionId;
}

/**
 * What a version was, or would be, built from. Two equal bases mean that nothing needs to run.
 * `inputs` is made by `digestInputs` and says for each dependency which partitions in which data versions.
 */
export interface Basis {
  readonly code: string;
  readonly inputs: string;
  /** The recorded reads; empty before the first run. */
  readonly reads: readonly Read[];
}
