/** The engines of a process that reads: one as everywhere, one in which rows keep their file's order; each opened at its first need. */
import type { InputTable } from "../core/order.ts";
import type { WarehouseOptions } from "../ports/warehouse.ts";
import { type DuckDb, openDuckDb } from "./driver.ts";

export interface ReaderOptions extends WarehouseOptions {
  /** Makes DuckDB loadable. */
  readonly prepare: () => Promise<void>;
}

export class Engines {
  readonly options: ReaderOptions;
  #plain: Promise<DuckDb> | null = null;
  #ordered: Promise<DuckDb> | null = null;

  constructor(options: ReaderOptions) {
    this.options = options;
  }

  /** The engine that reads these tables as they are: in their file's order where they have one. */
  for(tables: readonly InputTable[], ordered = false): Promise<DuckDb> {
    if (ordered || tables.some(hasOrder)) return this.#ordered ??= this.#open(true);
    return this.#plain ??= this.#open(false);
  }

  #open(ordered: boolean): Promise<DuckDb> {
    const { limits, timezone, project, prepare } = this.options;
    return openDuckDb({ limits, timezone, folder: project, prepare, ordered });
  }

  async close(): Promise<void> {
    const open = [this.#plain, this.#ordered];
    this.#plain = this.#ordered = null;
    for (const each of open) if (each) (await each).close();
  }
}

function hasOrder(table: InputTable): boolean {
  return table.versions.some((each) => each.ordered) ||
    (table.view?.inputs.some(hasOrder) ?? false);
}
