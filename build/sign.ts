// Signs a macOS executable ad hoc: hashes of its pages without a certificate. The compiler does so
// for arm64 only; for x64 it leaves the signature that its own runtime had, which the program put
// into it has made untrue, and macOS ends such a program without a word. (A certificate is bought
// from Apple and belongs to whoever publishes; `codesign` replaces this signature by theirs.)

import { createHash } from "node:crypto";
import { Fault, text, u64, view } from "./verify/bytes.ts";
import {
  CODE_DIRECTORY,
  EMBEDDED_SIGNATURE,
  loadCommands,
  SEGMENT,
  SHA256,
  SIGNATURE,
} from "./verify/macho.ts";

const IDENTITY = "nycflow\0";
const PAGE_BITS = 12;
const HEAD = 88; // of a code directory of version 0x20400, which names the executable segment
const INDEX = 20; // of a signature with one part
const AD_HOC_BY_LINKER = 0x20002; // "by linker": codesign replaces it without being forced
const MAIN_EXECUTABLE = 1n;

/** The same executable with a signature that is true; whatever signature it had is dropped. */
export function signed(bytes: Uint8Array): Uint8Array {
  const { linkEdit, signature, textSize } = places(bytes);
  const limit = view(bytes, signature, 16, "the signature's place").getUint32(8, true);
  const pages = Math.ceil(limit / 2 ** PAGE_BITS);
  const directory = HEAD + IDENTITY.length + pages * 32;
  const size = Math.ceil((INDEX + directory) / 16) * 16;
  const out = new Uint8Array(limit + size);
  out.set(bytes.subarray(0, limit));

  const head = new DataView(out.buffer);
  head.setUint32(signature + 12, size, true);
  const length = BigInt(limit + size) - head.getBigUint64(linkEdit + 40, true);
  head.setBigUint64(linkEdit + 48, length, true);
  head.setBigUint64(linkEdit + 32, (length + 0x3fffn) & ~0x3fffn, true);

  const index = new DataView(out.buffer, limit);
  [EMBEDDED_SIGNATURE, INDEX + directory, 1, 0, INDEX].forEach((word, n) =>
    index.setUint32(n * 4, word)
  );
  const code = new DataView(out.buffer, limit + INDEX);
  const words = [CODE_DIRECTORY, directory, 0x20400, AD_HOC_BY_LINKER, HEAD + IDENTITY.length];
  [...words, HEAD, 0, pages, limit].forEach((word, n) => code.setUint32(n * 4, word));
  [32, SHA256, 0, PAGE_BITS].forEach((byte, n) => code.setUint8(36 + n, byte));
  code.setBigUint64(72, BigInt(textSize));
  code.setBigUint64(80, MAIN_EXECUTABLE);
  out.set(new TextEncoder().encode(IDENTITY), limit + INDEX + HEAD);
  for (let page = 0; page < pages; page++) {
    const content = out.subarray(
      page * 2 ** PAGE_BITS,
      Math.min(limit, (page + 1) * 2 ** PAGE_BITS),
    );
    const at = limit + INDEX + HEAD + IDENTITY.length + page * 32;
    out.set(createHash("sha256").update(content).digest(), at);
  }
  return out;
}

/** Where the commands stand that speak of the signature, and how long the code's segment is. */
function places(bytes: Uint8Array) {
  let linkEdit = 0;
  let signature = 0;
  let textSize = 0;
  for (const { kind, at, command } of loadCommands(bytes)) {
    if (kind === SIGNATURE) signature = at;
    if (kind !== SEGMENT) continue;
    const name = text(bytes.subarray(at + 8, at + 24));
    if (name === "__LINKEDIT") linkEdit = at;
    if (name === "__TEXT") textSize = u64(command, 48, true);
  }
  if (linkEdit === 0 || signature === 0) throw new Fault("it has no place for a signature");
  return { linkEdit, signature, textSize };
}
