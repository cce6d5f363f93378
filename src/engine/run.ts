/**
 * Drives one run to its end: asks the machine what may start, claims it, has it executed, publishes what came of
 * it, and tells the machine. Every write is one `commit`; whatever ended since the last round is written together.
 *
 * Races, and what settles them: two processes want one step (the claim, decided in the transaction); an attempt
 * comes late (`stillHolds`, decided in the publishing transaction); this process dies (its claims count no more,
 * since its lock is free; whoever works next says so in the log).
 */
import type { Event, StepOutcome, Stored } from "../core/event.ts";
import type { AttemptId, RunId, StepKey, VersionId } from "../core/key.ts";
import type { PlannedStep } from "../core/plan.ts";
import { type Consequence, createMachine, type Machine } from "../core/run/machine.ts";
import { runOutcome } from "../core/run/outcome.ts";
import { beginEvents } from "./begin.ts";
import { type ClaimAnswer, decideClaims } from "./claim.ts";
import type { Engine, Left, RunHooks, RunRequest, RunResult } from "./context.ts";
import { consequenceEvents, endedEvent } from "./ends.ts";
import type { Claimed } from "./order.ts";
import { Neighbours } from "./neighbours.ts";
import { decidePublishing, type Publishing } from "./publishing.ts";
import { RunTaken } from "./resume.ts";
import { Parking } from "./parking.ts";
import { executeStep, type Finished, limitTime, waitFor } from "./steps.ts";

/** How often one looks whether others have appended anything, while a step waits for them: a read of one number. */
const LOOK_MS = 20;

/** Runs the plan. Rejects only for a broken store or a bug; everything else is in the result and the log. */
export async function run(
  engine: Engine,
  request: RunRequest,
  hooks: RunHooks,
): Promise<RunResult> {
  return await new Run(engine, request, hooks).toEnd();
}

/** A class, since the rounds share what is in flight; nothing of it outlives `toEnd`. */
class Run {
  readonly #engine: Engine;
  readonly #request: RunRequest;
  readonly #hooks: RunHooks;
  readonly #machine: Machine;
  readonly #others: Neighbours;
  readonly #id: RunId;
  readonly #startedAt: number;
  readonly #elapsedAt: number;
  readonly #finished: Finished[] = [];
  readonly #parking = new Parking();
  /** Were parked, and are to be asked over again. */
  readonly #again = new Set<StepKey>();
  readonly #inFlight = new Map<StepKey, AbortController>();
  readonly #left: Left[] = [];
  #since = 0;
  #wake: () => void = () => {};
  #stopped = false;
  /** The run's own time limit is over. */
  #overdue = false;
  /** Has claimed a step. */
  #took = false;
  /** Something happened that may let a parked step go on. */
  #news = false;
  #broken: { readonly error: unknown } | null = null;

  constructor(engine: Engine, request: RunRequest, hooks: RunHooks) {
    this.#engine = engine;
    this.#request = request;
    this.#hooks = hooks;
    this.#machine = createMachine(request.plan.steps);
    this.#others = new Neighbours(engine, request.state);
    this.#id = request.resumes ?? engine.ids.next() as RunId;
    this.#startedAt = engine.clock.now();
    this.#elapsedAt = engine.clock.elapsed();
  }

  async toEnd(): Promise<RunResult> {
    const hooks = this.#hooks;
    const wake = () => this.#wake();
    const kill = () => {
      for (const controller of this.#inFlight.values()) controller.abort("cancel");
      this.#wake();
    };
    hooks.stop.addEventListener("abort", wake);
    hooks.kill.addEventListener("abort", kill);
    const limit = this.#limitRun();
    try {
      await this.#begin();
      while (!this.#machine.done()) await this.#round();
      return await this.#end();
    } finally {
      limit.abort();
      hooks.stop.removeEventListener("abort", wake);
      hooks.kill.removeEventListener("abort", kill);
      for (const controller of this.#inFlight.values()) controller.abort("cancel");
      await this.#others.tell([]);
    }
  }

  /** The run's own time limit ends what runs as a timeout does; the rest is not begun. */
  #limitRun(): Pick<AbortController, "abort"> {
    return limitTime(this.#engine.clock, this.#request.timeoutMs, () => {
      this.#overdue = true;
      for (const controller of this.#inFlight.values()) controller.abort("timeout");
      this.#wake();
    });
  }

  /** Wall time as it was at the start, and since then by a clock that nobody turns: retries wait by it. */
  #now(): number {
    return this.#startedAt + this.#engine.clock.elapsed() - this.#elapsedAt;
  }

  async #begin(): Promise<void> {
    const run = this.#id;
    await this.#others.lookWhoIsAlive();
    let taken = false;
    const { holder } = this.#engine;
    const stored = await this.#commit((state) => {
      const events = beginEvents(state, this.#request, run, holder, this.#others.dead);
      taken = events === null;
      return events ?? [];
    }, false);
    if (taken) throw new RunTaken();
    this.#since = stored.at(-1)?.id ?? 0;
    this.#engine.point("run-started");
  }

  async #round(): Promise<void> {
    if (this.#broken !== null) throw this.#broken.error;
    if (this.#finished.length > 0) {
      this.#news = true;
      await this.#publish(this.#finished.splice(0));
    }
    if (this.#mustStop() && !this.#stopped) await this.#stopStarting();
    if (this.#news) this.#unpark();
    const room = this.#request.concurrency - this.#inFlight.size;
    const steps = this.#stopped || room <= 0 ? [] : this.#machine.start(this.#now(), room);
    if (steps.length > 0) {
      // Whatever came of it, there may be others that can start: they are asked before anybody waits.
      await this.#claim(steps.filter((step) => !this.#queue(step)));
      return;
    }
    if (this.#machine.done() || this.#finished.length > 0) return;
    if (await this.#leaveToOthers()) return;
    await this.#sleep();
  }

  #mustStop(): boolean {
    if (this.#stopped || this.#overdue) return true;
    const failed = this.#request.failFast && this.#machine.counts().failed > 0;
    return failed || this.#hooks.stop.aborted || this.#hooks.kill.aborted;
  }

  async #stopStarting(): Promise<void> {
    this.#stopped = true;
    for (const { key } of this.#parking.takeAll()) this.#machine.putBack(key);
    await this.#tell(this.#machine.stop());
  }

  /** Waits for an end, a retry's time, another process, or Ctrl-C. */
  async #sleep(): Promise<void> {
    await this.#others.tell(this.#parking.waits());
    for (;;) {
      if (this.#finished.length > 0 || this.#broken || (this.#mustStop() && !this.#stopped)) return;
      // Where all hands are full a try that is due starts no sooner: to come back for it would be to spin.
      const room = this.#request.concurrency - this.#inFlight.size;
      const retry = room > 0 ? this.#machine.nextRetry() : null;
      const left = retry === null ? Infinity : retry - this.#now();
      if (left <= 0) return;
      const waits = this.#parking.size > 0;
      const ms = waits ? Math.min(left, LOOK_MS) : left;
      if (ms === Infinity && this.#inFlight.size === 0) {
        throw new Error("nothing runs, nothing waits, and yet the run is not at its end");
      }
      const woken = await waitFor(this.#engine.clock, ms, (wake) => this.#wake = wake);
      if (woken) return;
      if (waits && await this.#changedElsewhere()) {
        this.#news = true;
        return;
      }
    }
  }

  /** Has another process done something, or did a wait last too long? */
  async #changedElsewhere(): Promise<boolean> {
    const { waitMs, joins } = this.#request;
    if (this.#parking.yielding) return true;
    const now = this.#engine.clock.now();
    const late = ({ step }: Left) => now - this.#parking.since(step.key) >= waitMs;
    if (!joins && this.#parking.lefts.some(late)) return true;
    return await this.#others.changed();
  }

  /** What waits is offered again: of each pool as much as it has slots. */
  #unpark(): void {
    this.#news = false;
    const { pools } = this.#request;
    for (const { key } of this.#parking.takeSome((pool) => pools[pool] ?? 1)) {
      this.#again.add(key);
      this.#machine.putBack(key);
    }
  }

  /** Nobody overtakes in the queue of a full pool: then there is nothing to ask. */
  #queue(step: PlannedStep): boolean {
    const { pool } = this.#request.layout.def(step.asset);
    if (this.#again.delete(step.key) || pool === null) return false;
    if (!this.#parking.queues(pool.name, step.priority)) return false;
    this.#hooks.onWaiting(step, `waits for pool ${pool.name}`);
    this.#parking.waitForPool(step, pool.name, pool.slots, this.#engine.clock.now());
    return true;
  }

  async #claim(steps: readonly PlannedStep[]): Promise<void> {
    if (steps.length === 0) return;
    await this.#others.lookWhoIsAlive();
    const { ids, clock, liveness } = this.#engine;
    const { layout, pools } = this.#request;
    const asked = steps.map((step) => ({
      step,
      number: this.#machine.tries(step.key),
      attempt: ids.next() as AttemptId,
      versions: step.together.map(() => ids.next() as VersionId),
      since: this.#parking.since(step.key),
      yields: this.#parking.yields(step.key, clock.elapsed()),
    }));
    const pooled = steps.some((step) => layout.def(step.asset).pool !== null);
    const waits = pooled ? await liveness.waits() : [];
    let answers: readonly ClaimAnswer[] = [];
    await this.#commit((state) => {
      const decided = decideClaims(state, {
        layout,
        run: this.#id,
        since: this.#since,
        holder: this.#engine.holder,
        around: { ...this.#request.around, now: clock.now(), dead: this.#others.dead },
        pools,
        dead: this.#others.dead,
        waits,
        steps: asked,
      });
      answers = decided.answers;
      return decided.events;
    }, false);
    const consequences: Consequence[] = [];
    for (const answer of answers) consequences.push(...await this.#answered(answer));
    await this.#tell(consequences);
  }

  async #answered(answer: ClaimAnswer): Promise<readonly Consequence[]> {
    const { clock } = this.#engine;
    if (answer.kind === "claimed") {
      this.#parking.forget(answer.claimed.step.key);
      this.#took = true;
      this.#engine.point("claimed");
      this.#execute(answer.claimed);
      return [];
    }
    const { step } = answer;
    switch (answer.kind) {
      case "unchanged":
        this.#parking.forget(step.key);
        return this.#machine.end(step.key, "unchanged");
      case "held":
        this.#parking.forget(step.key);
        return this.#machine.end(step.key, "skipped");
      case "later":
        this.#machine.retry(step.key, this.#now() + answer.at - clock.now());
        return [];
      case "elsewhere":
        return await this.#waitOrLeave(answer);
      case "pool":
        this.#hooks.onWaiting(step, answer.text);
        this.#parking.waitForPool(step, answer.pool, answer.slots, clock.now());
        if (answer.turn) this.#parking.letOthersFirst(step.key, clock.elapsed());
        return [];
    }
  }

  async #waitOrLeave(
    answer: Extract<ClaimAnswer, { kind: "elsewhere" }>,
  ): Promise<readonly Consequence[]> {
    const { step, by } = answer;
    const now = this.#engine.clock.now();
    const since = Math.min(now, this.#parking.since(step.key));
    const text = await this.#others.describe(by.holder);
    const left: Left = { step, holder: by.holder, since: by.since, text };
    if (now - since < this.#request.waitMs || this.#request.joins) {
      this.#hooks.onWaiting(step, text);
      this.#parking.waitForOther(left, now);
      return [];
    }
    return await this.#leave(left);
  }

  /** A run that joins others, and finds that they hold all that could start, has nothing to add. */
  async #leaveToOthers(): Promise<boolean> {
    const { lefts, size } = this.#parking;
    const idle = this.#inFlight.size === 0 && this.#machine.nextRetry() === null;
    if (!this.#request.joins || this.#took || !idle || lefts.length === 0) return false;
    if (lefts.length < size) return false;
    this.#parking.takeAll();
    for (const left of lefts) await this.#tell(await this.#leave(left));
    return true;
  }

  async #leave(left: Left): Promise<readonly Consequence[]> {
    this.#parking.forget(left.step.key);
    this.#left.push(left);
    const ends = this.#machine.end(left.step.key, "cancelled");
    for (const end of ends) this.#left.push({ ...left, step: end.step });
    await this.#commit(() => [endedEvent(this.#id, left.step, "cancelled", left.text)], false);
    return ends;
  }

  #execute(claimed: Claimed): void {
    const { key } = claimed.step;
    const controller = new AbortController();
    if (this.#hooks.kill.aborted) controller.abort("cancel");
    if (this.#overdue) controller.abort("timeout");
    this.#inFlight.set(key, controller);
    executeStep(this.#engine, this.#request, this.#hooks, this.#id, claimed, controller).then(
      (finished) => {
        this.#engine.point("staged");
        this.#inFlight.delete(key);
        this.#finished.push(finished);
      },
    ).catch((error) => this.#broken = { error }).finally(() => this.#wake());
  }

  /** One transaction for all that ended; what lost its claim meanwhile publishes nothing. */
  async #publish(finished: readonly Finished[]): Promise<void> {
    const { random, clock } = this.#engine;
    const { layout, state, timeoutMs } = this.#request;
    const randoms = finished.map(() => random());
    const last = this.#mustStop();
    const overdueMs = this.#overdue ? timeoutMs : null;
    let at = clock.now();
    let decided: Publishing = { events: [], settled: [], late: [] };
    await this.#commit((current) => {
      at = clock.now();
      const settling = { layout, state, run: this.#id, now: at, last, overdueMs };
      decided = decidePublishing(current, settling, finished, randoms);
      return decided.events;
    }, true);
    this.#engine.point("published");
    const consequences: Consequence[] = [];
    for (const { claimed, next } of decided.settled) {
      const { key } = claimed.step;
      if (next.kind === "retry") this.#machine.retry(key, this.#now() + next.at - at);
      else consequences.push(...this.#machine.end(key, next.outcome, next.leftOut ?? []));
    }
    for (const { claimed, result } of decided.late) {
      if (result.kind === "made") {
        for (const { file } of result.candidates) {
          if (file !== null) await this.#engine.discard(file.path);
        }
      }
      consequences.push(...this.#machine.end(claimed.step.key, "interrupted"));
    }
    await this.#tell(consequences);
    this.#engine.point("step-ended");
  }

  async #end(): Promise<RunResult> {
    const counts: Record<StepOutcome, number> = this.#machine.counts();
    counts.cancelled -= this.#left.length;
    const sum = runOutcome(counts);
    const outcome = this.#overdue && sum === "cancelled" ? "failed" : sum;
    const seconds = (this.#engine.clock.elapsed() - this.#elapsedAt) / 1000;
    this.#engine.point("before-run-ended");
    await this.#commit(
      () => [{ kind: "run-ended", run: this.#id, outcome, steps: counts, seconds }],
      true,
    );
    this.#engine.point("run-ended");
    return { run: this.#id, outcome, counts, left: this.#left, seconds };
  }

  async #commit(
    decide: (state: RunRequest["state"]) => readonly Event[],
    durable: boolean,
  ): Promise<readonly Stored[]> {
    const { store, clock } = this.#engine;
    const { own } = await store.commit(this.#request.state, clock.now(), decide, { durable });
    if (own.length > 0) {
      this.#hooks.onEvents(own.filter(({ event }) => "run" in event && event.run === this.#id));
    }
    return own;
  }

  /** Logs the ends that followed from others. */
  async #tell(consequences: readonly Consequence[]): Promise<void> {
    if (consequences.length === 0) return;
    const stopped = this.#overdue
      ? "the run's time was over before it began"
      : "the run was stopped before it began";
    await this.#commit((now) => consequenceEvents(this.#id, now, consequences, stopped), false);
  }
}
