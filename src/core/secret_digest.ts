/**
 * The digest of a value that may be a secret (environment variables): SHA-256 over the project's salt and
 * the value, so that a state store that was copied or quoted gives nothing to look up or to compare with
 * another project's. The salt lies beside the store, never in it (`host/salt.ts`); whoever has both can still
 * try guesses one by one. Pure and synchronous, since the plan is; for short texts only.
 */

const encoder = new TextEncoder();

/** Digest of a value under a project's salt: 32 hex digits (128 of SHA-256's 256 bits). */
export function secretDigest(value: string, salt: string): string {
  // The salt's length stands before it, so that no salt and value run together into another pair.
  return sha256(encoder.encode(`${salt.length}:${salt}${value}`)).slice(0, 32);
}

/** SHA-256 as 64 hex digits. */
export function sha256(message: Uint8Array): string {
  const constants = roundConstants();
  const padded = pad(message);
  const state = Int32Array.of(
    0x6a09e667,
    0xbb67ae85,
    0x3c6ef372,
    0xa54ff53a,
    0x510e527f,
    0x9b05688c,
    0x1f83d9ab,
    0x5be0cd19,
  );
  const schedule = new Int32Array(64);
  for (let at = 0; at < padded.byteLength; at += 64) {
    compress(state, padded, at, schedule, constants);
  }
  return Array.from(state, (each) => (each >>> 0).toString(16).padStart(8, "0")).join("");
}

function compress(
  state: Int32Array,
  message: DataView,
  at: number,
  w: Int32Array,
  constants: Int32Array,
): void {
  const get = (index: number) => w[index] ?? 0;
  for (let i = 0; i < 16; i++) w[i] = message.getInt32(at + i * 4);
  for (let i = 16; i < 64; i++) {
    const x = get(i - 15), y = get(i - 2);
    const s0 = turn(x, 7) ^ turn(x, 18) ^ (x >>> 3);
    const s1 = turn(y, 17) ^ turn(y, 19) ^ (y >>> 10);
    w[i] = get(i - 16) + s0 + get(i - 7) + s1;
  }
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
  for (let i = 0; i < 64; i++) {
    const s1 = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25);
    const first = (h + s1 + ((e & f) ^ (~e & g)) + (constants[i] ?? 0) + get(i)) | 0;
    const s0 = turn(a, 2) ^ turn(a, 13) ^ turn(a, 22);
    const second = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0];
  }
  [a, b, c, d, e, f, g, h].forEach((each, i) => state[i] = (state[i] ?? 0) + each);
}

function turn(value: number, by: number): number {
  return (value >>> by) | (value << (32 - by));
}

function pad(message: Uint8Array): DataView {
  const padded = new Uint8Array((message.length + 9 + 63) & ~63);
  padded.set(message);
  padded[message.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, Math.floor(message.length / 0x20000000));
  view.setUint32(padded.length - 4, message.length << 3);
  return view;
}

/** The first 32 bits of the fractional parts of the cube roots of the first 64 primes. */
function roundConstants(): Int32Array {
  const constants = new Int32Array(64);
  for (let candidate = 2, found = 0; found < 64; candidate++) {
    if (!isPrime(candidate)) continue;
    constants[found++] = (Math.cbrt(candidate) % 1) * 0x100000000;
  }
  return constants;
}

function isPrime(candidate: number): boolean {
  for (let by = 2; by * by <= candidate; by++) if (candidate % by === 0) return false;
  return true;
}
