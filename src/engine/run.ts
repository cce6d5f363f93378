/**
 * Drives one run to its end: asks the machine what may start, claims it, has it executed, publishes what came of
 * it, and tells the machine. Every write is one `commit`; whatever ended since the last round is written together.
 *
 * Races, and what settles them: two processes want one step (the claim, decided in the transaction); an attempt
 * comes late (`stillHolds`, decided in the publishing transaction); this process dies (its claims count no more,
 * since its lock is free; `recover.ts` says so in the log).
 */
import type { Event, StepOutcome, Stored } from "../core/event.ts";
import type { AttemptId, HolderId, RunId, StepKey, VersionId } from "../core/key.ts";
import type { PlannedStep } from "../core/plan.ts";
import { type Consequence, createMachine, type Machine } from "../core/run/machine.ts";
import { deadOf, holdersOf, interruptions } from "../core/rules.ts";
import { runOutcome } from "../core/run/outcome.ts";
import { type ClaimAnswer, decideClaims } from "./claim.ts";
import type { Engine, Left, RunHooks, RunRequest, RunResult } from "./context.ts";
import type { Claimed } from "./order.ts";
import { executeStep, type Finished, pause } from "./steps.ts";
import { settle, type Settled, stillHolds } from "./settle.ts";

/** How often a step that another process holds, or a full pool, is looked at again. */
const POLL_MS = 50;
/** Events keep at most so many planned steps. */
const STEPS_LOGGED = 10_000;

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
  readonly #id: RunId;
  readonly #startedAt: number;
  readonly #finished: Finished[] = [];
  /** Could not be claimed yet: full pool (`left` is null) or in other hands; offered again at `until`. */
  readonly #parked = new Map<StepKey, { step: PlannedStep; until: number; left: Left | null }>();
  readonly #inFlight = new Map<StepKey, AbortController>();
  readonly #left: Left[] = [];
  #since = 0;
  #dead: ReadonlySet<HolderId> = new Set();
  #wake: () => void = () => {};
  #stopped = false;
  /** Has claimed a step. */
  #took = false;

  constructor(engine: Engine, request: RunRequest, hooks: RunHooks) {
    this.#engine = engine;
    this.#request = request;
    this.#hooks = hooks;
    this.#machine = createMachine(request.plan.steps);
    this.#id = engine.ids.next() as RunId;
    this.#startedAt = engine.clock.now();
  }

  async toEnd(): Promise<RunResult> {
    const { hooks } = { hooks: this.#hooks };
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
    }
  }

  /** The run's own time limit: as if it were cancelled. */
  #limitRun(): AbortController {
    const over = new AbortController();
    const { timeoutMs } = this.#request;
    if (timeoutMs !== null) {
      pause(this.#engine.clock, timeoutMs, over.signal).then(() => {
        if (over.signal.aborted) return;
        this.#stopped = true;
        for (const controller of this.#inFlight.values()) controller.abort("timeout");
        this.#wake();
      });
    }
    return over;
  }

  async #begin(): Promise<void> {
    const { plan, trigger, selection, requestKey, settings, command } = this.#request;
    const run = this.#id;
    await this.#lookWhoIsAlive();
    const stored = await this.#commit((state) => [
      ...interruptions(state, this.#dead),
      { kind: "run-requested", run, trigger, selection, requestKey, settings },
      {
        kind: "run-started",
        run,
        holder: this.#engine.holder,
        command,
        steps: plan.steps.slice(0, STEPS_LOGGED).map(({ asset, partition, reasons, certain }) => ({
          asset,
          partition,
          reasons,
          certain,
        })),
        total: plan.steps.length,
      },
    ], false);
    this.#since = stored.at(-1)?.id ?? 0;
    this.#engine.point("run-started");
  }

  async #round(): Promise<void> {
    const published = this.#finished.length > 0;
    if (published) await this.#publish(this.#finished.splice(0));
    if (this.#mustStop()) await this.#stopStarting();
    this.#unpark(published);
    const now = this.#engine.clock.now();
    const room = this.#request.concurrency - this.#inFlight.size;
    const steps = this.#stopped || room <= 0 ? [] : this.#machine.start(now, room);
    if (steps.length > 0) {
      // Whatever came of it, there may be others that can start: they are asked before anybody waits.
      await this.#claim(steps);
      return;
    }
    if (this.#machine.done() || this.#finished.length > 0) return;
    if (await this.#leaveToOthers()) return;
    await this.#sleep();
  }

  #mustStop(): boolean {
    if (this.#stopped) return true;
    const failed = this.#request.failFast && this.#machine.counts().failed > 0;
    return failed || this.#hooks.stop.aborted || this.#hooks.kill.aborted;
  }

  async #stopStarting(): Promise<void> {
    this.#stopped = true;
    for (const { step } of this.#parked.values()) this.#machine.putBack(step.key);
    this.#parked.clear();
    const ends = this.#machine.stop();
    if (ends.length > 0) {
      await this.#commit(() => ends.map((each) => this.#consequence(each)), false);
    }
  }

  /** Waits for an end, a retry's time, another process, or Ctrl-C. */
  async #sleep(): Promise<void> {
    const { clock } = this.#engine;
    const retry = this.#machine.nextRetry();
    const until = Math.min(
      retry ?? Infinity,
      ...[...this.#parked.values()].map((each) => each.until),
    );
    const over = new AbortController();
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      if (this.#finished.length > 0 || (this.#mustStop() && !this.#stopped)) resolve();
      else if (until !== Infinity) pause(clock, until - clock.now(), over.signal).then(resolve);
      else if (this.#inFlight.size === 0) resolve();
    });
    over.abort();
    this.#wake = () => {};
  }

  /** Offers again what could not be claimed: when its time has come, and at once when a step of ours has ended. */
  #unpark(published: boolean): void {
    const now = this.#engine.clock.now();
    for (const [key, { step, until }] of this.#parked) {
      if (!published && until > now) continue;
      this.#parked.delete(key);
      this.#machine.putBack(step.key);
    }
  }
  /** Since when each step that had to wait has waited. */
  readonly #waited = new Map<StepKey, number>();

  async #claim(steps: readonly PlannedStep[]): Promise<void> {
    await this.#lookWhoIsAlive();
    const { ids } = this.#engine;
    const asked = steps.map((step) => ({
      step,
      number: this.#machine.tries(step.key),
      attempt: ids.next() as AttemptId,
      versions: step.together.map(() => ids.next() as VersionId),
    }));
    let answers: readonly ClaimAnswer[] = [];
    await this.#commit((state) => {
      const decided = decideClaims(state, {
        layout: this.#request.layout,
        run: this.#id,
        since: this.#since,
        holder: this.#engine.holder,
        around: this.#around(),
        pools: this.#request.pools,
        dead: this.#dead,
        steps: asked,
      });
      answers = decided.answers;
      return decided.events;
    }, false);
    const consequences: Consequence[] = [];
    this.#took ||= answers.some((answer) => answer.kind === "claimed");
    for (const answer of answers) {
      switch (answer.kind) {
        case "claimed":
          this.#engine.point("claimed");
          this.#execute(answer.claimed);
          break;
        case "unchanged":
          consequences.push(...this.#machine.end(answer.step.key, "unchanged"));
          break;
        case "elsewhere":
          consequences.push(...await this.#waitOrLeave(answer));
          break;
        case "pool":
          this.#hooks.onWaiting(answer.step, answer.text);
          this.#park(answer.step, null);
          break;
      }
    }
    if (consequences.length > 0) {
      await this.#commit(() => consequences.map((each) => this.#consequence(each)), false);
    }
  }

  async #waitOrLeave(
    answer: Extract<ClaimAnswer, { kind: "elsewhere" }>,
  ): Promise<readonly Consequence[]> {
    const { step, by } = answer;
    const now = this.#engine.clock.now();
    const since = this.#waited.get(step.key) ?? now;
    const who = await this.#engine.liveness.describe(by.holder);
    const text = who === null
      ? `another process works on it`
      : `process ${who.pid} works on it (${who.command})`;
    const left: Left = { step, holder: by.holder, since: by.since, text };
    if (now - since < this.#request.waitMs || this.#request.joins) {
      this.#hooks.onWaiting(step, text);
      this.#waited.set(step.key, since);
      this.#park(step, left);
      return [];
    }
    return await this.#leave(left);
  }

  #park(step: PlannedStep, left: Left | null): void {
    this.#parked.set(step.key, { step, until: this.#engine.clock.now() + POLL_MS, left });
  }

  /** A run that joins others, and finds that they hold all that could start, has nothing to add. */
  async #leaveToOthers(): Promise<boolean> {
    const lefts = [...this.#parked.values()].flatMap(({ left }) => left ?? []);
    const idle = this.#inFlight.size === 0 && this.#machine.nextRetry() === null;
    if (!this.#request.joins || this.#took || !idle || lefts.length === 0) return false;
    if (lefts.length < this.#parked.size) return false;
    this.#parked.clear();
    const consequences: Consequence[] = [];
    for (const left of lefts) consequences.push(...await this.#leave(left));
    await this.#commit(() => consequences.map((each) => this.#consequence(each)), false);
    return true;
  }

  async #leave(left: Left): Promise<readonly Consequence[]> {
    this.#left.push(left);
    const ends = this.#machine.end(left.step.key, "cancelled");
    for (const end of ends) this.#left.push({ ...left, step: end.step });
    await this.#commit(() => [this.#ended(left.step, "cancelled", left.text)], false);
    return ends;
  }

  /** The circumstances as they are now: time has passed since the plan. */
  #around() {
    return { ...this.#request.around, now: this.#engine.clock.now() };
  }

  #execute(claimed: Claimed): void {
    const { key } = claimed.step;
    const controller = new AbortController();
    if (this.#hooks.kill.aborted) controller.abort("cancel");
    this.#inFlight.set(key, controller);
    executeStep(this.#engine, this.#request, this.#hooks, this.#id, claimed, controller).then(
      (finished) => {
        this.#engine.point("staged");
        this.#inFlight.delete(key);
        this.#finished.push(finished);
        this.#wake();
      },
    );
  }

  /** One transaction for all that ended; what lost its claim meanwhile publishes nothing. */
  async #publish(finished: readonly Finished[]): Promise<void> {
    const { random, clock } = this.#engine;
    const { layout, state } = this.#request;
    const randoms = finished.map(() => random());
    let settled: Settled[] = [];
    let late: Finished[] = [];
    await this.#commit((now) => {
      settled = [];
      late = [];
      const events: Event[] = [];
      finished.forEach((each, index) => {
        if (!stillHolds(now, each.claimed)) {
          late.push(each);
          return;
        }
        const { claimed, result, seconds } = each;
        const one = settle(
          layout,
          state,
          this.#id,
          claimed,
          result,
          seconds,
          clock.now(),
          randoms[index] ?? 0,
        );
        settled.push(one);
        events.push(...one.events);
      });
      return events;
    }, true);
    this.#engine.point("published");
    const consequences: Consequence[] = [];
    for (const { claimed, next } of settled) {
      if (next.kind === "retry" && !this.#mustStop()) {
        this.#machine.retry(claimed.step.key, next.at);
      } else {
        const outcome: StepOutcome = next.kind === "retry" ? "failed" : next.outcome;
        const leftOut = next.kind === "end" ? next.leftOut ?? [] : [];
        consequences.push(...this.#machine.end(claimed.step.key, outcome, leftOut));
      }
    }
    for (const { claimed, result } of late) {
      if (result.kind === "made") {
        for (const { file } of result.candidates) {
          if (file !== null) await this.#engine.discard(file.path);
        }
      }
      consequences.push(...this.#machine.end(claimed.step.key, "interrupted"));
    }
    if (consequences.length > 0) {
      await this.#commit(() => consequences.map((each) => this.#consequence(each)), false);
    }
    this.#engine.point("step-ended");
  }

  async #end(): Promise<RunResult> {
    const counts = this.#machine.counts();
    const held = this.#left.length;
    counts.cancelled -= held;
    const outcome = runOutcome(counts);
    const seconds = (this.#engine.clock.now() - this.#startedAt) / 1000;
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

  #consequence({ step, outcome, because }: Consequence): Event {
    const text = because === null
      ? "the run was stopped before it began"
      : outcome === "skipped"
      ? `${because} was skipped`
      : outcome === "cancelled"
      ? `${because} was cancelled`
      : `${because} did not succeed`;
    return this.#ended(step, outcome, text);
  }

  #ended(step: PlannedStep, outcome: "blocked" | "skipped" | "cancelled", text: string): Event {
    return {
      kind: "step-ended",
      run: this.#id,
      asset: step.asset,
      partition: step.partition,
      attempt: null,
      outcome,
      text,
      code: "",
      inputs: "",
    };
  }

  async #lookWhoIsAlive(): Promise<void> {
    const holders = holdersOf(this.#request.state).filter((each) => each !== this.#engine.holder);
    if (holders.length === 0) return;
    this.#dead = deadOf(holders, await this.#engine.liveness.alive(holders));
  }
}
