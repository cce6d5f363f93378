/**
 * How instants read: ISO 8601 with offset in documents, short wall-clock times for people, both in the project's
 * time zone. Distances from now are `term/duration.ts`; no clock is asked.
 */
import type { Instant } from "../core/key.ts";
import { openZone } from "../core/partition/zone.ts";

/** Now and where: what every view for people is drawn against. */
export interface Around {
  readonly now: Instant;
  /** IANA. */
  readonly timezone: string;
}

export interface Times {
  /** `2026-01-05T08:00:00.123-05:00`; milliseconds only where there are any. */
  iso(at: Instant): string;
  /** `08:00:00` on the day of `now`, `Jan 5 08:00` in its year, else `2025-01-05 08:00`. */
  wall(at: Instant, now: Instant): string;
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun"]
  .concat(["Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]);

/** The clock of one time zone; made once for a document, since finding offsets is the slow part. */
export function timesIn(timezone: string): Times {
  const zone = timezone === "UTC" ? null : openZone(timezone);
  const offsetAt = (at: Instant) => zone === null ? 0 : zone.stretchAt(at).offset;
  const local = (at: Instant) => new Date(at + offsetAt(at)).toISOString();
  return {
    iso(at) {
      const text = local(at).slice(0, -1);
      return (text.endsWith(".000") ? text.slice(0, -4) : text) + offsetText(offsetAt(at));
    },
    wall(at, now) {
      const text = local(at), today = local(now);
      if (text.slice(0, 10) === today.slice(0, 10)) return text.slice(11, 19);
      const clock = text.slice(11, 16);
      if (text.slice(0, 4) !== today.slice(0, 4)) return `${text.slice(0, 10)} ${clock}`;
      return `${MONTHS[Number(text.slice(5, 7)) - 1]} ${Number(text.slice(8, 10))} ${clock}`;
    },
  };
}

function offsetText(ms: number): string {
  const minutes = Math.round(Math.abs(ms) / 60_000);
  const two = (n: number) => String(n).padStart(2, "0");
  return `${ms < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
