/** What `check` says: how much was looked at, which columns would change for whom, what could not be told yet. */
import type { SchemaChange } from "../core/compile.ts";
import type { Json } from "../core/json.ts";
import type { Problem } from "../core/problem/problem.ts";
import { counted, grouped } from "../term/number.ts";
import { sanitize } from "../term/sanitize.ts";
import { paint, type Style } from "../term/style.ts";
import { wrap } from "../term/width.ts";
import { problemDocument } from "./problem.ts";

/** As `src/app/check.ts` finds it. */
export interface CheckFound {
  readonly assets: number;
  readonly problems: readonly Problem[];
  readonly unknown: readonly string[];
  readonly unknownRoots: readonly string[];
  readonly changes: readonly SchemaChange[];
}

/** Names that are listed before the rest is only counted. */
const LISTED = 6;

/** All but the problems, which go to stderr. */
export function checkLines(found: CheckFound, style: Style, columns: number): string[] {
  const { assets, problems, unknown, unknownRoots, changes } = found;
  const lines: string[] = [];
  const say = (text: string) => lines.push(...wrap(sanitize(text, style), columns, "  "));
  for (const change of changes) say(changeText(change));
  if (unknown.length > 0) {
    say(
      `not checked yet: ${listed(unknown)}; the columns of ${
        listed(unknownRoots)
      } are known once materialized`,
    );
  }
  if (problems.length === 0) {
    const mark = paint(style, "good", style.unicode ? "✓" : "ok");
    const open = unknown.length === 0 ? "" : `; ${grouped(unknown.length)} not checked yet`;
    lines.push(`${mark} ${counted(assets, "asset")}, nothing wrong${open}`);
  }
  return lines;
}

/** `trips: fare DOUBLE → VARCHAR, without tip, with total BIGINT; read by by_zone, top`. */
function changeText({ asset, added, removed, retyped, downstream }: SchemaChange): string {
  const parts = [
    ...retyped.map((each) => `${each.name} ${each.from} → ${each.to}`),
    ...removed.map((each) => `without ${each.name}`),
    ...added.map((each) => `with ${each.name} ${each.type}`),
  ];
  const shown = parts.length > LISTED
    ? [...parts.slice(0, LISTED), `${parts.length - LISTED} more`]
    : parts;
  const hit = downstream.length === 0 ? "read by nobody" : `read by ${listed(downstream)}`;
  return `${asset} will change: ${shown.join(", ")}; ${hit}`;
}

function listed(names: readonly string[]): string {
  return names.length <= LISTED
    ? names.join(", ")
    : `${names.slice(0, LISTED - 1).join(", ")} and ${names.length - LISTED + 1} more`;
}

/** The document of `check --json`. */
export function checkDocument(found: CheckFound): { readonly [key: string]: Json } {
  const columns = (list: SchemaChange["added"]): Json =>
    list.map(({ name, type }) => ({ name, type }));
  return {
    ...problemDocument(found.problems),
    assets: found.assets,
    unknown: [...found.unknown],
    changes: found.changes.map((each) => ({
      asset: each.asset,
      added: columns(each.added),
      removed: columns(each.removed),
      retyped: each.retyped.map((column) => ({ ...column })),
      downstream: [...each.downstream],
    })),
  };
}
