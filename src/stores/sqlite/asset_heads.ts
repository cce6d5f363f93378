/**
 * The heads of all assets, each asset's made when it is first looked at: a command that concerns three of a thousand
 * assets makes no others. Read at once all the same, since what is looked at later must be of the same event.
 *
 * An asset comes as one row, its heads' columns each as one text: a hundred thousand rows of six values cost three
 * times the memory. No key holds a control character, and JSON spells them out, so one can part the values.
 */
import type { Head } from "../../core/heads.ts";
import type { AssetKey, PartitionKey } from "../../core/key.ts";
import { headOf, type Parts } from "./head_row.ts";
import type { Rows, Value } from "./statements.ts";

const BAR = "\x1f";
const list = (value: string) => `group_concat(${value}, char(31))`;
const SELECT = `select asset, ${list("partition")}, ${list("since")}, ${list("event")},
  iif(count(published) = 0, null, ${list("coalesce(published, '')")}),
  iif(count(rest) = 0, null, ${list("coalesce(rest, '')")}) from heads`;

/** Adds the heads of one asset, or of all; inside a read transaction. */
export function readHeads(
  rows: Rows,
  parts: Parts,
  asset: AssetKey | null,
  into: AssetHeads,
): void {
  parts.refresh();
  const found = asset === null
    ? rows.all(`${SELECT} group by asset`)
    : rows.all(`${SELECT} where asset = ? group by asset`, asset);
  for (const row of found) into.add(row[0] as AssetKey, row);
}

/** A map like any other. */
export class AssetHeads extends Map<AssetKey, Map<PartitionKey, Head>> {
  readonly #closed = new Map<AssetKey, readonly Value[]>();
  readonly #parts: Parts;
  /** A name comes once for each asset that has it: one copy is kept. */
  readonly #names = new Map<string, PartitionKey>();

  constructor(parts: Parts) {
    super();
    this.#parts = parts;
  }

  add(asset: AssetKey, row: readonly Value[]): void {
    super.set(asset, new Map());
    this.#closed.set(asset, row);
  }

  override get(asset: AssetKey): Map<PartitionKey, Head> | undefined {
    const heads = super.get(asset);
    const row = heads === undefined ? undefined : this.#closed.get(asset);
    if (heads !== undefined && row !== undefined) {
      this.#closed.delete(asset);
      this.#open(asset, row, heads);
    }
    return heads;
  }

  override set(asset: AssetKey, heads: Map<PartitionKey, Head>): this {
    this.#closed.delete(asset);
    return super.set(asset, heads);
  }

  override delete(asset: AssetKey): boolean {
    this.#closed.delete(asset);
    return super.delete(asset);
  }

  override clear(): void {
    this.#closed.clear();
    super.clear();
  }

  override *entries(): MapIterator<[AssetKey, Map<PartitionKey, Head>]> {
    for (const asset of super.keys()) yield [asset, this.get(asset) ?? new Map()];
  }

  override *values(): MapIterator<Map<PartitionKey, Head>> {
    for (const [, heads] of this.entries()) yield heads;
  }

  override [Symbol.iterator](): MapIterator<[AssetKey, Map<PartitionKey, Head>]> {
    return this.entries();
  }

  override forEach(
    work: (
      heads: Map<PartitionKey, Head>,
      asset: AssetKey,
      map: Map<AssetKey, Map<PartitionKey, Head>>,
    ) => void,
  ): void {
    for (const [asset, heads] of this.entries()) work(heads, asset, this);
  }

  #open(asset: AssetKey, row: readonly Value[], heads: Map<PartitionKey, Head>): void {
    const [, partitions, since, event, published, rest] = row.map((each) =>
      each === null ? null : String(each).split(BAR)
    );
    partitions?.forEach((name, at) => {
      let partition = this.#names.get(name);
      if (partition === undefined) this.#names.set(name, partition = name as PartitionKey);
      const texts = [published?.[at] || null, rest?.[at] || null] as const;
      heads.set(
        partition,
        headOf(this.#parts, asset, partition, Number(since?.[at]), Number(event?.[at]), ...texts),
      );
    });
  }
}
