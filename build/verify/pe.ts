// Whether a Windows executable is whole: all sections lie in the file, and no signature is left in
// it that the runtime had before the program was put in (Windows would call it tampered with).

import { Fault, slice, text, view } from "./bytes.ts";

const PE32_PLUS = 0x20b;
const CERTIFICATES = 4;

/** Throws a `Fault` where the file is damaged or carries a signature. */
export function verifyPe(bytes: Uint8Array): void {
  const at = view(bytes, 0, 64, "the DOS header").getUint32(0x3c, true);
  const head = view(bytes, at, 24, "the PE header");
  const sections = head.getUint16(6, true);
  const optionalSize = head.getUint16(20, true);
  const optional = view(bytes, at + 24, optionalSize, "the optional header");
  if (optionalSize < 112 || optional.getUint16(0, true) !== PE32_PLUS) {
    throw new Fault("it is no 64-bit program");
  }
  const directories = optional.getUint32(108, true);
  if (directories > CERTIFICATES) {
    const certificate = 112 + CERTIFICATES * 8;
    if (certificate + 8 > optionalSize) throw new Fault("its data directories are cut short");
    if (optional.getUint32(certificate + 4, true) !== 0) {
      throw new Fault("it carries a signature that was made before the program was put in");
    }
  }
  if (sections === 0) throw new Fault("it has no sections");
  for (let n = 0; n < sections; n++) {
    const from = at + 24 + optionalSize + n * 40;
    const section = view(bytes, from, 40, `section header ${n}`);
    const name = text(bytes.subarray(from, from + 8));
    slice(bytes, section.getUint32(20, true), section.getUint32(16, true), `section ${name}`);
  }
}
