/**
 * The run machine: which steps of a plan may start now, and what the end of one means for the others.
 *
 *   waiting ──upstreams ended well──▶ ready ──start──▶ running ──▶ ended(outcome)
 *      │                                ▲                 │
 *      │                                └── retrying ◀────┘ try failed, policy not spent
 *      └──an upstream failed / was skipped──▶ ended(blocked / skipped)
 *
 * A skip ends what needs that partition; what needs others of the asset too is made of those.
 *
 * It decides order only: whether a claim succeeds, and whether there still is a reason, is told to it.
 * No clock, no I/O; `now` is handed in. All work is amortised: an end costs what depends on it.
 */
import type { StepOutcome } from "../event.ts";
import { type AssetKey, type Instant, type StepKey, stepKey } from "../key.ts";
import type { PlannedStep } from "../plan.ts";

type Status = "waiting" | "ready" | "running" | "retrying" | "ended";

interface Cell {
  readonly step: PlannedStep;
  readonly order: number;
  status: Status;
  outcome: StepOutcome | null;
  /** Why it was blocked, skipped or cancelled: the upstream's key. */
  because: StepKey | null;
  open: number;
  tries: number;
  retryAt: Instant | null;
  /** Who waits for which of its asset partitions. */
  readonly followers: {
    readonly step: StepKey;
    readonly of: StepKey;
    readonly optional: boolean;
  }[];
  leftOut: readonly StepKey[];
}

/** An end that followed from another one, to be logged by whoever drives the machine. */
export interface Consequence {
  readonly step: PlannedStep;
  readonly outcome: "blocked" | "skipped" | "cancelled";
  readonly because: StepKey | null;
}

export interface Machine {
  /** Takes up to `room` steps that may start, by priority, then plan order; they count as running from now on. */
  start(now: Instant, room: number): readonly PlannedStep[];
  /** Puts a started step back: it could not be claimed yet. It is offered again by the next `start`. */
  putBack(step: StepKey): void;
  /** A try failed and another follows. */
  retry(step: StepKey, at: Instant): void;
  /**
   * A step ended; gives the ends that follow from it. `leftOut`: of its asset partitions those that it did not make
   * though it succeeded; whatever needs them is skipped.
   */
  end(step: StepKey, outcome: StepOutcome, leftOut?: readonly StepKey[]): readonly Consequence[];
  /** Nothing more is started: gives the ends of all that had not begun. */
  stop(): readonly Consequence[];
  /** The earliest retry; null where none waits. */
  nextRetry(): Instant | null;
  running(): number;
  /** Tries of a step that have been started. */
  tries(step: StepKey): number;
  done(): boolean;
  counts(): Record<StepOutcome, number>;
  outcomeOf(step: StepKey): StepOutcome | null;
}

/** Makes the machine for a plan's steps. */
export function createMachine(steps: readonly PlannedStep[]): Machine {
  const cells = new Map<StepKey, Cell>();
  steps.forEach((step, order) =>
    cells.set(step.key, {
      step,
      order,
      status: "waiting",
      outcome: null,
      because: null,
      open: 0,
      tries: step.retry?.tries ?? 0,
      retryAt: step.retry?.at ?? null,
      followers: [],
      leftOut: [],
    })
  );
  /** By each asset partition that a step makes. */
  const makers = new Map<StepKey, Cell>();
  const assets = new Map<StepKey, AssetKey>();
  for (const cell of cells.values()) {
    for (const asset of cell.step.together) {
      makers.set(stepKey(asset, cell.step.partition), cell);
      assets.set(stepKey(asset, cell.step.partition), asset);
    }
  }
  const ready = createQueue();
  const retrying = new Set<Cell>();
  const counts: Record<StepOutcome, number> = {
    succeeded: 0,
    unchanged: 0,
    failed: 0,
    skipped: 0,
    blocked: 0,
    cancelled: 0,
    interrupted: 0,
  };
  let running = 0;
  let ended = 0;
  let stopped = false;

  for (const cell of cells.values()) {
    for (
      const [list, optional] of [[cell.step.after, false], [cell.step.afterAny, true]] as const
    ) {
      for (const key of list) {
        const upstream = makers.get(key);
        if (upstream === undefined || upstream === cell) continue;
        upstream.followers.push({ step: cell.step.key, of: key, optional });
        cell.open++;
      }
    }
  }
  for (const cell of cells.values()) if (cell.open === 0) offer(cell);

  function offer(cell: Cell): void {
    if (cell.retryAt !== null) {
      // A try that another run has left to this one waits for its time like one of its own.
      cell.status = "retrying";
      retrying.add(cell);
      return;
    }
    cell.status = "ready";
    ready.push(cell);
  }

  function finish(cell: Cell, outcome: StepOutcome, because: StepKey | null): void {
    if (cell.status === "running") running--;
    retrying.delete(cell);
    cell.status = "ended";
    cell.outcome = outcome;
    cell.because = because;
    counts[outcome]++;
    ended++;
  }

  /** Ends what cannot run any more, without recursion: a chain of 10,000 is no depth. */
  function settle(from: Cell): Consequence[] {
    const consequences: Consequence[] = [];
    const queue = [from];
    for (let cell = queue.pop(); cell !== undefined; cell = queue.pop()) {
      for (const { step, of, optional } of cell.followers) {
        const follower = cells.get(step);
        if (follower === undefined || follower.status === "ended") continue;
        follower.open--;
        const outcome = optional ? null : verdict(follower, of, outcomeOf(of));
        if (outcome !== null) {
          finish(follower, outcome, of);
          consequences.push({ step: follower.step, outcome, because: of });
          queue.push(follower);
        } else if (follower.open === 0 && follower.status === "waiting") {
          if (stopped) {
            finish(follower, "cancelled", null);
            consequences.push({ step: follower.step, outcome: "cancelled", because: null });
            queue.push(follower);
          } else offer(follower);
        }
      }
    }
    return consequences;
  }

  /** How one asset partition ended. */
  function outcomeOf(key: StepKey): StepOutcome | null {
    const cell = makers.get(key);
    if (cell === undefined) return null;
    return cell.leftOut.includes(key) ? "skipped" : cell.outcome;
  }

  /** What the end of one upstream means for a follower: null while it may still run. */
  function verdict(
    follower: Cell,
    of: StepKey,
    outcome: StepOutcome | null,
  ): "blocked" | "skipped" | "cancelled" | null {
    if (outcome === null || outcome === "succeeded" || outcome === "unchanged") return null;
    if (follower.step.needs === "done") return null;
    if (follower.step.needs === "any") {
      if (follower.open > 0) return null;
      const all = follower.step.after.map(outcomeOf);
      if (all.some((each) => each === "succeeded" || each === "unchanged")) return null;
      return all.every((each) => each === "skipped") ? "skipped" : "blocked";
    }
    if (outcome === "skipped") return hasOthers(follower, of) ? null : "skipped";
    return outcome === "cancelled" ? "cancelled" : "blocked";
  }

  /** Has it, or may it still get, another partition of the asset whose partition was skipped? */
  function hasOthers({ step }: Cell, of: StepKey): boolean {
    const asset = assets.get(of);
    if (asset === undefined) return false;
    return step.partly?.includes(asset) === true ||
      step.after.some((key) =>
        key !== of && assets.get(key) === asset && outcomeOf(key) !== "skipped"
      );
  }

  return {
    start(now, room) {
      for (const cell of retrying) {
        if (cell.retryAt !== null && cell.retryAt <= now) {
          retrying.delete(cell);
          cell.retryAt = null;
          offer(cell);
        }
      }
      const taken: PlannedStep[] = [];
      while (taken.length < room) {
        const cell = ready.pop();
        if (cell === undefined) break;
        if (cell.status !== "ready") continue;
        cell.status = "running";
        cell.tries++;
        running++;
        taken.push(cell.step);
      }
      return taken;
    },
    putBack(step) {
      const cell = cells.get(step);
      if (cell === undefined || cell.status !== "running") return;
      running--;
      cell.tries--;
      offer(cell);
    },
    retry(step, at) {
      const cell = cells.get(step);
      if (cell === undefined || cell.status !== "running") return;
      running--;
      cell.status = "retrying";
      cell.retryAt = at;
      retrying.add(cell);
    },
    end(step, outcome, leftOut = []) {
      const cell = cells.get(step);
      if (cell === undefined || cell.status === "ended") return [];
      cell.leftOut = leftOut;
      finish(cell, outcome, null);
      return settle(cell);
    },
    stop() {
      stopped = true;
      const consequences: Consequence[] = [];
      for (const cell of cells.values()) {
        if (cell.status === "running" || cell.status === "ended") continue;
        finish(cell, "cancelled", null);
        consequences.push({ step: cell.step, outcome: "cancelled", because: null });
      }
      return consequences;
    },
    nextRetry() {
      let next: Instant | null = null;
      for (const { retryAt } of retrying) {
        if (retryAt !== null && (next === null || retryAt < next)) next = retryAt;
      }
      return next;
    },
    running: () => running,
    tries: (step) => cells.get(step)?.tries ?? 0,
    done: () => ended === cells.size,
    counts: () => ({ ...counts }),
    outcomeOf,
  };
}

/** Priority first, then plan order: a binary heap, since a backfill may offer ten thousand at once. */
function createQueue(): { push(cell: Cell): void; pop(): Cell | undefined } {
  const heap: Cell[] = [];
  const before = (a: Cell, b: Cell) =>
    a.step.priority !== b.step.priority ? a.step.priority > b.step.priority : a.order < b.order;
  return {
    push(cell) {
      heap.push(cell);
      let at = heap.length - 1;
      while (at > 0) {
        const up = (at - 1) >> 1;
        const parent = heap[up];
        if (parent === undefined || !before(cell, parent)) break;
        heap[at] = parent;
        at = up;
      }
      heap[at] = cell;
    },
    pop() {
      const top = heap[0];
      const last = heap.pop();
      if (top === undefined || last === undefined || heap.length === 0) return top;
      let at = 0;
      for (;;) {
        let child = 2 * at + 1;
        const left = heap[child];
        const right = heap[child + 1];
        if (left === undefined) break;
        if (right !== undefined && before(right, left)) child++;
        const chosen = heap[child];
        if (chosen === undefined || !before(chosen, last)) break;
        heap[at] = chosen;
        at = child;
      }
      heap[at] = last;
      return top;
    },
  };
}
