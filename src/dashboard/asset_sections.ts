/** Which sections an asset has, and the line of their names. */
import { paint, wrapCodes } from "../term/style.ts";
import type { AssetDefinition } from "../core/definition.ts";
import type { AssetKey } from "../core/key.ts";
import type { AssetStatus } from "../core/status.ts";
import { type Model, placeOf } from "./model.ts";
import { ASSET_SECTIONS, type AssetState } from "./states.ts";

export type Section = AssetState["section"];

/** The asset that the screen is about. */
export interface Shown {
  readonly key: AssetKey;
  readonly def: AssetDefinition;
  readonly status: AssetStatus;
}

/** Null where there is no asset of that name (any more). */
export function shownAsset(model: Model): Shown | null {
  const { data } = model;
  const key = data?.graph.find(placeOf(model).subject) ?? null;
  const status = key === null ? undefined : data?.statuses.get(key);
  if (data === null || key === null || status === undefined) return null;
  return { key, def: data.graph.def(key), status };
}

/** The last event that touched any of it: answers about its content are of this. */
export function stampOf(status: AssetStatus): number {
  const known = stamps.get(status);
  if (known !== undefined) return known;
  let last = 0;
  for (const { head } of status.partitions) last = Math.max(last, head?.event ?? 0);
  stamps.set(status, last);
  return last;
}
const stamps = new WeakMap<AssetStatus, number>();

/** Those that make sense for it, in their order. */
export function sectionsOf({ def, status }: Shown): readonly Section[] {
  const made = status.last?.published ?? null;
  const isTable = made !== null &&
    (made.output === "view" || (made.file !== null && made.file.format !== "other"));
  const has: Readonly<Record<Section, boolean>> = {
    about: true,
    rows: isTable,
    charts: made !== null && (def.charts.length > 0 || made.output === "chart"),
    columns: isTable || def.columns.length > 0,
    checks: def.checks.length > 0 || (made?.checks.length ?? 0) > 0,
    partitions: def.partitions !== null,
    versions: def.kind !== "source" && def.materialized !== "view" && made !== null,
    log: def.kind !== "source",
    source: def.kind !== "parquet",
  };
  return ASSET_SECTIONS.filter((each) => has[each]);
}

/** The section that is shown: what there is no longer gives way to the first. */
export function sectionOf(shown: Shown, state: AssetState): Section {
  return sectionsOf(shown).includes(state.section) ? state.section : "about";
}

interface Tab {
  readonly section: Section;
  readonly text: string;
  readonly at: number;
}

/** As many names as there is room for, the open one among them. */
function tabsAt(sections: readonly Section[], open: Section, columns: number): readonly Tab[] {
  const texts = sections.map((each) => ` ${each} `);
  const here = Math.max(0, sections.indexOf(open));
  let from = here, to = here + 1;
  let used = (texts[here] ?? "").length + 2;
  for (let grown = true; grown;) {
    grown = false;
    const after = texts[to], before = texts[from - 1];
    if (after !== undefined && used + after.length <= columns) {
      used += after.length;
      to++;
      grown = true;
    }
    if (before !== undefined && used + before.length <= columns) {
      used += before.length;
      from--;
      grown = true;
    }
  }
  let at = 1;
  return sections.slice(from, to).map((section, index) => {
    const text = texts[from + index] ?? "";
    const tab = { section, text, at };
    at += text.length;
    return tab;
  });
}

/** Sections in which something is wrong. */
function badOf({ status }: Shown): ReadonlySet<Section> {
  const kept = bads.get(status);
  if (kept !== undefined) return kept;
  const bad = new Set<Section>();
  bads.set(status, bad);
  const failed = (each: { readonly outcome: string }) => each.outcome !== "passed";
  for (const { head, state } of status.partitions) {
    if (state === "failed") bad.add("partitions").add("log");
    if ((head?.failure?.checks ?? head?.published?.checks ?? []).some(failed)) bad.add("checks");
  }
  return bad;
}
const bads = new WeakMap<AssetStatus, ReadonlySet<Section>>();

/** The names of its sections, the open one told apart. */
export function sectionLine(model: Model, shown: Shown, open: Section): string {
  const sections = sectionsOf(shown);
  const bad = badOf(shown);
  const { style, columns } = model;
  const tabs = tabsAt(sections, open, columns);
  const more = style.unicode ? ["‹", "›"] as const : ["<", ">"] as const;
  const before = tabs[0]?.section === sections[0] ? " " : paint(style, "dim", more[0]);
  const after = tabs.at(-1)?.section === sections.at(-1) ? "" : paint(style, "dim", more[1]);
  return before +
    tabs.map(({ section, text }) =>
      section !== open
        ? paint(style, bad.has(section) ? "bad" : "dim", text)
        : style.color === "none"
        ? `[${text.trim()}]`
        : wrapCodes("7", text)
    ).join("") + after;
}

/** The section whose name stands at a column; null for none. */
export function sectionAt(
  sections: readonly Section[],
  open: Section,
  columns: number,
  column: number,
): Section | null {
  const found = tabsAt(sections, open, columns).find(({ at, text }) =>
    column >= at && column < at + text.length
  );
  return found?.section ?? null;
}
