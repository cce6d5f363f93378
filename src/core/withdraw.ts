/**
 * When a skip takes back what is published. "Not published yet" said of the same settings leaves the last version
 * standing; said of others (another source, another service) it means that what stands there answers to settings that
 * hold no more, and to read it beside what was made under the new ones would be to mix the two. Nothing is lost: the
 * file stays as long as any older version does, and the old settings make the partition `missing`, so it comes back.
 */
import type { Read } from "./version.ts";

/** Did the skip look at something that has another value than when the version was made? */
export function contradicts(published: readonly Read[], skipped: readonly Read[]): boolean {
  return skipped.some((now) =>
    published.some((then) =>
      then.kind === now.kind && then.name === now.name && then.digest !== now.digest
    )
  );
}
