/**
 * Which assets a filter shows: those whose name has the word in it, and where it is more than a word, a selection as
 * every command takes it. What cannot be read as one shows everything and says why.
 */
import { select, type Selection } from "../core/graph/selection.ts";
import { parseSelection } from "../core/graph/selection_parser.ts";
import { type AssetKey, foldName } from "../core/key.ts";
import { stateWords } from "../core/status.ts";
import type { BoardData } from "./board.ts";

export interface Filtered {
  /** In the graph's order. */
  readonly keys: readonly AssetKey[];
  /** Why the filter is not one; null where it is. */
  readonly problem: string | null;
}

const WORD = /^[\p{L}\p{N}_]+$/u;

/** The filter as a word that other lists can be searched for; null for a selection, which is about assets alone. */
export function filterWord(filter: string): string | null {
  const text = filter.trim();
  return WORD.test(text) ? foldName(text) : null;
}

/** The assets that a filter shows. */
export function filtered({ graph, statuses }: BoardData, filter: string): Filtered {
  const text = filter.trim();
  if (text === "") return { keys: graph.keys, problem: null };
  if (WORD.test(text)) {
    const part = foldName(text);
    const keys = graph.keys.filter((key) => foldName(key).includes(part));
    if (keys.length > 0) return { keys, problem: null };
  }
  const parsed = parseSelection(text);
  if (!parsed.ok) return { keys: graph.keys, problem: parsed.error.message };
  if (asksGit(parsed.value)) {
    return { keys: graph.keys, problem: "changed: is not for filters; type :ls changed:REF" };
  }
  const found = select(parsed.value, graph, {
    states: (key) => {
      const status = statuses.get(key);
      return status === undefined ? new Set() : stateWords(status);
    },
    changed: () => new Set(),
  });
  return found.ok
    ? { keys: [...found.value], problem: null }
    : { keys: [], problem: found.error.message };
}

function asksGit(selection: Selection): boolean {
  return JSON.stringify(selection).includes('"kind":"changed"');
}
