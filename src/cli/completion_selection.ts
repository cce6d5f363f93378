/** What may follow within a selection: `+tri` → `+trips_by_week`, `tag:` → its values, `is:` → states. */
import { ATTRIBUTES, STATES } from "../core/graph/selection.ts";

/** A word that may stand here, and what it is. */
export interface Candidate {
  readonly value: string;
  readonly about: string;
}

/** What of an asset a selection may ask for. */
export interface Selectable {
  readonly key: string;
  readonly description: string;
  readonly group: string;
  readonly tags: readonly string[];
  readonly owner: string;
  readonly kind: string;
}

/** What stands before the name that is being typed: arrows, `@`, an opening parenthesis, an intersection. */
const BEFORE = /^(?:.*[,(]|)(?:\d*\+|@)?/s;

/** Whole words, what has been typed of them included. */
export function completeSelection(
  typed: string,
  assets: readonly Selectable[],
): readonly Candidate[] {
  const before = BEFORE.exec(typed)?.[0] ?? "";
  const rest = typed.slice(before.length);
  const attribute = /^(\w+):/.exec(rest)?.[1];
  const found = attribute === undefined ? names(assets) : valuesOf(attribute, assets);
  return found.map(({ value, about }) => ({ value: before + value, about }));
}

function names(assets: readonly Selectable[]): readonly Candidate[] {
  const has = (of: (each: Selectable) => unknown) => assets.some((each) => Boolean(of(each)));
  const useful = new Set<string>([
    ...(has((each) => each.group) ? ["group"] : []),
    ...(has((each) => each.tags.length) ? ["tag"] : []),
    ...(has((each) => each.owner) ? ["owner"] : []),
    "kind",
  ]);
  return [
    ...assets.map(({ key, description }) => ({ value: key, about: description })),
    ...ATTRIBUTES.filter((each) => useful.has(each)).map((each) => ({
      value: `${each}:`,
      about: `by ${each}`,
    })),
    { value: "is:", about: "by state" },
    { value: "changed:", about: "by what a git revision changed" },
    { value: "roots(", about: "of these the first" },
    { value: "sinks(", about: "of these the last" },
  ];
}

function valuesOf(attribute: string, assets: readonly Selectable[]): readonly Candidate[] {
  const told = (values: Iterable<string>) =>
    [...new Set(values)].filter((value) => value !== "").sort()
      .map((value) => ({ value: `${attribute}:${value}`, about: "" }));
  switch (attribute) {
    case "is":
    case "state":
      return told(STATES);
    case "key":
      return told(assets.map(({ key }) => key));
    case "group":
      return told(assets.map(({ group }) => group));
    case "kind":
      return told(assets.map(({ kind }) => kind));
    case "owner":
      return told(assets.map(({ owner }) => owner));
    case "tag":
      return told(assets.flatMap(({ tags }) => tags));
    default:
      return [];
  }
}
