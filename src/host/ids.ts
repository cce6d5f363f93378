// New ids: 26 characters of lower-case base 32 (a ULID), so that they sort by the time at which
// they were made, are fine as file names on any system and can be typed. In one process each is
// greater than the one before, even in one millisecond or when the clock goes back.

import type { Ids } from "../ports/clock.ts";

const DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"; // Crockford's: no i, l, o, u
const TIME = 10;
const REST = 16;

/**
 * Ids by `now` (milliseconds), random unless NYCFLOW_TEST_IDS gives a seed: then they depend only
 * on the seed, the clock and how many were given before. Numbers as seeds keep their order, so
 * the n-th start of a program in a test takes seed n.
 */
export function idsFrom(
  env: Readonly<Record<string, string | undefined>>,
  now: () => number,
): Ids {
  const seed = env["NYCFLOW_TEST_IDS"];
  return seed ? seededIds(seed, now) : randomIds(now);
}

/** Unpredictable ids. */
export function randomIds(now: () => number, random: () => bigint = eightyBits): Ids {
  let last = 0;
  let rest = 0n;
  return {
    next: () => {
      const at = now();
      if (at > last) {
        last = at;
        rest = random() >> 1n; // the highest bit stays free, so that counting up cannot overflow
      } else {
        rest++;
      }
      return digits(BigInt(last), TIME) + digits(rest, REST);
    },
  };
}

/** The same ids in each process with the same seed and clock. */
export function seededIds(seed: string, now: () => number): Ids {
  const high = BigInt(/^\d{1,9}$/.test(seed) ? Number(seed) : hashOf(seed));
  let last = 0;
  let count = 0n;
  return {
    next: () => {
      last = Math.max(last, now());
      return digits(BigInt(last), TIME) + digits(high, 6) + digits(count++, REST - 6);
    },
  };
}

function digits(value: bigint, length: number): string {
  let text = "";
  for (let left = value; text.length < length; left >>= 5n) {
    text = DIGITS[Number(left & 31n)] + text;
  }
  return text;
}

/** FNV-1a, kept under 30 bits: six digits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0) % 2 ** 30;
}

// The Web's crypto: loading node:crypto would cost the binary 3 ms.
function eightyBits(): bigint {
  let bits = 0n;
  for (const byte of crypto.getRandomValues(new Uint8Array(10))) bits = (bits << 8n) | BigInt(byte);
  return bits;
}
