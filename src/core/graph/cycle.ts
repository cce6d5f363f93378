/**
 * Finds the circles among assets that cannot be ordered, and tells each the same way every time: the
 * shortest trail from its least name back to it. Circles that share an arrow are told one after the other.
 */
import type { AssetDefinition, Dependency } from "../definition.ts";
import type { AssetKey } from "../key.ts";
import { type Problem, problem } from "../problem/problem.ts";

interface Reader {
  readonly def: AssetDefinition;
  readonly deps: readonly Dependency[];
}

/** `from` reads `to`; they are of the steps `step(from)` and `step(to)`. */
interface Arrow {
  readonly from: Reader;
  readonly to: AssetKey;
  readonly dep: Dependency;
}

/** One problem for each circle; `step` names the step that makes an asset. Self-reference is not looked at. */
export function findCycles(
  readers: readonly Reader[],
  step: (key: AssetKey) => AssetKey,
): readonly Problem[] {
  const arrows = new Map<AssetKey, Map<AssetKey, Arrow>>();
  for (const from of readers) {
    const own = step(from.def.key);
    const targets = arrows.get(own) ?? new Map<AssetKey, Arrow>();
    arrows.set(own, targets);
    for (const dep of from.deps) {
      if (dep.asset === from.def.key) continue;
      const to = step(dep.asset);
      if (!targets.has(to)) targets.set(to, { from, to: dep.asset, dep });
    }
  }
  const problems: Problem[] = [];
  // Each pass tells one circle of every knot and opens it; what is left may be a knot again.
  for (let pass = 0; pass < 10; pass++) {
    const knots = strongComponents(arrows);
    if (knots.length === 0) break;
    for (const knot of knots) {
      const trail = shortestCircle(knot, arrows);
      problems.push(tell(trail));
      const last = trail.at(-1);
      if (last !== undefined) arrows.get(step(last.from.def.key))?.delete(step(last.to));
    }
  }
  return problems;
}

function tell(trail: readonly Arrow[]): Problem {
  const [first] = trail;
  if (first === undefined) throw new Error("a circle has arrows");
  const names: AssetKey[] = [first.from.def.key];
  for (const [index, arrow] of trail.entries()) {
    names.push(arrow.to);
    const next = trail[index + 1]?.from.def.key;
    // The step between two arrows makes several assets; the trail goes on from another of them.
    if (next !== undefined && next !== arrow.to) names.push(next);
  }
  const start = names[0], end = names.at(-1);
  const place = ({ from, dep }: Arrow) =>
    `${from.def.origin.file}:${dep.line ?? from.def.origin.line}`;
  const shown = trail.slice(0, 4).map((each) =>
    `${each.from.def.key} reads ${each.to} (${place(each)})`
  );
  const rest = trail.length - shown.length;
  return problem("cycle", {
    message: `These assets wait for each other: ${names.join(" -> ")}`,
    where: {
      asset: first.from.def.key,
      file: first.from.def.origin.file,
      line: first.dep.line ?? first.from.def.origin.line,
      ...(first.dep.column === undefined
        ? {}
        : { column: first.dep.column, length: first.to.length }),
    },
    why: shown.join(", ") + (rest > 0 ? `, and ${rest} more` : "") +
      (end === start ? "" : `; ${end} and ${start} are made by one step`),
    hint: "take one of these dependencies out",
    fields: { trail: names },
  });
}

type Arrows = ReadonlyMap<AssetKey, ReadonlyMap<AssetKey, Arrow>>;

/** Tarjan's strongly connected components with more than one member, without recursion. */
function strongComponents(arrows: Arrows): readonly (readonly AssetKey[])[] {
  const number = new Map<AssetKey, number>(), low = new Map<AssetKey, number>();
  const open: AssetKey[] = [], isOpen = new Set<AssetKey>();
  const found: AssetKey[][] = [];
  for (const root of [...arrows.keys()].sort()) {
    if (number.has(root)) continue;
    const enter = (key: AssetKey) => {
      number.set(key, number.size);
      low.set(key, number.size - 1);
      open.push(key);
      isOpen.add(key);
      return { key, rest: (arrows.get(key) ?? new Map<AssetKey, Arrow>()).keys() };
    };
    const path = [enter(root)];
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const next = top.rest.next();
      const lowest = low.get(top.key) ?? 0;
      if (!next.done) {
        if (!number.has(next.value)) path.push(enter(next.value));
        else if (isOpen.has(next.value)) {
          low.set(top.key, Math.min(lowest, number.get(next.value) ?? 0));
        }
        continue;
      }
      path.pop();
      const above = path.at(-1);
      if (above !== undefined) low.set(above.key, Math.min(low.get(above.key) ?? 0, lowest));
      if (lowest !== number.get(top.key)) continue;
      const members = open.splice(open.lastIndexOf(top.key));
      for (const each of members) isOpen.delete(each);
      if (members.length > 1) found.push(members);
    }
  }
  return found;
}

function shortestCircle(knot: readonly AssetKey[], arrows: Arrows): readonly Arrow[] {
  const members = new Set(knot);
  const start = [...knot].sort()[0] as AssetKey;
  const reachedBy = new Map<AssetKey, { readonly by: Arrow; readonly before: AssetKey }>();
  let edge: AssetKey[] = [start];
  while (!reachedBy.has(start) && edge.length > 0) {
    const beyond: AssetKey[] = [];
    for (const before of edge) {
      const targets = [...(arrows.get(before) ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
      for (const [to, by] of targets) {
        if (!members.has(to) || reachedBy.has(to)) continue;
        reachedBy.set(to, { by, before });
        beyond.push(to);
      }
    }
    edge = beyond;
  }
  const trail: Arrow[] = [];
  let at = start;
  do {
    const step = reachedBy.get(at);
    if (step === undefined) throw new Error("a knot leads back to each of its members");
    trail.unshift(step.by);
    at = step.before;
  } while (at !== start);
  return trail;
}
