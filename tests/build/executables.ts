// The smallest files that the verifiers of build/verify take for executables.

const TEXT = new TextEncoder();

/** Puts bytes at places into a file of a length; all else is zero. */
export function file(
  length: number,
  ...parts: readonly (readonly [at: number, bytes: readonly number[] | Uint8Array])[]
): Uint8Array {
  const bytes = new Uint8Array(length);
  for (const [at, part] of parts) bytes.set(part, at);
  return bytes;
}

function u32(...numbers: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(numbers.length * 4);
  numbers.forEach((each, n) => new DataView(bytes.buffer).setUint32(n * 4, each, true));
  return bytes;
}

function u64(...numbers: readonly number[]): Uint8Array {
  return u32(...numbers.flatMap((each) => [each, 0]));
}

/** An ELF executable with one loaded segment and the loader that it names. */
export function elf(processor: "x64" | "arm64", loader: string): Uint8Array {
  const machine = processor === "x64" ? 62 : 183;
  return file(
    1024,
    [0, [0x7f, 0x45, 0x4c, 0x46]],
    [18, [machine, 0]],
    [32, u64(64)], // program headers follow
    [54, [56, 0, 2, 0]], // two, of 56 bytes
    [64, u32(1, 0)],
    [72, u64(0)],
    [96, u64(1024)],
    [120, u32(3, 0)],
    [128, u64(512)],
    [152, u64(loader.length + 1)],
    [512, TEXT.encode(loader)],
  );
}

/** A Windows program with one section; `certificate` is the length of a signature in it. */
export function pe(certificate = 0): Uint8Array {
  return file(
    2048,
    [0, [0x4d, 0x5a]],
    [0x3c, u32(128)],
    [128, [0x50, 0x45, 0, 0, 0x64, 0x86, 1, 0]],
    [148, [240, 0]],
    [152, [0x0b, 0x02]],
    [152 + 108, u32(16)],
    [152 + 112 + 4 * 8, u32(2048, certificate)],
    [392, TEXT.encode(".text")],
    [392 + 16, u32(1024, 1024)], // 1024 bytes from 1024 on
  );
}

/** A Mach-O file of three pages; its signature's place holds what is no signature. */
export function machO(processor: "x64" | "arm64", place = true): Uint8Array {
  const end = 3 * 4096 - 96;
  const segment = (name: string, from: number, length: number) =>
    file(
      72,
      [0, u32(0x19, 72)],
      [8, TEXT.encode(name)],
      [40, u64(from)],
      [48, u64(length)],
    );
  return file(
    end + 32,
    [0, [0xcf, 0xfa, 0xed, 0xfe, processor === "x64" ? 7 : 0x0c, 0, 0, 1]],
    [16, u32(place ? 3 : 2, 72 * 2 + 16)],
    [32, segment("__TEXT", 0, 8192)],
    [104, segment("__LINKEDIT", 8192, end + 32 - 8192)],
    [176, u32(0x1d, 16, end, 32)],
    [4096, TEXT.encode("the second page")],
  );
}

/** A universal file of two parts. */
export function universal(x64: Uint8Array, arm64: Uint8Array): Uint8Array {
  const big = (...numbers: readonly number[]) => {
    const bytes = new Uint8Array(numbers.length * 4);
    numbers.forEach((each, n) => new DataView(bytes.buffer).setUint32(n * 4, each));
    return bytes;
  };
  const second = 4096 + x64.length;
  return file(
    second + arm64.length,
    [0, big(0xcafebabe, 2)],
    [8, big(0x01000007, 3, 4096, x64.length, 12)],
    [28, big(0x0100000c, 0, second, arm64.length, 14)],
    [4096, x64],
    [second, arm64],
  );
}
