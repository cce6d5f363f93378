/**
 * What an `up` that stays does beside its looks, since it may take its time: asks sensors that are code and sources,
 * and tells people. Each in a session of its own, one of a kind at a time; what it brings to light rings for a look.
 */
import { sensorId, sourceId } from "../core/automation/source.ts";
import type { Problem } from "../core/problem/problem.ts";
import type { Sensed } from "./automate.ts";
import { lookOutside } from "./automate.ts";
import type { Notice } from "../core/notice.ts";
import { notifyChanges, pingAll } from "./notify.ts";
import { Session } from "./session.ts";

export interface ErrandParts {
  /** A session over the definitions that count now. */
  readonly open: () => Session;
  readonly sensed: (sensed: readonly Sensed[]) => void;
  /** What is wrong in a matter now; an empty list where it is no more. */
  readonly problems: (matter: string, problems: readonly Problem[]) => void;
  readonly wake: () => void;
}

const NOTIFY = "notify";
const PING = "ping";

export class Errands implements AsyncDisposable {
  readonly #parts: ErrandParts;
  /** By whom each is being asked. */
  readonly #busy = new Map<string, Session>();
  readonly #sessions = new Set<Session>();
  #closed = false;

  constructor(parts: ErrandParts) {
    this.#parts = parts;
  }

  /** Asks these sensors and sources, by their ids, side by side; one that is still being asked is left alone. */
  ask(ids: ReadonlySet<string>): void {
    const free = [...ids].filter((id) => !this.#busy.has(id));
    this.#send(free, async (session) => {
      const view = await session.view();
      const before = view.state.last;
      await lookOutside(session, view, {
        sensor: ({ name }) => free.includes(sensorId(name)),
        source: ({ key }) => free.includes(sourceId(key)),
      }, (id, { sensed, problems }) => {
        if (this.#closed) return;
        this.#busy.delete(id);
        this.#parts.sensed(sensed);
        this.#parts.problems(id, problems);
        if (view.state.last !== before) this.#parts.wake();
      });
    });
  }

  /**
   * Tells people what they are to be told. `working`: runs go on, and tell their own news in the end, with drawings
   * for which much has to be loaded.
   */
  notify(working: boolean): void {
    if (this.#busy.has(NOTIFY)) return;
    const news = ({ of, subject }: Notice) =>
      subject.kind === "step" && (of === "failure" || of === "recovery");
    this.#send([NOTIFY], async (session) => {
      const leave = (notice: Notice) => working && news(notice);
      const view = await session.view();
      this.#parts.problems(NOTIFY, await notifyChanges(session, view, { rows: false, leave }));
    });
  }

  /** A sign of life to whoever waits for one. */
  ping(): void {
    if (this.#busy.has(PING)) return;
    this.#send([PING], async (session) => {
      this.#parts.problems(PING, await pingAll(session, await session.view()));
    });
  }

  #send(ids: readonly string[], work: (session: Session) => Promise<void>): void {
    if (this.#closed || ids.length === 0) return;
    const session = this.#parts.open();
    this.#sessions.add(session);
    for (const id of ids) this.#busy.set(id, session);
    void (async () => {
      try {
        await work(session);
      } catch (error) {
        // What was broken off in the end is of no interest.
        if (!this.#closed) this.#parts.problems(ids[0] ?? "", unexpected(error));
      } finally {
        this.#sessions.delete(session);
        await session[Symbol.asyncDispose]().catch(() => undefined);
        for (const id of ids) if (this.#busy.get(id) === session) this.#busy.delete(id);
      }
    })();
  }

  /** Breaks off what is on its way. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#sessions].map((each) => each[Symbol.asyncDispose]()))
      .catch(() => undefined);
  }
}

function unexpected(error: unknown): readonly Problem[] {
  const problems = error instanceof Error && "problems" in error ? error.problems : null;
  return Array.isArray(problems)
    ? problems as readonly Problem[]
    : [{ code: "bug", message: error instanceof Error ? error.message : String(error) }];
}
