/** What several memory stores share: the log as text, and the cells folded from it. */
import { emptyState } from "../../core/fold.ts";
import type { RunHead, State } from "../../core/heads.ts";
import type { EventId, Instant, RunId } from "../../core/key.ts";

/** One event as it is kept: text, as on a disk. */
export interface Line {
  readonly id: EventId;
  readonly at: Instant;
  readonly text: string;
}

/** What several memory stores share. Made by `createMemoryLog`. */
export interface MemoryLog {
  last: EventId;
  /** The highest id that retention has dropped. */
  pruned: EventId;
  lines: Line[];
  readonly cells: State;
  readonly runs: Map<RunId, RunHead>;
}

export function createMemoryLog(): MemoryLog {
  return { last: 0, pruned: 0, lines: [], cells: emptyState(), runs: new Map() };
}
