/**
 * An `up` that stays, as whoever shows it sees it: what it tells, and what it can be asked for. Of several in one
 * project one is the resident, which starts what comes by itself; the others look on, start only what a person asks of
 * them, and one of them takes over when the resident ends. What runs is always a child of this program.
 */
import type { Instant, StepKey } from "../core/key.ts";
import type { Problem } from "../core/problem/problem.ts";

/** `waiting` until it is known; `ended` after `run` has settled. */
export type Role = "waiting" | "resident" | "onlooker" | "ended";

export interface Resident {
  readonly pid: number;
  readonly since: Instant;
  readonly command: string;
  /** Where it writes, relative to the project; null where it writes to its terminal. */
  readonly log: string | null;
}

/** A child that runs, or ran. */
export interface ChildRun {
  /** Counted in this process, from 1. */
  readonly id: number;
  /** Null where it could not be started. */
  readonly pid: number | null;
  /** As a person would type it after `nycflow`. */
  readonly args: readonly string[];
  /** A person asked for it; else it came by itself. */
  readonly asked: boolean;
  readonly since: Instant;
  /** What was known to be for it to do when it was started; none for what a person asked for. */
  readonly steps: ReadonlySet<StepKey>;
}

/** How a child ended: by itself with a code, by a signal, or it could not be started. */
export type ChildEnd =
  | { readonly kind: "exited"; readonly code: number }
  | { readonly kind: "killed"; readonly signal: string }
  | { readonly kind: "not-started"; readonly why: string };

/** `wait`: starts nothing more. `end`: ends what runs, with a grace. `kill`: at once. */
export type StopHow = "wait" | "end" | "kill";

export type StayEvent =
  | { readonly kind: "role"; readonly role: Role; readonly by: Resident | null }
  | { readonly kind: "child-started"; readonly child: ChildRun }
  | {
    readonly kind: "child-said";
    readonly child: ChildRun;
    readonly stream: "out" | "err";
    readonly line: string;
  }
  | { readonly kind: "child-ended"; readonly child: ChildRun; readonly end: ChildEnd }
  | { readonly kind: "definitions"; readonly are: "changed" | "broken" | "right again" }
  | { readonly kind: "sensed"; readonly sensor: string; readonly asked: number }
  | {
    readonly kind: "rejected";
    readonly sensor: string;
    readonly file: string;
    readonly why: string;
    readonly to: string;
  }
  | { readonly kind: "reloading" }
  /** Told once while they are the same. */
  | { readonly kind: "problems"; readonly problems: readonly Problem[] }
  /** It has looked, and looks again then unless something happens before. */
  | { readonly kind: "looked"; readonly next: Instant }
  | {
    readonly kind: "stopping";
    readonly how: StopHow;
    /** What is waited for. */
    readonly children: readonly ChildRun[];
  };

/** What became of a request: how it ended, and the last lines that it said. */
export interface Answered {
  readonly end: ChildEnd;
  readonly out: readonly string[];
  readonly err: readonly string[];
}

export interface Staying {
  readonly role: Role;
  /** Who is the resident, where this one looks on. */
  readonly by: Resident | null;
  /** What this process has started and what still runs, oldest first. */
  children(): readonly ChildRun[];
  /**
   * Starts a command as a person would type it (`["run", "trips"]`, `["schedules", "off", "mornings"]`), at once and
   * in whatever role; settles when it has ended. Refused while it stops. Does not reject.
   */
  request(args: readonly string[]): Promise<Answered>;
  /** Looks again now. */
  wake(): void;
  /** Looks again with nothing remembered, as after a hang-up. */
  reload(): void;
  /** Ends `run`. A second call may be harsher than the first, never milder. */
  stop(how: StopHow): void;
  /** Until `stop`, and until what runs has ended. */
  run(): Promise<void>;
}
