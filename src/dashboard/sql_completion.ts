/** What a word of a query may become: tables, columns of the tables that it names, keywords, functions. */
import { SQL_KEYWORDS } from "../views/source.ts";
import type { BoardData } from "./board.ts";
import { beforeCursor, type Line } from "./line.ts";

const HISTORY = ["nycflow.runs", "nycflow.steps", "nycflow.checks"];

const FUNCTIONS: readonly string[] = (
  "abs approx_count_distinct approx_quantile arg_max arg_min avg bool_and bool_or ceil coalesce concat count " +
  "count_if date_diff date_part date_trunc dayname epoch extract first floor format generate_series greatest " +
  "histogram if ifnull json_extract lag last lead least left len length lower list ln log max mean median min " +
  "mode monthname now nullif percent_rank quantile_cont range rank regexp_extract regexp_matches regexp_replace " +
  "replace right round row_number split_part sqrt stddev strftime string_agg strptime strlen substring sum " +
  "time_bucket today trim try_cast unnest upper var_pop year month day hour week st_area st_astext st_centroid"
).split(" ");

/** A name with dots, quotes left open, or nothing. */
const WORD =
  /(?:[\p{L}_][\p{L}\p{N}_$]*|"[^"\n]*"?)(?:\.(?:[\p{L}_][\p{L}\p{N}_$]*|"[^"\n]*"?)?)*$/u;

/** The word before the cursor; "" where none is. */
export function wordBefore(text: Line): string {
  return WORD.exec(beforeCursor(text))?.[0] ?? "";
}

/** Those that begin with the word, what is likelier first; nothing for nothing. */
export function completions(data: BoardData, text: Line): readonly string[] {
  const word = wordBefore(text);
  const before = beforeCursor(text).slice(0, -word.length || undefined);
  if (word === "") return [];
  if (insideText(before)) return [];
  const named = tablesIn(data, text.text);
  const dot = word.lastIndexOf(".");
  const tables = tablesOf(data);
  if (dot > 0) {
    const owner = word.slice(0, dot);
    const key = named.get(owner.toLowerCase()) ?? null;
    const columns = key === null ? [] : columnsOf(data, key);
    const all = [...columns.map((name) => `${owner}.${quoted(name)}`), ...HISTORY];
    return matching(word, all);
  }
  // Before it says from where, it may be anything that there is.
  const owners = named.size === 0 ? tables : [...new Set(named.values())];
  const columns = owners.flatMap((key) => columnsOf(data, key));
  const keywords = /[A-Z]/.test(word) && word === word.toUpperCase()
    ? SQL_KEYWORDS.map((each) => each.toUpperCase())
    : SQL_KEYWORDS;
  const names = [...tables.map(quoted), ...HISTORY];
  const first = /\b(?:from|join|into|describe|summarize)\s+$/i.test(before)
    ? names
    : [...columns.map(quoted), ...names];
  return matching(word, [...first, ...keywords, ...FUNCTIONS]);
}

/** As far as all candidates agree, never less than the word. */
export function agreed(word: string, candidates: readonly string[]): string {
  let end = candidates[0]?.length ?? 0;
  for (const each of candidates) {
    while (
      end > 0 && each.slice(0, end).toLowerCase() !== candidates[0]?.slice(0, end).toLowerCase()
    ) end--;
  }
  return end > word.length ? candidates[0]?.slice(0, end) ?? word : word;
}

/** The word before the cursor replaced. */
export function replaced(text: Line, word: string, by: string): Line {
  const head = beforeCursor(text);
  const made = head.slice(0, head.length - word.length) + by;
  return {
    text: made + text.text.slice(head.length),
    at: [...new Intl.Segmenter().segment(made)].length,
  };
}

function matching(word: string, all: readonly string[]): readonly string[] {
  const low = word.toLowerCase();
  const found = all.filter((each) =>
    each.toLowerCase().startsWith(low) || each.toLowerCase().startsWith(`"${low}`)
  );
  return [...new Set(found)];
}

function tablesOf({ graph, statuses }: BoardData): readonly string[] {
  return graph.keys.filter((key) => (statuses.get(key)?.last?.published?.schema.length ?? 0) > 0);
}

/** By the name or alias under which a query reads it, the asset. */
function tablesIn(data: BoardData, text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const pattern =
    /\b(?:from|join|,)\s+("?)([\p{L}_][\p{L}\p{N}_$-]*)\1(?:\s+(?:as\s+)?([\p{L}_][\p{L}\p{N}_]*))?/giu;
  for (const [, , name = "", alias] of text.matchAll(pattern)) {
    const key = data.graph.find(name);
    if (key === null) continue;
    found.set(name.toLowerCase(), key);
    if (alias !== undefined && !SQL_KEYWORDS.includes(alias.toLowerCase())) {
      found.set(alias.toLowerCase(), key);
    }
  }
  return found;
}

function columnsOf({ statuses, graph }: BoardData, name: string): readonly string[] {
  const key = graph.find(name);
  const status = key === null ? undefined : statuses.get(key);
  return status?.last?.published?.schema.map((each) => each.name) ?? [];
}

function quoted(name: string): string {
  return /^[\p{L}_][\p{L}\p{N}_]*$/u.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

/** Behind an open quote or a comment nothing is completed. */
function insideText(before: string): boolean {
  const bare = before.replace(/'(?:[^']|'')*'|--[^\n]*\n|\/\*[\s\S]*?\*\//g, "");
  return /'|--[^\n]*$|\/\*/.test(bare);
}
