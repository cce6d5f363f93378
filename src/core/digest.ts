/**
 * The one digest of the project: short texts that stand for content (code versions, reads, inputs, cache
 * keys). MurmurHash3 x86-128 over UTF-8, written as 32 hex digits: pure, synchronous, the same in every
 * runtime, some hundreds of MB/s. It tells changes apart; it hides nothing and resists no forger, since it
 * can be inverted: a value that may be secret goes through `secretDigest` (`secret_digest.ts`) instead.
 */

const encoder = new TextEncoder();

/** Digest of a text's UTF-8 bytes: 32 hex digits. Equals `digestBytes` of the same bytes. */
export function digest(text: string): string {
  return digestBytes(encoder.encode(text));
}

/** Digest of bytes: 32 hex digits. */
export function digestBytes(bytes: Uint8Array): string {
  const stream = new Digester();
  stream.update(bytes);
  return stream.end();
}

/**
 * Digest of several texts such that no two different lists run together (`["ab",""]` and `["a","b"]` differ).
 * Null and "" differ too.
 */
export function digestAll(parts: readonly (string | null)[]): string {
  return digest(parts.map((part) => part === null ? "n" : `${part.length}:${part}`).join(","));
}

const C1 = 0x239b961b;
const C2 = 0xab0e9789;
const C3 = 0x38b34ae5;
const C4 = 0xa1e38b93;

/** The same digest of bytes that come in pieces, for files that should not be held whole. */
export class Digester {
  #h1 = 0;
  #h2 = 0;
  #h3 = 0;
  #h4 = 0;
  #length = 0;
  /** What is left of the last piece, fewer than 16 bytes. */
  readonly #rest = new Uint8Array(16);
  #restLength = 0;

  update(bytes: Uint8Array): void {
    this.#length += bytes.length;
    let from = 0;
    if (this.#restLength > 0) {
      from = Math.min(16 - this.#restLength, bytes.length);
      this.#rest.set(bytes.subarray(0, from), this.#restLength);
      this.#restLength += from;
      if (this.#restLength < 16) return;
      this.#mix(this.#rest, 0, 16);
      this.#restLength = 0;
    }
    const end = from + ((bytes.length - from) & ~15);
    this.#mix(bytes, from, end);
    this.#rest.set(bytes.subarray(end), 0);
    this.#restLength = bytes.length - end;
  }

  /** Ends it; the object is used up. */
  end(): string {
    const rest = this.#rest;
    rest.fill(0, this.#restLength);
    let h1 = this.#h1 ^ scramble(word(rest, 0), C1, 15, C2);
    let h2 = this.#h2 ^ scramble(word(rest, 4), C2, 16, C3);
    let h3 = this.#h3 ^ scramble(word(rest, 8), C3, 17, C4);
    let h4 = this.#h4 ^ scramble(word(rest, 12), C4, 18, C1);
    h1 ^= this.#length;
    h2 ^= this.#length;
    h3 ^= this.#length;
    h4 ^= this.#length;
    h1 = (h1 + h2 + h3 + h4) | 0;
    h2 = (h2 + h1) | 0;
    h3 = (h3 + h1) | 0;
    h4 = (h4 + h1) | 0;
    h1 = finish(h1);
    h2 = finish(h2);
    h3 = finish(h3);
    h4 = finish(h4);
    h1 = (h1 + h2 + h3 + h4) | 0;
    h2 = (h2 + h1) | 0;
    h3 = (h3 + h1) | 0;
    h4 = (h4 + h1) | 0;
    return hex(h1) + hex(h2) + hex(h3) + hex(h4);
  }

  /** Whole blocks of 16 bytes; kept in local variables, since fields cost four times as much here. */
  #mix(bytes: Uint8Array, from: number, end: number): void {
    let h1 = this.#h1, h2 = this.#h2, h3 = this.#h3, h4 = this.#h4;
    for (let at = from; at < end; at += 16) {
      h1 ^= scramble(word(bytes, at), C1, 15, C2);
      h1 = (rotate(h1, 19) + h2) | 0;
      h1 = (Math.imul(h1, 5) + 0x561ccd1b) | 0;
      h2 ^= scramble(word(bytes, at + 4), C2, 16, C3);
      h2 = (rotate(h2, 17) + h3) | 0;
      h2 = (Math.imul(h2, 5) + 0x0bcaa747) | 0;
      h3 ^= scramble(word(bytes, at + 8), C3, 17, C4);
      h3 = (rotate(h3, 15) + h4) | 0;
      h3 = (Math.imul(h3, 5) + 0x96cd1c35) | 0;
      h4 ^= scramble(word(bytes, at + 12), C4, 18, C1);
      h4 = (rotate(h4, 13) + h1) | 0;
      h4 = (Math.imul(h4, 5) + 0x32ac3b17) | 0;
    }
    this.#h1 = h1;
    this.#h2 = h2;
    this.#h3 = h3;
    this.#h4 = h4;
  }
}

function word(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) |
    ((bytes[at + 3] ?? 0) << 24);
}

function rotate(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by));
}

function scramble(value: number, first: number, by: number, second: number): number {
  return Math.imul(rotate(Math.imul(value, first), by), second);
}

function finish(value: number): number {
  let h = value ^ (value >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}

function hex(value: number): string {
  return (value >>> 0).toString(16).padStart(8, "0");
}
