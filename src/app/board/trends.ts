/** What the last materializations of each asset took and held, kept as events come. */
import type { Stored } from "../../core/event.ts";
import type { AssetKey } from "../../core/key.ts";
import type { Course } from "../../views/board.ts";
import type { View } from "../session.ts";

export class Trends {
  /** Materializations that are kept of each. */
  static readonly MOST = 16;
  readonly #view: View;
  #courses = new Map<AssetKey, Course>();
  /** By asset, the last event that was taken up. */
  readonly #seen = new Map<AssetKey, number>();

  constructor(view: View) {
    this.#view = view;
  }

  /** Takes up events in their order; what was taken up before is left out. */
  take(events: readonly Stored[]): void {
    let changed: Map<AssetKey, Course> | null = null;
    for (const { id, event } of events) {
      if (event.kind !== "materialized" || !this.#view.layout.graph.has(event.asset)) continue;
      if (id <= (this.#seen.get(event.asset) ?? 0)) continue;
      this.#seen.set(event.asset, id);
      changed ??= new Map(this.#courses);
      const before = changed.get(event.asset) ?? { seconds: [], rows: [] };
      changed.set(event.asset, {
        seconds: [...before.seconds, event.seconds].slice(-Trends.MOST),
        rows: [...before.rows, event.rows].slice(-Trends.MOST),
      });
    }
    if (changed !== null) this.#courses = changed;
  }

  all(): ReadonlyMap<AssetKey, Course> {
    return this.#courses;
  }
}
