/** Time and ids: what a rule may not make up itself. */
import type { Instant } from "../core/key.ts";

export interface Clock {
  now(): Instant;
  /** Milliseconds since some moment, for durations: never goes back. */
  elapsed(): number;
  /** Settles after so many milliseconds, or rejects with the signal's reason once it is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface Ids {
  /** 26 characters, sortable by time, never twice. */
  next(): string;
}
