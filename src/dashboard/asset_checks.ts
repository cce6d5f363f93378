/** The checks of an asset: what they found last, what failed first, with the rows that failed. */
import type { CheckResult } from "../core/event.ts";
import type { PartitionStatus } from "../core/status.ts";
import { counted } from "../term/number.ts";
import { sanitize } from "../term/sanitize.ts";
import { paint, type Style } from "../term/style.ts";
import { truncate, wrap } from "../term/width.ts";
import { checkLines } from "../views/show.ts";
import { markOf } from "../views/words.ts";
import type { Shown } from "./asset_sections.ts";

/** Partitions of which the same check is told one by one. */
const MOST_TOLD = 5;

export function checksLines(shown: Shown, style: Style, columns: number): readonly string[] {
  const { def, status } = shown;
  const found = status.partitions.map((each) => ({ each, results: resultsOf(each) }))
    .filter(({ results }) => results.length > 0);
  const run = new Set(found.flatMap(({ results }) => results.map(({ name }) => name)));
  const waiting = def.checks.filter(({ name }) => !run.has(name)).map(({ name, severity }) =>
    truncate(
      `${markOf("waiting", style)} ${sanitize(name, style)} ${
        paint(style, "dim", `has not run on what is published (${severity})`)
      }`,
      columns,
      style,
    )
  );
  const lines = def.partitions === null
    ? found.flatMap(({ results }) => checkLines(badFirst(results), style, columns))
    : byName(found, [...run], style, columns);
  const all = [...lines, ...waiting];
  if (all.length === 0) return [paint(style, "dim", "it has no checks")];
  const refused = status.partitions.some((each) => each.head?.failure?.rejected);
  const hint = `what was refused can be read: from ${shown.key}__rejected;`;
  return refused ? [...all, "", ...wrap(paint(style, "dim", sanitize(hint, style)), columns)] : all;
}

/** Of the refused candidate where there is one, else of what is published. */
function resultsOf({ head }: PartitionStatus): readonly CheckResult[] {
  const { failure, published } = head ?? {};
  return failure && failure.checks.length > 0 ? failure.checks : published?.checks ?? [];
}

function badFirst(results: readonly CheckResult[]): readonly CheckResult[] {
  return [...results].sort((a, b) => Number(isGood(a)) - Number(isGood(b)));
}

function isGood({ outcome }: CheckResult): boolean {
  return outcome === "passed";
}

interface Found {
  readonly each: PartitionStatus;
  readonly results: readonly CheckResult[];
}

/** A line for each check with how many partitions passed it, and below it those that did not. */
function byName(
  found: readonly Found[],
  names: readonly string[],
  style: Style,
  columns: number,
): readonly string[] {
  const told = names.map((name) => {
    const all = found.flatMap(({ each, results }) => {
      const result = results.find((check) => check.name === name);
      return result === undefined ? [] : [{ partition: each.partition, result }];
    });
    return { name, all, bad: all.filter(({ result }) => !isGood(result)) };
  });
  told.sort((a, b) => Number(a.bad.length === 0) - Number(b.bad.length === 0));
  return told.flatMap(({ name, all, bad }) => {
    const good = `passed in ${counted(all.length - bad.length, "partition")}`;
    if (bad.length === 0) {
      const text = `${markOf("succeeded", style)} ${sanitize(name, style)}  ${
        paint(style, "dim", good)
      }`;
      return [truncate(text, columns, style)];
    }
    const lines = bad.slice(-MOST_TOLD).reverse().flatMap(({ partition, result }) => [
      truncate(paint(style, "key", sanitize(partition, style)), columns, style),
      ...checkLines([result], style, columns),
    ]);
    const more = bad.length > MOST_TOLD ? `, the last ${MOST_TOLD} below` : "";
    const head = `${sanitize(name, style)}  ${
      paint(style, "bad", `not passed in ${counted(bad.length, "partition")}${more}`)
    }`;
    return [truncate(head, columns, style), ...lines];
  });
}
