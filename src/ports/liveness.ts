/**
 * Who is alive. On one machine a process is alive while it holds its lock, which the kernel frees at its death;
 * a stopped process is alive. Behind a port, since on several machines it will be leases by the store's time.
 */
import type { EventId, HolderId, Instant } from "../core/key.ts";
import type { Progress } from "../core/order.ts";

/** What a process waits for; told to the others for turns and for `pools`, never durable. */
export interface PoolWait {
  readonly pool: string;
  readonly slots: number;
  readonly priority: number;
  /** The step's key. */
  readonly step: string;
  readonly since: Instant;
}

export interface Liveness {
  /** This process's own id; taking it makes it visible as alive. */
  hold(): Promise<HolderId>;
  /** Which of these are alive. */
  alive(holders: readonly HolderId[]): Promise<ReadonlySet<HolderId>>;
  /** All that are alive, this process included once it holds. */
  living(): Promise<readonly HolderId[]>;
  /** Whatever is known of a live holder, for messages: process number, command, since when. */
  describe(
    holder: HolderId,
  ): Promise<{ readonly pid: number; readonly command: string; readonly since: number } | null>;
  /** Says what this process waits for, in place of what it said before. Never rejects. */
  note(waits: readonly PoolWait[]): Promise<void>;
  /** What the others that are alive wait for. */
  waits(): Promise<readonly (PoolWait & { readonly holder: HolderId })[]>;
  /**
   * Says that this process reads what was published at `event` (0: anything older too), so that it is not cleaned
   * away; null: no more. Never rejects: who cannot say it is protected by the grace of cleaning alone.
   */
  reading(event: EventId | null): Promise<void>;
  /** What the others that are alive read. */
  readers(): Promise<readonly EventId[]>;
  /** Says how far the steps of this process are, for who looks on, in place of what it said before. Never rejects. */
  tell(progress: Readonly<Record<string, Progress>>): Promise<void>;
  /** How far the steps of a holder are, by step; nothing where it tells nothing. */
  told(holder: HolderId): Promise<Readonly<Record<string, Progress>>>;
  release(): Promise<void>;
}
