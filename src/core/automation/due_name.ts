/** How a tick that makes a step due is named: `SOURCE@INSTANT`, and `#EVENT` once it is in the log. */
import type { EventId, Instant } from "../key.ts";
import { nameOf } from "./source.ts";

export interface DueName {
  readonly source: string;
  readonly at: Instant;
  /** The event that recorded it; null while it is not in the log. */
  readonly event: EventId | null;
}

export function dueName({ source, at, event }: DueName): string {
  return `${source}@${at}${event === null ? "" : `#${event}`}`;
}

/** Null for a text that is no such name. */
export function readDue(text: string): DueName | null {
  const found = /^(.*)@(-?\d+)(?:#(\d+))?$/.exec(text);
  if (found === null) return null;
  const [, source = "", at, event] = found;
  return { source, at: Number(at), event: event === undefined ? null : Number(event) };
}

/** In words, for reasons: `schedule mornings came round`. */
export function dueText(due: DueName): string {
  return due.source.startsWith("asset:")
    ? "its schedule came round"
    : `schedule ${nameOf(due.source)} came round`;
}
