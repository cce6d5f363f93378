// Whether an ELF executable is whole: all that is loaded lies in the file, and the loader that it
// asks for is the one of its processor (glibc's: a runtime for musl would name another).

import { Fault, slice, text, u64, view } from "./bytes.ts";

const LOAD = 1;
const INTERPRETER = 3;
const LOADERS = {
  "elf x64": "/lib64/ld-linux-x86-64.so.2",
  "elf arm64": "/lib/ld-linux-aarch64.so.1",
} as const;

/** Throws a `Fault` where the file is damaged or made for another system. */
export function verifyElf(bytes: Uint8Array, machine: keyof typeof LOADERS): void {
  const head = view(bytes, 0, 64, "the ELF header");
  const at = u64(head, 32, true);
  const size = head.getUint16(54, true);
  const count = head.getUint16(56, true);
  if (size < 56 || count === 0) throw new Fault("it has no program headers");
  let loads = 0;
  let loader = "";
  for (let n = 0; n < count; n++) {
    const entry = view(bytes, at + n * size, size, `program header ${n}`);
    const kind = entry.getUint32(0, true);
    const part = slice(bytes, u64(entry, 8, true), u64(entry, 32, true), `segment ${n}`);
    if (kind === LOAD) loads++;
    if (kind === INTERPRETER) loader = text(part);
  }
  if (loads === 0) throw new Fault("nothing in it is loaded");
  if (loader !== LOADERS[machine]) {
    throw new Fault(`it asks for the loader "${loader}", not ${LOADERS[machine]}`);
  }
}
