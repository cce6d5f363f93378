/**
 * Does one step: stage a candidate, audit it, compare it. Publishes nothing: what it wrote becomes visible by
 * the commit that the engine makes of its result.
 *
 * Invariants: never rejects for what the user's code, data or a limit did (that is a `failed` result); after
 * `signal` fires it settles within `graceMs`, ended by force if need be; a candidate is on disk (fsynced, folders
 * too) before the result is given.
 */
import type { LogLine, Progress, StepOrder, StepResult } from "../core/order.ts";

export interface StepHooks {
  /** Aborted with reason `"timeout"` or `"cancel"`. */
  readonly signal: AbortSignal;
  readonly graceMs: number;
  readonly progress: (progress: Progress) => void;
  readonly log: (line: LogLine) => void;
}

export interface StepExecutor {
  execute(order: StepOrder, hooks: StepHooks): Promise<StepResult>;
  close(): Promise<void>;
}
