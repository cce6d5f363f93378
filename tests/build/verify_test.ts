// Binaries for other machines cannot be started here: their bytes are looked at, and each damage
// that was met or can be thought of has to be found.

import assert from "node:assert/strict";
import { signed } from "../../build/sign.ts";
import { Fault } from "../../build/verify/bytes.ts";
import { verifyElf } from "../../build/verify/elf.ts";
import { verifyExecutable, verifyLibrary } from "../../build/verify/executable.ts";
import { verifyMachO } from "../../build/verify/macho.ts";
import { verifyPe } from "../../build/verify/pe.ts";
import { partFor } from "../../build/verify/universal.ts";
import { elf, machO, pe, universal } from "./executables.ts";

const GLIBC = "/lib64/ld-linux-x86-64.so.2";

/** What the verifier says of a damaged file; it must be a `Fault`, never a crash. */
function fault(verify: () => unknown): string {
  try {
    verify();
  } catch (error) {
    assert.ok(error instanceof Fault, String(error));
    return error.message;
  }
  assert.fail("no fault was found");
}

function damaged(bytes: Uint8Array, at: number, value?: number): Uint8Array {
  const copy = bytes.slice();
  copy[at] = value ?? copy[at]! ^ 1;
  return copy;
}

Deno.test("an ELF file that is whole passes; one cut short or for another system does not", () => {
  const whole = elf("x64", GLIBC);
  verifyElf(whole, "elf x64");
  assert.match(
    fault(() => verifyElf(whole.subarray(0, 900), "elf x64")),
    /segment 0 .* ends at 900/,
  );
  assert.match(fault(() => verifyElf(whole.subarray(0, 100), "elf x64")), /program header 0/);
  assert.match(fault(() => verifyElf(whole.subarray(0, 20), "elf x64")), /the ELF header/);
  assert.match(fault(() => verifyElf(elf("x64", "/lib/ld-musl-x86_64.so.1"), "elf x64")), /musl/);
  assert.match(fault(() => verifyElf(whole, "elf arm64")), /not \/lib\/ld-linux-aarch64/);
  assert.match(fault(() => verifyElf(damaged(whole, 64, 7), "elf x64")), /nothing in it is loaded/);
});

Deno.test("a Windows program must be whole and carry no old signature", () => {
  verifyPe(pe());
  assert.match(fault(() => verifyPe(pe(512))), /signature/);
  assert.match(fault(() => verifyPe(pe().subarray(0, 2000))), /section .text/);
  assert.match(fault(() => verifyPe(pe().subarray(0, 300))), /optional header/);
});

Deno.test("every page of a macOS program is hashed again", () => {
  const whole = signed(machO("arm64"));
  assert.deepEqual(verifyMachO(whole, true), { pages: 3 });
  for (const at of [200, 4096 + 3, 3 * 4096 - 97]) {
    const page = Math.floor(at / 4096);
    assert.match(fault(() => verifyMachO(damaged(whole, at), true)), new RegExp(`page ${page} is`));
  }
  assert.match(fault(() => verifyMachO(whole.subarray(0, -1), true)), /the signature lies|segment/);
  const longer = new Uint8Array(whole.length + 1);
  longer.set(whole);
  assert.match(fault(() => verifyMachO(longer, true)), /1 bytes lie after/);
  assert.match(fault(() => verifyMachO(machO("arm64"), true)), /signature is unreadable/);
});

Deno.test("a macOS program without a signature is refused where it would not start", () => {
  const bare = machO("x64", false);
  assert.deepEqual(verifyMachO(bare, false), { pages: 0 });
  assert.match(fault(() => verifyMachO(bare, true)), /not signed/);
  assert.match(fault(() => signed(bare)), /no place for a signature/);
});

Deno.test("signing twice gives the same bytes, and a signature that covers less is found", () => {
  const once = signed(machO("x64"));
  assert.deepEqual(signed(once), once);
  // As the compiler leaves it for x64: the runtime's own signature, the program put in before it.
  const grown = new Uint8Array(once.length + 4096);
  const limit = 3 * 4096 - 96;
  grown.set(once.subarray(0, limit));
  grown.set(once.subarray(limit), limit + 4096);
  new DataView(grown.buffer).setUint32(176 + 8, limit + 4096, true);
  new DataView(grown.buffer).setUint32(104 + 48, once.length - 8192 + 4096, true);
  assert.match(fault(() => verifyMachO(grown, true)), /covers 12192 bytes, not the 16288/);
  assert.deepEqual(verifyMachO(signed(grown), true), { pages: 4 });
});

Deno.test("the part for one processor is cut out of a universal library", () => {
  const parts = { x64: signed(machO("x64")), arm64: signed(machO("arm64")) };
  const both = universal(parts.x64, parts.arm64);
  for (const processor of ["x64", "arm64"] as const) {
    const part = partFor(both, processor);
    assert.deepEqual(part, parts[processor]);
    verifyLibrary("libduckdb.dylib", part, `mach-o ${processor}`);
  }
  assert.equal(partFor(parts.x64, "x64"), parts.x64);
  assert.match(fault(() => partFor(both.subarray(0, 5000), "x64")), /the part for x64/);
  assert.match(
    fault(() => verifyLibrary("libduckdb.dylib", parts.x64, "mach-o arm64")),
    /is mach-o x64, not mach-o arm64/,
  );
});

Deno.test("the binary holds DuckDB byte for byte", () => {
  const content = Uint8Array.from({ length: 9000 }, (_, n) => (n * n) % 251);
  const program = elf("x64", GLIBC);
  const binary = new Uint8Array(30_000);
  binary.set(program);
  binary.set(content.subarray(0, 5000), 2000); // begins like it, and is not it
  binary.set(content, 12_345);
  const carried = [{ name: "libduckdb.so", content }];
  const { machine, sha256 } = verifyExecutable(binary, "elf x64", carried);
  assert.deepEqual([machine, sha256.length], ["elf x64", 64]);
  for (const bad of [damaged(binary, 12_345 + 8999), binary.subarray(0, 12_345 + 8999)]) {
    assert.match(fault(() => verifyExecutable(bad, "elf x64", carried)), /libduckdb.so does not/);
  }
  assert.match(fault(() => verifyExecutable(binary, "pe x64", carried)), /is elf x64, not pe x64/);
});
