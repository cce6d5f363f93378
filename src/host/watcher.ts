/**
 * Tells that something changed in folders, soon and once for many changes. Only a hint: whoever is told looks himself,
 * and looks now and then without being told, since a file system may tell nothing at all.
 */
import { existsSync, type FSWatcher, watch } from "node:fs";
import { join } from "node:path";

export interface Watcher extends Disposable {
  /** Watches these folders from now on (relative to the project), and those no more that are not named. */
  follow(folders: ReadonlyMap<string, { readonly recursive: boolean }>): void;
}

const DEBOUNCE_MS = 40;

/** `changed` is called once for changes that come together; `concerns` leaves out what one makes oneself. */
export function createWatcher(
  project: string,
  concerns: (path: string) => boolean,
  changed: () => void,
): Watcher {
  const open = new Map<string, FSWatcher>();
  let timer: ReturnType<typeof setTimeout> | null = null;
  const soon = () => {
    timer ??= setTimeout(() => {
      timer = null;
      changed();
    }, DEBOUNCE_MS);
  };
  const tell = (folder: string, name: string | null) => {
    if (name === null || concerns(join(folder, name).replaceAll("\\", "/"))) soon();
  };
  const close = (folder: string) => {
    open.get(folder)?.close();
    open.delete(folder);
  };
  return {
    follow(folders) {
      for (const folder of open.keys()) {
        if (!folders.has(folder) || !existsSync(join(project, folder))) close(folder);
      }
      for (const [folder, { recursive }] of folders) {
        if (open.has(folder) || !existsSync(join(project, folder))) continue;
        try {
          const watcher = watch(
            join(project, folder),
            { recursive },
            (_event, name) => tell(folder, name === null ? null : String(name)),
          );
          watcher.on("error", () => close(folder));
          open.set(folder, watcher);
          // Whatever changed between the look that named the folder and now was told to nobody.
          soon();
        } catch {
          // No watches left, or no file system for it: the look now and then will do.
        }
      }
    },
    [Symbol.dispose]() {
      if (timer !== null) clearTimeout(timer);
      for (const folder of [...open.keys()]) close(folder);
    },
  };
}
