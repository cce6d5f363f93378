/** Where a key leads from the marked node: along an arrow, or to the next node of its layer. */
import type { Drawn } from "./lineage_drawn.ts";

type Place = { readonly x: number; readonly y: number };

/** The node that an action marks; the same where nothing lies there, null where it is no movement. */
export function movedTo(
  drawn: Drawn,
  selected: string,
  action: string,
  rows: number,
): string | null {
  const at = drawn.at.get(selected);
  const ids = drawn.whole.nodes;
  switch (action) {
    case "first":
      return ids[0]?.id ?? selected;
    case "last":
      return ids.at(-1)?.id ?? selected;
    case "left":
    case "right":
      return at === undefined ? selected : along(drawn, at, action === "right") ?? selected;
    case "up":
    case "down":
    case "page-up":
    case "page-down": {
      if (at === undefined) return selected;
      const way = action.endsWith("up") ? -1 : 1;
      const far = action.startsWith("page") ? Math.max(1, rows - 1) : 1;
      return across(drawn, at, way, far) ?? besides(drawn, selected, way) ?? selected;
    }
    default:
      return null;
  }
}

/** Over an arrow, to the nearest layer and there to the nearest row; what has no arrows has neighbours in its row. */
function along({ edges, placed, nodes }: Drawn, at: number, right: boolean): string | null {
  const own = placed.nodes[at] as Place;
  const linked = edges.flatMap(([from, to]) =>
    right && from === at ? to : !right && to === at ? from : []
  );
  const isLinked = edges.some((edge) => edge.includes(at));
  const found = isLinked
    ? linked
    : placed.nodes.flatMap(({ x, y }, each) =>
      y === own.y && (right ? x > own.x : x < own.x) ? each : []
    );
  return nodes[
    nearest(found, ({ x, y }) => [Math.abs(x - own.x), Math.abs(y - own.y)], placed.nodes)
  ]?.id ??
    null;
}

/** The next node above or below that begins in the same column, `far` rows away at least where there is one. */
function across({ placed, nodes }: Drawn, at: number, way: -1 | 1, far: number): string | null {
  const own = placed.nodes[at] as Place;
  const rows = ({ y }: Place) => (y - own.y) * way;
  const beyond = placed.nodes.flatMap((each, index) => rows(each) > 0 ? index : []);
  const sameColumn = beyond.filter((each) => (placed.nodes[each] as Place).x === own.x);
  const chosen = sameColumn.length > 0 ? sameColumn : beyond;
  const away = chosen.filter((each) => rows(placed.nodes[each] as Place) >= far);
  if (away.length > 0 || far === 1) {
    return nodes[nearest(away, (each) => [rows(each), Math.abs(each.x - own.x)], placed.nodes)]
      ?.id ?? null;
  }
  // Less than a page is left: as far as it goes.
  return nodes[nearest(chosen, (each) => [-rows(each), 0], placed.nodes)]?.id ?? null;
}

/** Of what is drawn in part only: the asset before or after it, so that everything can be walked to. */
function besides({ whole, around }: Drawn, selected: string, way: -1 | 1): string | null {
  const at = whole.at.get(selected);
  return around === null || at === undefined ? null : whole.nodes[at + way]?.id ?? null;
}

/** The index with the least measure, part by part; -1 for none. */
function nearest(
  found: readonly number[],
  measure: (place: Place) => readonly [number, number],
  places: readonly Place[],
): number {
  let best = -1, least: readonly [number, number] = [Infinity, Infinity];
  for (const each of found) {
    const own = measure(places[each] as Place);
    if (own[0] < least[0] || (own[0] === least[0] && own[1] < least[1])) {
      [best, least] = [each, own];
    }
  }
  return best;
}

/** The window's first column and row, moved as little as shows a node with some room around. */
export function windowOn(
  before: Place,
  place: Place,
  size: number,
  whole: { readonly columns: number; readonly rows: number },
  room: { readonly columns: number; readonly rows: number },
): Place {
  const shift = (from: number, at: number, length: number, all: number, seen: number) => {
    const margin = Math.max(0, Math.min(3, Math.floor((seen - length) / 2)));
    const near = Math.min(from, at - margin);
    const far = Math.max(near, at + length + margin - seen);
    // What is longer than the window is seen from its beginning.
    return Math.max(0, Math.min(all - seen, length > seen ? at : far));
  };
  return {
    x: shift(before.x, place.x, size, whole.columns, room.columns),
    y: shift(before.y, place.y, 1, whole.rows, room.rows),
  };
}
