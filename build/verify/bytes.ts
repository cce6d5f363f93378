// Reading numbers out of an executable's bytes with every offset checked, so that a file which is
// cut short is a fault with words and never a RangeError.

/** What is wrong with a file; its message is for the terminal. */
export class Fault extends Error {
  override readonly name = "Fault";
}

/** The bytes from `at` on, `length` long. Throws a `Fault` that says what is missing. */
export function slice(bytes: Uint8Array, at: number, length: number, what: string): Uint8Array {
  if (at < 0 || length < 0 || at + length > bytes.length) {
    throw new Fault(`${what} lies at ${at}..${at + length}, the file ends at ${bytes.length}`);
  }
  return bytes.subarray(at, at + length);
}

/** The same, as a view to read numbers from. */
export function view(bytes: Uint8Array, at: number, length: number, what: string): DataView {
  const part = slice(bytes, at, length, what);
  return new DataView(part.buffer, part.byteOffset, part.byteLength);
}

/** A 64-bit number that is an offset or a size (no file is longer than 2^53). */
export function u64(from: DataView, at: number, little: boolean): number {
  return Number(from.getBigUint64(at, little));
}

/** Text of a fixed length, without the zeros that fill it. */
export function text(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end === -1 ? bytes : bytes.subarray(0, end));
}
