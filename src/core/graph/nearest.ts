/** Which known name was probably meant. Decides how far two names may be apart and still be a suggestion. */

/** The closest candidate, or null where none is close enough to be worth saying. */
export function nearest(name: string, candidates: Iterable<string>): string | null {
  return nearestSome(name, candidates, 1)[0] ?? null;
}

/** The closest candidates, closest first, ties by name; at most `count`. */
export function nearestSome(
  name: string,
  candidates: Iterable<string>,
  count: number,
): readonly string[] {
  const wanted = fold(name);
  const limit = Math.max(1, Math.floor(wanted.length / 3) + 1);
  const scored: { name: string; score: number }[] = [];
  for (const candidate of new Set(candidates)) {
    const score = distance(wanted, fold(candidate), limit);
    if (score !== null) scored.push({ name: candidate, score });
  }
  return scored.sort((a, b) => a.score - b.score || (a.name < b.name ? -1 : 1))
    .slice(0, count).map((each) => each.name);
}

// A separator more or less, or another case, is no difference to a reader.
function fold(text: string): string {
  return text.normalize("NFC").toLowerCase().replace(/[-\s.]+/g, "_").slice(0, 200);
}

function distance(wanted: string, candidate: string, limit: number): number | null {
  if (wanted === candidate) return 0;
  const edits = Math.abs(wanted.length - candidate.length) > limit
    ? null
    : editDistance(wanted, candidate, limit);
  // So many that hardly anything is alike: then at least it begins alike (`fair` and `fare`, not `nope` and `wipe`).
  const many = Math.max(1, Math.floor(wanted.length / 3));
  if (edits !== null && (edits <= many || wanted[0] === candidate[0])) return edits;
  // One is a part of the other: `trips` for `taxi_trips`. Worse than every spelling mistake.
  const [short, long] = wanted.length < candidate.length
    ? [wanted, candidate]
    : [candidate, wanted];
  if (short.length >= 3 && long.includes(short)) return limit + 1 + (long.length - short.length);
  return null;
}

/** Edits (insert, delete, replace, swap neighbours) from one text to the other; null above `limit`. */
function editDistance(a: string, b: string, limit: number): number | null {
  const width = b.length + 1;
  let twoBack: number[] = [];
  let back = Array.from({ length: width }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let least = i;
    for (let j = 1; j < width; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(
        (back[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + 1,
        (back[j - 1] ?? 0) + (same ? 0 : 1),
      );
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, (twoBack[j - 2] ?? 0) + 1);
      }
      row.push(cost);
      least = Math.min(least, cost);
    }
    if (least > limit) return null;
    twoBack = back;
    back = row;
  }
  const edits = back[b.length] ?? 0;
  // Where every letter was changed, it is another name.
  return edits <= limit && edits < Math.max(a.length, b.length) ? edits : null;
}
