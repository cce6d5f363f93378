/**
 * A module that cannot be imported keeps all that import it from being imported too. Its mistake is one, and is told
 * once: of the module in which it stands, with the names of the others.
 */
import type { Problem } from "../core/problem/problem.ts";

/** A module and what came of its import. */
export interface FailedImport {
  readonly file: string;
  readonly problems: readonly Problem[];
}

const NAMES = 3;

/** `imports` gives the files of the project that a file imports itself. */
export function toldOnce(
  failed: readonly FailedImport[],
  imports: (file: string) => readonly string[],
): readonly Problem[] {
  const hanging = new Set(
    failed.filter(({ problems }) => problems.some(hangs)).map(({ file }) => file),
  );
  const groups = new Map<string, { of: FailedImport; problem: Problem; importers: string[] }>();
  for (const each of failed) {
    for (const problem of each.problems) {
      const { file: at = each.file, line, column } = problem.where ?? {};
      // That it never ends is told of the module that was asked for, not of the line that waits.
      const place = hangs(problem) ? rootOf(each.file, hanging, imports) : at;
      const id = JSON.stringify([problem.code, problem.why, place, line, column]);
      const group = groups.get(id);
      if (group === undefined) groups.set(id, { of: each, problem, importers: [] });
      else if (each.file === place) {
        group.importers.push(group.of.file);
        Object.assign(group, { of: each, problem });
      } else group.importers.push(each.file);
    }
  }
  return [...groups.values()].map(({ problem, importers }) =>
    importers.length === 0 ? problem : { ...problem, why: withImporters(problem.why, importers) }
  );
}

function hangs({ code }: Problem): boolean {
  return code === "module-hangs";
}

/** The first of the modules that hang which this one stands on, itself if on none. */
function rootOf(
  file: string,
  hanging: ReadonlySet<string>,
  imports: (file: string) => readonly string[],
): string {
  const seen = new Set([file]);
  const waiting = [...imports(file)];
  let root = file;
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    if (seen.has(next)) continue;
    seen.add(next);
    if (hanging.has(next)) root = next;
    waiting.push(...imports(next));
  }
  return root;
}

function withImporters(why: string | undefined, importers: readonly string[]): string {
  const sorted = [...importers].sort();
  const more = sorted.length - NAMES;
  const shown = more > 0 ? [...sorted.slice(0, NAMES), `${more} more`] : sorted;
  const last = shown.pop() ?? "";
  const names = shown.length === 0 ? last : `${shown.join(", ")} and ${last}`;
  const said = `${names} import${importers.length === 1 ? "s" : ""} it`;
  return why === undefined ? said : `${why}; ${said}`;
}
