/** A step's own connection: opened at its first use, closed with the step, scratch tables and all. */
import type { StepOrder } from "../core/order.ts";
import type { Session } from "../warehouse/driver.ts";
import type { StepRoom } from "./room.ts";

export class SessionKeeper {
  readonly #order: StepOrder;
  readonly #room: StepRoom;
  #session: Promise<Session> | null = null;
  #release: () => void = () => {};

  constructor(order: StepOrder, room: StepRoom) {
    this.#order = order;
    this.#room = room;
  }

  get(): Promise<Session> {
    return this.#session ??= this.#open();
  }

  /** What user code left on the connection must not be seen by the next step. */
  close(): void {
    const session = this.#session;
    this.#session = null;
    session?.then((each) => {
      const given = each.lost;
      each.lost = true;
      this.#release();
      // A query that would not end still uses it; then the process is ended soon.
      if (!given) each.close();
    }, () => {});
  }

  async #open(): Promise<Session> {
    const { limits, timezone, project } = this.#order;
    const db = await this.#room.engine.get(limits, timezone, project);
    return await new Promise<Session>((lend, refuse) => {
      const released = new Promise<void>((resolve) => this.#release = resolve);
      db.use((session) => {
        lend(session);
        return released;
      }).catch(refuse);
    });
  }
}
