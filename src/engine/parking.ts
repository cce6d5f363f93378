/**
 * Steps that may start and cannot yet: their pool is full, or a live process works on them. Holds who waits for what
 * and since when, and gives back, when something has changed, only as many as could find a slot: a queue of ten
 * thousand is not asked over again whenever one of them ends.
 */
import type { Instant, StepKey } from "../core/key.ts";
import type { PlannedStep } from "../core/plan.ts";
import type { PoolWait } from "../ports/liveness.ts";
import type { Left } from "./context.ts";

interface Queued {
  readonly step: PlannedStep;
  readonly slots: number;
}

export class Parking {
  readonly #pools = new Map<string, Queued[]>();
  readonly #elsewhere = new Map<StepKey, Left>();
  readonly #since = new Map<StepKey, Instant>();
  readonly #yielding = new Map<StepKey, number>();

  /** How long others may go first though they do not come, in milliseconds: they may be stopped. */
  static readonly PATIENCE_MS = 500;

  get size(): number {
    let size = this.#elsewhere.size;
    for (const queue of this.#pools.values()) size += queue.length;
    return size;
  }

  /** Those that others work on. */
  get lefts(): readonly Left[] {
    return [...this.#elsewhere.values()];
  }

  /** There is room for a step, but somebody else's turn. */
  get yielding(): boolean {
    return this.#yielding.size > 0;
  }

  /** Since when a step waits; infinity where it does not. */
  since(key: StepKey): number {
    return this.#since.get(key) ?? Infinity;
  }

  /** May it still let others go first? `elapsed` never goes back. */
  yields(key: StepKey, elapsed: number): boolean {
    const began = this.#yielding.get(key);
    return began === undefined || elapsed - began < Parking.PATIENCE_MS;
  }

  /** Is there a queue for this pool, which a newcomer of this priority does not overtake? */
  queues(pool: string, priority: number): boolean {
    const last = this.#pools.get(pool)?.at(-1);
    return last !== undefined && last.step.priority >= priority;
  }

  waitForPool(step: PlannedStep, pool: string, slots: number, now: Instant): void {
    this.#note(step, now);
    const queue = this.#pools.get(pool) ?? [];
    this.#pools.set(pool, queue);
    let at = queue.length;
    const before = ({ step: other }: Queued) =>
      other.priority < step.priority ||
      (other.priority === step.priority && this.since(other.key) > this.since(step.key));
    while (at > 0 && before(queue[at - 1] as Queued)) at--;
    queue.splice(at, 0, { step, slots });
  }

  waitForOther(left: Left, now: Instant): void {
    this.#note(left.step, now);
    this.#elsewhere.set(left.step.key, left);
  }

  letOthersFirst(key: StepKey, elapsed: number): void {
    if (!this.#yielding.has(key)) this.#yielding.set(key, elapsed);
  }

  /** It waits no more: it was claimed, or came to its end. */
  forget(key: StepKey): void {
    this.#since.delete(key);
    this.#yielding.delete(key);
  }

  /** Those to be asked over again: all that others work on, and of each pool as many as it has slots. */
  takeSome(slots: (pool: string) => number): readonly PlannedStep[] {
    const taken = [...this.#elsewhere.values()].map(({ step }) => step);
    this.#elsewhere.clear();
    for (const [pool, queue] of this.#pools) {
      taken.push(...queue.splice(0, Math.max(1, slots(pool))).map(({ step }) => step));
      if (queue.length === 0) this.#pools.delete(pool);
    }
    return taken;
  }

  takeAll(): readonly PlannedStep[] {
    return this.takeSome(() => Number.MAX_SAFE_INTEGER);
  }

  /** The first of each pool, for the other processes. */
  waits(): readonly PoolWait[] {
    return [...this.#pools].flatMap(([pool, queue]) =>
      queue.slice(0, 5).map(({ step, slots }) => ({
        pool,
        slots,
        priority: step.priority,
        step: step.key,
        since: this.since(step.key),
      }))
    );
  }

  #note(step: PlannedStep, now: Instant): void {
    if (!this.#since.has(step.key)) this.#since.set(step.key, now);
  }
}
