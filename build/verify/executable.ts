// What is asked of a binary for a machine that is not this one and cannot run it: its format is
// right and whole, and DuckDB's files lie in it byte for byte.

import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { type Machine, machineOf } from "../targets.ts";
import { Fault } from "./bytes.ts";
import { verifyElf } from "./elf.ts";
import { verifyMachO } from "./macho.ts";
import { verifyPe } from "./pe.ts";

/** A file that the binary must carry. */
export interface Carried {
  readonly name: string;
  readonly content: Uint8Array;
}

/** What was verified, for the line that is printed. */
export interface Verified {
  readonly machine: Machine;
  readonly sha256: string;
  /** Page hashes of a macOS signature that were computed again; 0 elsewhere. */
  readonly pages: number;
}

/** Throws a `Fault` that says what is wrong with the binary. */
export function verifyExecutable(
  bytes: Uint8Array,
  machine: Machine,
  carried: readonly Carried[],
): Verified {
  const found = machineOf(bytes.subarray(0, 1024));
  if (found !== machine) throw new Fault(`it is ${found ?? "no executable"}, not ${machine}`);
  const { pages } = verifyFormat(bytes, machine);
  for (const { name, content } of carried) {
    if (!holds(bytes, content)) throw new Fault(`${name} does not lie whole in it`);
  }
  return { machine, sha256: createHash("sha256").update(bytes).digest("hex"), pages };
}

/** A library of another machine is embedded without an error too, and would not load there. */
export function verifyLibrary(name: string, bytes: Uint8Array, machine: Machine): void {
  const found = machineOf(bytes.subarray(0, 1024));
  if (found !== machine) throw new Fault(`${name} is ${found ?? "no library"}, not ${machine}`);
  if (machine.startsWith("mach-o")) verifyMachO(bytes, machine === "mach-o arm64");
}

function verifyFormat(bytes: Uint8Array, machine: Machine): { pages: number } {
  switch (machine) {
    case "elf x64":
    case "elf arm64":
      verifyElf(bytes, machine);
      return { pages: 0 };
    case "mach-o x64":
      return verifyMachO(bytes, false);
    case "mach-o arm64": // that processor's kernel starts nothing unsigned
      return verifyMachO(bytes, true);
    case "pe x64":
      verifyPe(bytes);
      return { pages: 0 };
  }
}

/** Its first bytes may lie elsewhere too (a library's header is much like another's). */
function holds(bytes: Uint8Array, content: Uint8Array): boolean {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const whole = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  const start = whole.subarray(0, 4096);
  for (let at = all.indexOf(start); at !== -1; at = all.indexOf(start, at + 1)) {
    if (at + whole.length > all.length) return false;
    if (all.compare(whole, 0, whole.length, at, at + whole.length) === 0) return true;
  }
  return false;
}
