/**
 * How far steps are, for whoever looks on from another process: a run tells it beside its liveness lock, now and then
 * and only of steps that take their time. Lost without harm.
 */
import type { Claim } from "../../core/heads.ts";
import { type Instant, type StepKey, stepKey } from "../../core/key.ts";
import type { Progress } from "../../core/order.ts";
import type { Liveness } from "../../ports/liveness.ts";
import type { Told } from "../../views/progress_words.ts";

/** Steps shorter than that tell nobody. */
const SHORT_MS = 300;
const EVERY_MS = 200;

/** What the steps of this process told last, handed on. `elapsed` in milliseconds. */
export class Telling {
  readonly #liveness: Pick<Liveness, "tell">;
  readonly #elapsed: () => number;
  readonly #began = new Map<StepKey, number>();
  readonly #told = new Map<StepKey, Progress>();
  #last = -Infinity;

  constructor(liveness: Pick<Liveness, "tell">, elapsed: () => number) {
    this.#liveness = liveness;
    this.#elapsed = elapsed;
  }

  /** A step went on. */
  progress(step: StepKey, progress: Progress): void {
    const now = this.#elapsed();
    const began = this.#began.get(step) ?? now;
    this.#began.set(step, began);
    this.#told.set(step, progress);
    if (now - began < SHORT_MS || now - this.#last < EVERY_MS) return;
    this.#last = now;
    void this.#liveness.tell(Object.fromEntries(this.#told));
  }

  /** A try of it ended: what it told is told no more. */
  ended(step: StepKey): void {
    this.#began.delete(step);
    this.#told.delete(step);
  }
}

/** What the steps of live claims told last; the same map where nothing is new. */
export async function readProgress(
  liveness: Pick<Liveness, "told">,
  claims: readonly Claim[],
  before: ReadonlyMap<StepKey, Told>,
  now: Instant,
): Promise<ReadonlyMap<StepKey, Told>> {
  if (claims.length === 0) return before.size === 0 ? before : new Map();
  const tellers = new Map<string, Readonly<Record<string, Progress>>>();
  for (const { holder } of claims) {
    if (!tellers.has(holder)) tellers.set(holder, await liveness.told(holder));
  }
  const told = new Map<StepKey, Told>();
  let changed = false;
  for (const claim of claims) {
    const key = stepKey(claim.asset, claim.partition);
    const last = tellers.get(claim.holder)?.[key];
    if (last === undefined) continue;
    const known = before.get(key);
    // Of an earlier try nothing is gone on with.
    const own = known !== undefined && known.firstAt >= claim.since ? known : null;
    if (own !== null && JSON.stringify(own.last) === JSON.stringify(last)) {
      told.set(key, own);
      continue;
    }
    changed = true;
    const { first, firstAt } = own ?? { first: last, firstAt: now };
    told.set(key, { first, firstAt, last, lastAt: now });
  }
  return changed || told.size !== before.size ? told : before;
}
