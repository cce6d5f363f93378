// A disk that is soon full: a memory file system of its own, where this user may mount one (Linux, root).

import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface SmallDisk extends Disposable {
  readonly path: string;
  /** Fills it until so many KiB are left. */
  leave(kib: number): void;
  /** Gives the room back. */
  free(): void;
}

/** Null where it may not be mounted. At `path`, which is made where it is missing, or in a folder of its own. */
export function smallDisk(kib: number, at: string | null = null): SmallDisk | null {
  const path = at ?? mkdtempSync(join(tmpdir(), "nycflow-disk-"));
  mkdirSync(path, { recursive: true });
  const remove = () => {
    if (at === null) rmSync(path, { recursive: true, force: true });
  };
  try {
    const options = ["-t", "tmpfs", "-o", `size=${kib}k`, "none", path];
    execFileSync("mount", options, { stdio: "ignore" });
  } catch {
    remove();
    return null;
  }
  const filler = join(path, ".filler");
  return {
    path,
    leave(room) {
      rmSync(filler, { force: true });
      const { bavail, bsize } = statfsSync(path);
      const size = Number(bavail) * Number(bsize) - room * 1024;
      if (size > 0) writeFileSync(filler, new Uint8Array(size));
    },
    free: () => rmSync(filler, { force: true }),
    [Symbol.dispose]() {
      execFileSync("umount", ["-l", path], { stdio: "ignore" });
      remove();
    },
  };
}

/** May one be mounted here? */
export function canMount(): boolean {
  using disk = smallDisk(64);
  return disk !== null;
}
