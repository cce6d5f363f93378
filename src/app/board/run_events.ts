/** The events of the run that is looked at, read on as it goes on: it may have tens of thousands of them. */
import type { Stored } from "../../core/event.ts";
import type { RunId } from "../../core/key.ts";
import type { StateStore } from "../../ports/store.ts";

export class RunEvents {
  #run: RunId | null = null;
  #events: readonly Stored[] = [];

  /** The same array where nothing is new. */
  async read(store: StateStore, run: RunId): Promise<readonly Stored[]> {
    if (run !== this.#run) [this.#run, this.#events] = [run, []];
    const last = this.#events.at(-1)?.id;
    const more = await store.events(last === undefined ? { run } : { run, after: last });
    // Meanwhile another run may have been asked for.
    if (run !== this.#run) return more;
    if (more.length > 0) this.#events = [...this.#events, ...more];
    return this.#events;
  }
}
