import assert from "node:assert/strict";
import { countsOf, sumLine } from "../../build/junit.ts";
import { machineOf, TARGETS } from "../../build/targets.ts";

Deno.test("a JUnit report is counted by its cases", () => {
  const report = `<?xml version="1.0"?>
    <testsuites name="deno test" tests="4" failures="1"><testsuite name="a">
      <testcase name="one" time="0.1"></testcase>
      <testcase name="two &lt;failure&gt;" time="0.1"/>
      <testcase name="three"><skipped/></testcase>
      <testcase name="four"><failure message="x">1 &lt; 2</failure></testcase>
    </testsuite></testsuites>`;
  assert.deepEqual(countsOf(report), { passed: 2, failed: 1, skipped: 1 });
  assert.equal(countsOf(report.slice(0, -20)), null);
  assert.equal(countsOf(""), null);
});

Deno.test("the last line names skipped tests only where there are some", () => {
  assert.equal(sumLine({ passed: 3, failed: 0, skipped: 0 }), "3 passed, 0 failed");
  assert.equal(sumLine({ passed: 3, failed: 1, skipped: 2 }), "3 passed, 1 failed, 2 skipped");
});

/** The first kilobyte of an executable, with these bytes in it. */
function head(...parts: readonly (readonly [at: number, bytes: readonly number[]])[]): Uint8Array {
  const bytes = new Uint8Array(1024);
  for (const [at, part] of parts) bytes.set(part, at);
  return bytes;
}

Deno.test("an executable's format and processor are read off its first bytes", () => {
  const elf = [0x7f, 0x45, 0x4c, 0x46];
  assert.equal(machineOf(head([0, elf], [18, [62, 0]])), "elf x64");
  assert.equal(machineOf(head([0, elf], [18, [183, 0]])), "elf arm64");
  assert.equal(machineOf(head([0, elf], [18, [8, 0]])), null);
  const macho = [0xcf, 0xfa, 0xed, 0xfe];
  assert.equal(machineOf(head([0, macho], [4, [7, 0, 0, 1]])), "mach-o x64");
  assert.equal(machineOf(head([0, macho], [4, [0x0c, 0, 0, 1]])), "mach-o arm64");
  const mz = [0, [0x4d, 0x5a]] as const;
  const pe = [128, [0x50, 0x45, 0, 0, 0x64, 0x86]] as const;
  assert.equal(machineOf(head(mz, [0x3c, [128, 0]], pe)), "pe x64");
  assert.equal(machineOf(head(mz, [0x3c, [255, 255]])), null);
  assert.equal(machineOf(head([0, [0x23, 0x21]])), null);
  assert.equal(machineOf(new Uint8Array(10)), null);
});

Deno.test("targets differ in every name", () => {
  for (const key of ["name", "compileTarget", "runtimePackage", "duckdbPackage"] as const) {
    assert.equal(new Set(TARGETS.map((target) => target[key])).size, TARGETS.length);
  }
});
