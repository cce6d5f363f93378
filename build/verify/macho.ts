// Whether a Mach-O file for one processor is whole and its signature true: macOS ends a program
// without a word when the hash of a page differs, so each page's is computed again here. The
// signature is "ad hoc": hashes without a certificate, which is all that macOS asks of a file that
// was not fetched by a browser.

import { createHash } from "node:crypto";
import { Fault, slice, text, u64, view } from "./bytes.ts";

// The numbers of Apple's headers (mach-o/loader.h, kern/cs_blobs.h); load commands are written in
// the processor's byte order, signatures always with the highest byte first.
export const SEGMENT = 0x19;
export const SIGNATURE = 0x1d;
export const EMBEDDED_SIGNATURE = 0xfade0cc0;
export const CODE_DIRECTORY = 0xfade0c02;
export const SHA256 = 2;

/** One entry of the table that a Mach-O file begins with. */
export interface LoadCommand {
  readonly kind: number;
  readonly at: number;
  readonly command: DataView;
}

/** All of them, in order. */
export function* loadCommands(bytes: Uint8Array): Generator<LoadCommand> {
  const count = view(bytes, 0, 32, "the Mach-O header").getUint32(16, true);
  let at = 32;
  for (let n = 0; n < count; n++) {
    const size = view(bytes, at, 8, `load command ${n}`).getUint32(4, true);
    if (size < 8) throw new Fault(`load command ${n} has no length`);
    const command = view(bytes, at, size, `load command ${n}`);
    yield { kind: command.getUint32(0, true), at, command };
    at += size;
  }
}

/** What was found true. */
export interface MachO {
  /** Pages whose hash was computed and equals the one signed; 0: not signed. */
  readonly pages: number;
}

/** Throws a `Fault` where the file is damaged, or the signature missing (if `signed`) or untrue. */
export function verifyMachO(bytes: Uint8Array, signed: boolean): MachO {
  let segments = 0;
  let signature: { at: number; size: number } | null = null;
  for (const { kind, at, command } of loadCommands(bytes)) {
    if (kind === SEGMENT && command.byteLength >= 72) {
      const name = text(bytes.subarray(at + 8, at + 24));
      slice(bytes, u64(command, 40, true), u64(command, 48, true), `segment ${name}`);
      segments++;
    } else if (kind === SIGNATURE && command.byteLength >= 16) {
      signature = { at: command.getUint32(8, true), size: command.getUint32(12, true) };
    }
  }
  if (segments === 0) throw new Fault("it has no segments");
  if (!signature) {
    if (signed) throw new Fault("it is not signed, and macOS would not start it");
    return { pages: 0 };
  }
  const blob = slice(bytes, signature.at, signature.size, "the signature");
  const end = signature.at + signature.size;
  if (end !== bytes.length) throw new Fault(`${bytes.length - end} bytes lie after its signature`);
  return { pages: verifySignature(bytes.subarray(0, signature.at), blob) };
}

/** Checks every code directory with SHA-256 (a file may carry an older one beside it). */
function verifySignature(code: Uint8Array, blob: Uint8Array): number {
  const head = view(blob, 0, 12, "the signature's header");
  if (head.getUint32(0) !== EMBEDDED_SIGNATURE) throw new Fault("its signature is unreadable");
  const count = head.getUint32(8);
  let pages = 0;
  for (let n = 0; n < count; n++) {
    const from = view(blob, 12 + n * 8, 8, "the signature's index").getUint32(4);
    const part = view(blob, from, 8, "a part of the signature");
    if (part.getUint32(0) !== CODE_DIRECTORY) continue;
    pages += verifyDirectory(code, slice(blob, from, part.getUint32(4), "the code directory"));
  }
  if (pages === 0) throw new Fault("its signature has no SHA-256 of its pages");
  return pages;
}

function verifyDirectory(code: Uint8Array, directory: Uint8Array): number {
  const head = view(directory, 0, 44, "the code directory");
  const hashes = head.getUint32(16);
  const slots = head.getUint32(28);
  const limit = head.getUint32(32);
  const hashSize = head.getUint8(36);
  if (head.getUint8(37) !== SHA256 || hashSize !== 32) return 0;
  const pageSize = 1 << head.getUint8(39);
  if (limit !== code.length) {
    throw new Fault(`its signature covers ${limit} bytes, not the ${code.length} before it`);
  }
  if (slots !== Math.ceil(limit / pageSize)) {
    throw new Fault(`its signature has ${slots} page hashes for ${limit} bytes`);
  }
  for (let page = 0; page < slots; page++) {
    const wanted = slice(directory, hashes + page * hashSize, hashSize, `the hash of page ${page}`);
    const content = code.subarray(page * pageSize, Math.min(limit, (page + 1) * pageSize));
    const found = createHash("sha256").update(content).digest();
    if (found.compare(wanted) !== 0) throw new Fault(`page ${page} is not the one that was signed`);
  }
  return slots;
}
