/** A log of lines that does not grow for ever: at a size it is put aside, and the oldest of those aside goes. */
import { appendFileSync, mkdirSync, renameSync, statSync } from "node:fs";
import { dirname } from "node:path";

/** Appends whole lines; never throws, since a log that cannot be written is no reason to end. */
export function openLogFile(
  path: string,
  limit: { readonly bytes: number; readonly files: number } = { bytes: 5_000_000, files: 3 },
): (lines: string) => void {
  let size: number | null = null;
  const start = () => {
    mkdirSync(dirname(path), { recursive: true });
    return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  };
  const rotate = () => {
    for (let n = limit.files - 1; n >= 1; n--) {
      const from = n === 1 ? path : `${path}.${n - 1}`;
      if (statSync(from, { throwIfNoEntry: false })) renameSync(from, `${path}.${n}`);
    }
    size = 0;
  };
  return (lines) => {
    try {
      size ??= start();
      const bytes = new TextEncoder().encode(`${lines}\n`);
      if (size > 0 && size + bytes.length > limit.bytes) rotate();
      appendFileSync(path, bytes);
      size += bytes.length;
    } catch {
      size = null;
    }
  };
}
