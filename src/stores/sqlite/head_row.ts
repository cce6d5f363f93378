/**
 * Heads as rows. There may be a hundred thousand of them and all are read to plan, so a row is small and is not
 * taken apart before it is looked at:
 * - what the partitions of an asset mostly share (columns, code, reads; results of checks) stands once, in
 *   `parts`, and is named by number;
 * - `published` is a JSON array in a fixed order, parsed when that head is looked at, and again at a much later look:
 *   a hundred thousand that were kept would be a hundred megabytes;
 * - `rest` (failure, skip, interrupted, pinned) is null for all that are well.
 */
import type { Failure, Head, Published, Skip } from "../../core/heads.ts";
import type { JsonObject } from "../../core/json.ts";
import type { AssetKey, PartitionKey, RunId, VersionId } from "../../core/key.ts";
import type { VersionFile } from "../../core/version.ts";
import type { Rows } from "./statements.ts";

const COLUMNS = "asset, partition, since, event, published, rest";

/** What is the same for most versions of an asset. */
type Shape =
  & Pick<Published, "output" | "schema" | "ordered" | "code" | "checksVersion" | "reads">
  & { readonly file: Omit<VersionFile, "path" | "bytes" | "range"> | null };

interface Rest {
  readonly failure: Failure | null;
  readonly skip: Skip | null;
  readonly interrupted: Head["interrupted"];
  readonly pinned: Head["pinned"];
}

/** `published` as it is kept; 0 stands for "the same" (data version) or "empty" (metadata). */
type Packed = readonly [
  version: VersionId,
  dataVersion: VersionId | 0,
  shape: number,
  checks: number,
  path: string | null,
  bytes: number,
  rows: number,
  inputs: string,
  metadata: JsonObject | 0,
  run: RunId,
  seconds: number,
  at: number,
  event: number,
  range?: VersionFile["range"],
];

/** The shared parts as they have been read, by number. One for each open store. */
export interface Parts {
  /** Reads those that came since; inside the transaction that reads the heads. */
  refresh(): void;
  shape(id: number): Shape;
  checks(id: number): Published["checks"];
  /** What a head's text says; it is kept until so many others have been looked at (`KEPT`). */
  published(cell: Cell): Published;
}

/** A head's text, and what it says while that is kept. */
interface Cell {
  readonly text: string;
  published: Published | null;
}

/** Whoever looks at a head looks at several fields, and soon again from the asset that stands on it. */
const KEPT = 1024;

export function createParts(rows: Rows): Parts {
  const texts = new Map<number, string>();
  const parsed = new Map<number, unknown>();
  let read = 0;
  const kept: Cell[] = [];
  let at = 0;
  function part(id: number): unknown {
    let found = parsed.get(id);
    if (found === undefined) {
      found = JSON.parse(texts.get(id) ?? "null");
      parsed.set(id, found);
    }
    return found;
  }
  const parts: Parts = {
    refresh() {
      for (const [id, body] of rows.all("select id, body from parts where id > ?", read)) {
        read = Math.max(read, Number(id));
        texts.set(Number(id), String(body));
      }
    },
    shape: (id) => part(id) as Shape,
    checks: (id) => part(id) as Published["checks"],
    published(cell) {
      if (cell.published !== null) return cell.published;
      const before = kept[at];
      if (before !== undefined) before.published = null;
      kept[at] = cell;
      at = (at + 1) % KEPT;
      return cell.published = unpack(parts, cell.text);
    },
  };
  return parts;
}

/** Writes a head; inside a write transaction. */
export function writeHead(rows: Rows, head: Head): void {
  const { failure, skip, interrupted, pinned } = head;
  const well = failure === null && skip === null && interrupted === null && pinned === null;
  const rest: Rest = { failure, skip, interrupted, pinned };
  rows.run(
    `insert into heads (${COLUMNS}) values (?, ?, ?, ?, ?, ?)
     on conflict (asset, partition) do update
     set since = excluded.since, event = excluded.event,
         published = excluded.published, rest = excluded.rest`,
    head.asset,
    head.partition,
    head.since,
    head.event,
    head.published === null ? null : JSON.stringify(pack(rows, head.published)),
    well ? null : JSON.stringify(rest),
  );
}

function pack(rows: Rows, published: Published): Packed {
  const { output, schema, ordered, code, checksVersion, reads, file } = published;
  const { path, bytes, range, ...form } = file ?? { path: null, bytes: 0 };
  const shape: Shape = {
    output,
    schema,
    ordered,
    code,
    checksVersion,
    reads,
    file: file === null ? null : form as Shape["file"],
  };
  return [
    published.version,
    published.dataVersion === published.version ? 0 : published.dataVersion,
    partId(rows, shape),
    partId(rows, published.checks),
    path,
    bytes,
    published.rows,
    published.inputs,
    Object.keys(published.metadata).length === 0 ? 0 : published.metadata,
    published.run,
    published.seconds,
    published.at,
    published.event,
    ...(range === undefined ? [] as const : [range] as const),
  ];
}

/** Looked up each time: a number remembered from before could have been cleared away by another process. */
function partId(rows: Rows, value: unknown): number {
  const body = JSON.stringify(value);
  const [found] = rows.all("select id from parts where body = ?", body);
  const [row] = found === undefined
    ? rows.all("insert into parts (body) values (?) returning id", body)
    : [found];
  return Number(row?.[0]);
}

function unpack(parts: Parts, text: string): Published {
  const packed = JSON.parse(text) as Packed;
  const shape = parts.shape(packed[2]);
  const range = packed[13];
  return {
    version: packed[0],
    dataVersion: packed[1] === 0 ? packed[0] : packed[1],
    output: shape.output,
    file: shape.file === null || packed[4] === null
      ? null
      : { path: packed[4], bytes: packed[5], ...shape.file, ...(range && { range }) },
    rows: packed[6],
    schema: shape.schema,
    ordered: shape.ordered,
    code: shape.code,
    checksVersion: shape.checksVersion,
    inputs: packed[7],
    reads: shape.reads,
    checks: parts.checks(packed[3]),
    metadata: packed[8] === 0 ? {} : packed[8],
    run: packed[9],
    seconds: packed[10],
    at: packed[11],
    event: packed[12],
  };
}

/** Looks like any other head, spread and compared too, but parses `published` only when it is asked for. */
export function headOf(
  parts: Parts,
  asset: AssetKey,
  partition: PartitionKey,
  since: number,
  event: number,
  text: string | null,
  rest: string | null,
): Head {
  const { failure, skip, interrupted, pinned } = rest === null ? WELL : JSON.parse(rest) as Rest;
  if (text === null) {
    return { asset, partition, published: null, failure, skip, interrupted, pinned, since, event };
  }
  const cell: Cell = { text, published: null };
  return {
    asset,
    partition,
    get published() {
      return parts.published(cell);
    },
    failure,
    skip,
    interrupted,
    pinned,
    since,
    event,
  };
}

const WELL: Rest = { failure: null, skip: null, interrupted: null, pinned: null };

export function readHead(
  rows: Rows,
  parts: Parts,
  asset: AssetKey,
  partition: PartitionKey,
): Head | null {
  const [row] = rows.all(
    "select since, event, published, rest from heads where asset = ? and partition = ?",
    asset,
    partition,
  );
  if (row === undefined) return null;
  parts.refresh();
  const [since, event, published, rest] = row as [number, number, string | null, string | null];
  return headOf(parts, asset, partition, since, event, published, rest);
}

/** Takes away parts that no head names any more; inside a write transaction. */
export function sweepParts(rows: Rows): void {
  rows.run(
    `delete from parts where id not in (
       select json_extract(published, '$[2]') from heads where published is not null
       union
       select json_extract(published, '$[3]') from heads where published is not null
     )`,
  );
}
