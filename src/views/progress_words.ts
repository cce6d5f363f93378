/** What a step's progress says: how much, how fast, how long still. Never more than what it told can bear. */
import type { Instant } from "../core/key.ts";
import type { Progress } from "../core/order.ts";
import { shortDuration } from "../term/duration.ts";
import { bytes, compact, rate } from "../term/number.ts";

/** What is known of a step's work: where it began to tell, and where it is. */
export interface Told {
  readonly first: Progress;
  readonly firstAt: Instant;
  last: Progress;
  lastAt: Instant;
}

/** A second query or file of the same step begins at its own zero. */
export function beginsAnew(next: Progress, last: Progress): boolean {
  return (next.fraction ?? 0) < (last.fraction ?? 0) || (next.bytes ?? 0) < (last.bytes ?? 0);
}

/** The part done, 0 to 1; null where nobody can know. */
export function fractionOf({ fraction, bytes, totalBytes }: Progress): number | null {
  if (fraction !== null && Number.isFinite(fraction)) return Math.max(0, Math.min(1, fraction));
  if (bytes !== undefined && totalBytes !== undefined && totalBytes > 0) {
    return Math.max(0, Math.min(1, bytes / totalBytes));
  }
  return null;
}

/** `12 of 48 MB`, a rate once there is one to speak of, the time left where the part done is known. */
export function progressWords(told: Told, fraction: number | null, now: Instant): string[] {
  const { first, last, firstAt, lastAt } = told;
  const words: string[] = [];
  const seconds = (lastAt - firstAt) / 1000;
  const speed = (from: number | undefined, to: number | undefined) =>
    from === undefined || to === undefined || seconds < 0.5 || to <= from
      ? null
      : (to - from) / seconds;
  const left = leftOf(told, fraction, now);
  if (left !== null) words.push(`${shortDuration(left)} left`);
  if (last.bytes !== undefined) {
    words.push(
      last.totalBytes === undefined
        ? bytes(last.bytes)
        : `${bytes(last.bytes)} of ${bytes(last.totalBytes)}`,
    );
    const perSecond = speed(first.bytes, last.bytes);
    if (perSecond !== null) words.push(rate(perSecond, "B"));
  }
  if (last.rows !== undefined) {
    words.push(`${compact(last.rows)} rows`);
    const perSecond = speed(first.rows, last.rows);
    if (perSecond !== null) words.push(rate(perSecond, "rows"));
  }
  if (last.text !== undefined && last.text !== "") words.push(last.text);
  return words;
}

/** By the pace since it began to tell; nothing before that is more than a guess. */
function leftOf(
  { first, firstAt, lastAt }: Told,
  fraction: number | null,
  now: Instant,
): number | null {
  const done = fraction === null ? 0 : fraction - (fractionOf(first) ?? 0);
  const took = lastAt - firstAt;
  if (fraction === null || done < 0.02 || took < 1000 || fraction >= 1) return null;
  const left = (took / done) * (1 - fraction) - (now - lastAt);
  return Math.max(1000, Math.ceil(left / 1000) * 1000);
}
