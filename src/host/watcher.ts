/**
 * Tells that something changed in folders, soon and once for many changes. Only a hint: whoever is told looks himself,
 * and looks now and then without being told, since a file system may tell nothing at all.
 */
import { type FSWatcher, statSync, watch } from "node:fs";
import { basename, dirname, join } from "node:path";

export type Folders = ReadonlyMap<string, { readonly recursive: boolean }>;

export interface Watcher extends Disposable {
  /** Watches these folders from now on (relative to the project), and those no more that are not named. */
  follow(folders: Folders): void;
}

const DEBOUNCE_MS = 40;

interface Open {
  readonly watcher: FSWatcher;
  readonly recursive: boolean;
  /** Which folder it is: another may have taken its place under the same name, and a watch stays with the old one. */
  readonly identity: string;
  /** Names in it that matter; null for all. */
  names: ReadonlySet<string> | null;
}

/** `changed` is called once for changes that come together; `concerns` leaves out what one makes oneself. */
export function createWatcher(
  project: string,
  concerns: (path: string) => boolean,
  changed: () => void,
): Watcher {
  const open = new Map<string, Open>();
  let timer: ReturnType<typeof setTimeout> | null = null;
  const soon = () => {
    timer ??= setTimeout(() => {
      timer = null;
      changed();
    }, DEBOUNCE_MS);
  };
  const tell = (folder: string, name: string | null) => {
    const names = open.get(folder)?.names ?? null;
    if (name === null) return soon();
    // A folder that is itself taken away says so with its own name.
    if (names !== null && !names.has(name) && name !== basename(folder)) return;
    if (concerns(join(folder, name).replaceAll("\\", "/"))) soon();
  };
  const close = (folder: string) => {
    open.get(folder)?.watcher.close();
    open.delete(folder);
  };
  const start = (folder: string, wanted: Wanted, identity: string) => {
    try {
      const watcher = watch(
        join(project, folder),
        { recursive: wanted.recursive },
        (_event, name) => tell(folder, name === null ? null : String(name)),
      );
      watcher.on("error", () => close(folder));
      open.set(folder, { ...wanted, watcher, identity });
      // Whatever changed between the look that named the folder and now was told to nobody.
      soon();
    } catch {
      // No watches left, or no file system for it: the look now and then will do.
    }
  };
  return {
    follow(folders) {
      const wanted = withParents(project, folders);
      for (const folder of [...open.keys()]) if (!wanted.has(folder)) close(folder);
      for (const [folder, want] of wanted) {
        const there = open.get(folder);
        const identity = identityOf(join(project, folder));
        if (there?.identity === identity && there.recursive === want.recursive) {
          there.names = want.names;
          continue;
        }
        if (there === undefined) {
          if (identity !== null) start(folder, want, identity);
          continue;
        }
        // Opened at the next look: Deno takes a watch that is begun at once for the one that is being closed.
        close(folder);
        soon();
      }
    },
    [Symbol.dispose]() {
      if (timer !== null) clearTimeout(timer);
      for (const folder of [...open.keys()]) close(folder);
    },
  };
}

interface Wanted {
  readonly recursive: boolean;
  readonly names: ReadonlySet<string> | null;
}

/** Each folder, and above it the next that is there: it tells when the folder goes, and when it comes back. */
function withParents(project: string, folders: Folders): ReadonlyMap<string, Wanted> {
  const wanted = new Map<string, Wanted>();
  for (const [folder, { recursive }] of folders) wanted.set(folder, { recursive, names: null });
  for (const folder of folders.keys()) {
    for (let child = folder; child !== "." && child !== "/";) {
      const parent = dirname(child);
      const before = wanted.get(parent);
      if (before === undefined || before.names !== null) {
        const names = new Set([...before?.names ?? [], basename(child)]);
        wanted.set(parent, { recursive: false, names });
      }
      if (identityOf(join(project, parent)) !== null) break;
      child = parent;
    }
  }
  return wanted;
}

/** Null where there is no such folder. */
function identityOf(path: string): string | null {
  try {
    const { dev, ino } = statSync(path);
    return `${dev}:${ino}`;
  } catch {
    return null;
  }
}
