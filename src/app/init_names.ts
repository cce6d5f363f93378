/** Names for a project around someone's file: of the asset, of the folder, of its columns. */
import { parseAssetKey } from "../core/key.ts";

/** A legal asset name out of any text: lower case, words joined by `_`; `prefix` before what begins with a digit. */
export function nameFrom(text: string, reserved: ReadonlySet<string>, prefix: string): string {
  const words = text.normalize("NFC").toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}]+/gu, "_").replace(/^_+|_+$/g, "").slice(0, 100);
  const named = words === "" ? prefix : /^\p{L}/u.test(words) ? words : `${prefix}_${words}`;
  return reserved.has(named) ? `${named}_${prefix}` : named;
}

/**
 * Names of columns as SQL takes them without quotes. One that is legal stays as it is; others become words joined by
 * `_`. No two are the same to SQL.
 */
export function columnNames(
  names: readonly string[],
  reserved: ReadonlySet<string>,
): readonly string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    const legal = parseAssetKey(name).ok && !reserved.has(name.toLowerCase());
    const wanted = legal ? name : nameFrom(name, reserved, "column");
    let free = wanted;
    for (let count = 2; taken.has(free.toLowerCase()); count++) free = `${wanted}_${count}`;
    taken.add(free.toLowerCase());
    return free;
  });
}
