// The machines that a binary can be made for: which packages from npm hold their parts, and what
// the finished file must look like. Decides no build step.

/** A machine and the parts that a binary for it consists of. */
export interface Target {
  readonly name: string;
  /** As the compiler calls it. */
  readonly compileTarget: string;
  /** Holds the compiler's runtime for that machine, and where in it. */
  readonly runtimePackage: string;
  readonly runtimePath: string;
  /** Holds DuckDB for that machine, and its two files. */
  readonly duckdbPackage: string;
  readonly duckdbFiles: readonly string[];
  readonly executable: string;
  readonly machine: Machine;
}

/** An executable's format and processor, as `machineOf` names them. */
export type Machine =
  | "elf x64"
  | "elf arm64"
  | "mach-o x64"
  | "mach-o arm64"
  | "pe x64";

function unix(
  name: string,
  bun: string,
  target: string,
  library: string,
  machine: Machine,
): Target {
  return {
    name,
    compileTarget: `bun-${target}`,
    runtimePackage: `@oven/bun-${bun}`,
    runtimePath: "bin/bun",
    duckdbPackage: `@duckdb/node-bindings-${name}`,
    duckdbFiles: [library, "duckdb.node"],
    executable: "nycflow",
    machine,
  };
}

/** All targets, named as Node names platform and processor. */
export const TARGETS: readonly Target[] = [
  unix("linux-x64", "linux-x64", "linux-x64", "libduckdb.so", "elf x64"),
  unix("linux-arm64", "linux-aarch64", "linux-arm64", "libduckdb.so", "elf arm64"),
  unix("darwin-x64", "darwin-x64", "darwin-x64", "libduckdb.dylib", "mach-o x64"),
  unix("darwin-arm64", "darwin-aarch64", "darwin-arm64", "libduckdb.dylib", "mach-o arm64"),
  {
    name: "win32-x64",
    compileTarget: "bun-windows-x64",
    runtimePackage: "@oven/bun-windows-x64",
    runtimePath: "bin/bun.exe",
    duckdbPackage: "@duckdb/node-bindings-win32-x64",
    duckdbFiles: ["duckdb.dll", "duckdb.node"],
    executable: "nycflow.exe",
    machine: "pe x64",
  },
];

/** Reads format and processor off an executable's first bytes (1 kB is enough); null: unknown. */
export function machineOf(head: Uint8Array): Machine | null {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  if (view.byteLength < 64) return null;
  if (view.getUint32(0, false) === 0x7f454c46) {
    const machine = view.getUint16(18, true);
    return machine === 62 ? "elf x64" : machine === 183 ? "elf arm64" : null;
  }
  if (view.getUint32(0, true) === 0xfeedfacf) {
    const processor = view.getUint32(4, true);
    if (processor === 0x01000007) return "mach-o x64";
    return processor === 0x0100000c ? "mach-o arm64" : null;
  }
  if (view.getUint16(0, true) === 0x5a4d) {
    const at = view.getUint32(0x3c, true);
    if (at + 6 > view.byteLength || view.getUint32(at, true) !== 0x4550) return null;
    return view.getUint16(at + 4, true) === 0x8664 ? "pe x64" : null;
  }
  return null;
}
