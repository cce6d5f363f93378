// Decides on which track between two layers each line turns, so that no two lines that mean
// different things lie on each other, and few cross. Knows rows of ports, not characters.

/**
 * One line that leaves `from` and branches to each of `to`; numbers are cells of the axis across. No two
 * nets of a channel have an end in common.
 */
export interface Net {
  readonly from: number;
  readonly to: readonly number[];
}

export interface Channel {
  /** For each net its track from 0; null where it goes straight on. */
  readonly tracks: readonly (number | null)[];
  readonly count: number;
  /** Nets that cannot be told apart in any order: somebody must move first. */
  readonly clash: readonly [number, number] | null;
}

const CLASH = 10_000;
/** Above so many nets they are ordered by a rule of thumb. */
const SEARCHED = 60;

/** Tracks for the lines between two layers. */
export function routeChannel(nets: readonly Net[]): Channel {
  const turning = nets.flatMap((net, at) => net.to.every((to) => to === net.from) ? [] : [at]);
  const order = [...turning].sort((a, b) => thumb(nets[a] as Net, nets[b] as Net));
  if (order.length <= SEARCHED) improve(order, nets);
  const tracks: (number | null)[] = nets.map(() => null);
  let count = 0;
  order.forEach((at, index) => {
    let track = 0;
    for (const before of order.slice(0, index)) {
      if (touch(nets[before] as Net, nets[at] as Net)) {
        track = Math.max(track, (tracks[before] as number) + 1);
      }
    }
    tracks[at] = track;
    count = Math.max(count, track + 1);
  });
  return { tracks, count, clash: clashOf(order, nets) };
}

function clashOf(order: readonly number[], nets: readonly Net[]): readonly [number, number] | null {
  for (let i = 0; i < order.length; i++) {
    for (let j = i + 1; j < order.length; j++) {
      const a = order[i] as number, b = order[j] as number;
      if (cost(nets[a] as Net, nets[b] as Net) >= CLASH) return [a, b];
    }
  }
  return null;
}

const low = ({ from, to }: Net) => Math.min(from, ...to);
const high = ({ from, to }: Net) => Math.max(from, ...to);

function touch(a: Net, b: Net): boolean {
  return low(a) <= high(b) && low(b) <= high(a);
}

/** Of lines that go down the lowest turns first, of those that go up the highest. */
function thumb(a: Net, b: Net): number {
  const down = (net: Net) => net.to.reduce((sum, to) => sum + to, 0) / net.to.length >= net.from;
  if (down(a) !== down(b)) return down(a) ? 1 : -1;
  return down(a) ? b.from - a.from : a.from - b.from;
}

/** What it costs that `a` turns before `b`. */
function cost(a: Net, b: Net): number {
  if (!touch(a, b)) return 0;
  let sum = 0;
  for (const row of a.to) {
    if (row === b.from) sum += CLASH;
    else if (row > low(b) && row < high(b)) sum += 1;
  }
  if (b.from > low(a) && b.from < high(a)) sum += 1;
  return sum;
}

/** Moves nets to where they cost least, until nothing gains. */
function improve(order: number[], nets: readonly Net[]): void {
  const price = new Map<number, number>();
  const of = (a: number, b: number) => {
    const id = a * nets.length + b;
    const known = price.get(id);
    if (known !== undefined) return known;
    const found = cost(nets[a] as Net, nets[b] as Net);
    price.set(id, found);
    return found;
  };
  for (let round = 0, better = true; better && round < 20; round++) {
    better = false;
    for (let at = 0; at < order.length; at++) {
      const own = order[at] as number;
      let best = at, gain = 0;
      for (const way of [-1, 1]) {
        let sum = 0;
        for (let to = at + way; to >= 0 && to < order.length; to += way) {
          const other = order[to] as number;
          sum += way < 0 ? of(other, own) - of(own, other) : of(own, other) - of(other, own);
          if (sum > gain) [best, gain] = [to, sum];
        }
      }
      if (gain <= 0) continue;
      order.splice(at, 1);
      order.splice(best, 0, own);
      better = true;
    }
  }
}
