/**
 * Whether the partitions of two assets fit together under a mapping, and dimension by dimension how.
 * Decides which mappings must be written out; which keys follow, `mapping.ts` does.
 */
import type { AssetDefinition, Dependency } from "../definition.ts";
import { nearest } from "../graph/nearest.ts";
import { type Problem, problem } from "../problem/problem.ts";
import type { ResolvedScheme } from "./resolve.ts";
import type { PartitionMapping } from "./scheme.ts";

/**
 * For each dimension of the upstream the downstream dimension that it follows, by index, or null where all of
 * its keys are read. Null as a whole: nothing says how the two fit. A plain scheme is one dimension.
 */
export function pairDimensions(
  down: ResolvedScheme,
  up: ResolvedScheme,
  mapping: PartitionMapping,
): readonly (number | null)[] | null {
  const downs = named(down), ups = named(up);
  if (mapping.type === "dimension") {
    const pick = (list: readonly Dimension[]) =>
      list.length === 1 ? 0 : list.findIndex((each) => each.name === mapping.name);
    const from = pick(downs), to = pick(ups);
    const a = downs[from], b = ups[to];
    if (a === undefined || b === undefined || !fits(a.scheme, b.scheme)) return null;
    return ups.map((_, index) => index === to ? from : null);
  }
  if (downs.length === 1 && ups.length === 1) {
    return fits(down, up) ? [0] : null;
  }
  // Equal names say which belongs to which; a plain scheme has none, so only one may fit it.
  const candidates = ups.map((each) =>
    downs.flatMap((other, index) =>
      fits(other.scheme, each.scheme) &&
        (each.name === null || other.name === null || each.name === other.name)
        ? [index]
        : []
    )
  );
  const pairs = candidates.map((each) => each.length === 1 ? each[0] ?? null : null);
  const used = pairs.filter((each) => each !== null);
  const clear = used.length > 0 && new Set(used).size === used.length &&
    candidates.every((each) => each.length <= 1);
  return clear ? pairs : null;
}

interface Dimension {
  readonly name: string | null;
  readonly scheme: ResolvedScheme;
}

function named(scheme: ResolvedScheme): readonly Dimension[] {
  return scheme.type === "multi" ? scheme.dimensions : [{ name: null, scheme }];
}

function fits(down: ResolvedScheme, up: ResolvedScheme): boolean {
  if (down.type === "time" || down.type === "dynamic") return up.type === down.type;
  if (down.type !== "static" || up.type !== "static") return false;
  const keys = new Set(up.keys);
  return keys.size === new Set(down.keys).size && down.keys.every((each) => keys.has(each));
}

/** What is wrong with how one asset reads another; null where `mapKeys` can answer. */
export function checkMapping(
  def: AssetDefinition,
  down: ResolvedScheme | null,
  up: ResolvedScheme | null,
  dep: Dependency,
): Problem | null {
  const { mapping } = dep;
  const tell = (why: string, hint: string) =>
    problem("partition-scheme", {
      message: `Cannot tell which partitions of ${dep.asset} ${def.key} reads`,
      where: {
        asset: def.key,
        file: def.origin.file,
        line: dep.line ?? def.origin.line,
        ...(dep.column === undefined ? {} : { column: dep.column, length: dep.asset.length }),
      },
      why,
      hint,
      fields: { asset: def.key, upstream: dep.asset, mapping: mapping.type },
    });
  if (up === null) {
    return mapping.type === "default" || mapping.type === "all"
      ? null
      : tell(`${dep.asset} is not partitioned`, "take the mapping out");
  }
  if (mapping.type === "all" || mapping.type === "latest") return null;
  if (mapping.type === "keys") return checkKeys(up, mapping.keys, tell);
  if (down === null) {
    return mapping.type === "default"
      ? null
      : tell(`${def.key} is not partitioned`, "take the mapping out, or map all, latest or keys");
  }
  if (mapping.type === "same") return null;
  const names = new Set([...named(down), ...named(up)].flatMap((each) => each.name ?? []));
  if (mapping.type === "dimension" && !names.has(mapping.name)) {
    const close = nearest(mapping.name, names);
    return tell(
      names.size === 0
        ? "neither of the two is partitioned by dimensions"
        : `there is no dimension ${mapping.name}; there is ${[...names].join(", ")}`,
      close === null ? "take the mapping out" : `write ${close}`,
    );
  }
  const pairs = pairDimensions(down, up, mapping);
  if (pairs === null) {
    return tell(
      `${def.key} is ${describe(down)}, ${dep.asset} is ${describe(up)}`,
      "say which: map all, latest, same, keys or a dimension",
    );
  }
  const shifts = pairs.some((from, index) =>
    from !== null && named(up)[index]?.scheme.type === "time"
  );
  return mapping.type === "offset" && !shifts
    ? tell("an offset counts time windows", "map same or keys instead")
    : null;
}

function checkKeys(
  up: ResolvedScheme,
  keys: readonly string[],
  tell: (why: string, hint: string) => Problem,
): Problem | null {
  if (keys.length === 0) return tell("the list of keys is empty", "list one, or map all");
  if (up.type !== "static") return null;
  const strange = keys.find((each) => !up.keys.includes(each));
  if (strange === undefined) return null;
  const close = nearest(strange, up.keys);
  return tell(
    `it has no partition ${strange}`,
    close === null ? `its keys are ${up.keys.slice(0, 10).join(", ")}` : `write ${close}`,
  );
}

const UNITS = { hour: "hourly", day: "daily", week: "weekly", month: "monthly", year: "yearly" };

/** A scheme in words: `monthly`, `partitioned by 5 keys`. */
export function describe(scheme: ResolvedScheme): string {
  switch (scheme.type) {
    case "time":
      return UNITS[scheme.grid.unit];
    case "static":
      return `partitioned by ${scheme.keys.length} key${scheme.keys.length === 1 ? "" : "s"}`;
    case "dynamic":
      return "partitioned by keys that come while running";
    case "multi":
      return `partitioned by ${scheme.dimensions.map((each) => each.name).join(" and ")}`;
  }
}
