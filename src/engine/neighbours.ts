/** The other processes as a run sees them: who of them is dead, and what this one tells them that it waits for. */
import type { HolderId } from "../core/key.ts";
import type { State } from "../core/heads.ts";
import { deadClaims, deadOf, holdersOf } from "../core/rules.ts";
import type { PoolWait } from "../ports/liveness.ts";
import type { Engine } from "./context.ts";

/** At every so many looks one asks who is alive too: the dead append nothing. */
const ALIVE_EVERY = 10;

export class Neighbours {
  readonly #engine: Engine;
  readonly #state: State;
  #looks = 0;
  #noted = "";
  /** Found dead when one last looked; the dead stay dead. */
  dead: ReadonlySet<HolderId> = new Set();

  constructor(engine: Engine, state: State) {
    this.#engine = engine;
    this.#state = state;
  }

  async lookWhoIsAlive(): Promise<void> {
    const { holder, liveness } = this.#engine;
    const others = holdersOf(this.#state).filter((each) => each !== holder);
    if (others.length > 0) this.dead = deadOf(others, await liveness.alive(others));
  }

  /** Who works on a step, in words. */
  async describe(holder: HolderId): Promise<string> {
    const who = await this.#engine.liveness.describe(holder);
    return who === null
      ? "another process works on it"
      : `process ${who.pid} works on it (${who.command})`;
  }

  /** Has one of them appended something, or (asked now and then) died with work in hand? */
  async changed(): Promise<boolean> {
    if (await this.#engine.store.last() !== this.#state.last) return true;
    if (++this.#looks % ALIVE_EVERY !== 0) return false;
    await this.lookWhoIsAlive();
    return deadClaims(this.#state, this.dead).length > 0;
  }

  /** Says what this process waits for, where that is news. */
  async tell(waits: readonly PoolWait[]): Promise<void> {
    const text = waits.length === 0 ? "" : JSON.stringify(waits);
    if (text === this.#noted) return;
    this.#noted = text;
    await this.#engine.liveness.note(waits);
  }
}
