/** States as data that can be compared. */
import type { State } from "../../src/core/heads.ts";

/** A state as comparable data: neither what the maps are made of nor the order in which cells came to be matters. */
export function plain(state: State) {
  const sorted = <V>(map: ReadonlyMap<string, V>) =>
    [...map].map(([key, value]) => [key, value] as const).sort(([a], [b]) => a < b ? -1 : 1);
  return {
    last: state.last,
    heads: sorted(state.heads).map(([key, partitions]) =>
      [key, sorted(partitions).map(([name, head]) => [name, { ...head }])] as const
    ),
    claims: sorted(state.claims),
    runs: sorted(state.runs),
    exports: sorted(state.exports),
    facts: sorted(state.facts),
  };
}
