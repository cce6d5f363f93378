/**
 * Who is alive. On one machine a process is alive while it holds its lock, which the kernel frees at its death;
 * a stopped process is alive. Behind a port, since on several machines it will be leases by the store's time.
 */
import type { HolderId } from "../core/key.ts";

export interface Liveness {
  /** This process's own id; taking it makes it visible as alive. */
  hold(): Promise<HolderId>;
  /** Which of these are alive. */
  alive(holders: readonly HolderId[]): Promise<ReadonlySet<HolderId>>;
  /** Whatever is known of a live holder, for messages: process number, command, since when. */
  describe(
    holder: HolderId,
  ): Promise<{ readonly pid: number; readonly command: string; readonly since: number } | null>;
  release(): Promise<void>;
}
