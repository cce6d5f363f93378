// A "universal" Mach-O file holds one library for each processor. A binary is made for one, so it
// carries that one only: DuckDB's is 117 MB for both and half of it for one. The part is a whole
// library with a signature of its own.

import { Fault, slice, view } from "./bytes.ts";

const UNIVERSAL = 0xcafebabe;
const PROCESSORS = { x64: 0x01000007, arm64: 0x0100000c } as const;

/** The part for a processor; the bytes themselves where the file is for one processor anyway. */
export function partFor(bytes: Uint8Array, processor: keyof typeof PROCESSORS): Uint8Array {
  const head = view(bytes, 0, 8, "the header");
  if (head.getUint32(0) !== UNIVERSAL) return bytes;
  const count = head.getUint32(4);
  for (let n = 0; n < count; n++) {
    const entry = view(bytes, 8 + n * 20, 20, `part ${n}'s header`);
    if (entry.getUint32(0) !== PROCESSORS[processor]) continue;
    return slice(bytes, entry.getUint32(8), entry.getUint32(12), `the part for ${processor}`);
  }
  throw new Fault(`it has no part for ${processor}`);
}
