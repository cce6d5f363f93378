/**
 * From what a definition says to what is meant: the time zone settled, start and end taken from the
 * upstreams where the definition leaves them out. Decides which windows exist at an instant.
 */
import type { AssetDefinition, Dependency } from "../definition.ts";
import type { Graph } from "../graph/graph.ts";
import type { AssetKey, Instant } from "../key.ts";
import { type Problem, problem } from "../problem/problem.ts";
import { err, ok, type Result } from "../result.ts";
import { openCalendar } from "./calendar.ts";
import { checkScheme } from "./check.ts";
import { readTime } from "./civil.ts";
import { type Grid, ordinalFrom } from "./grid.ts";
import { openHours } from "./hours.ts";
import { clipRanges, joinRanges, type OrdinalRange } from "./keyset.ts";
import type { PartitionScheme, TimeScheme } from "./scheme.ts";
import { openZone, type Zone } from "./zone.ts";

export interface ResolvedTime {
  readonly type: "time";
  readonly scheme: TimeScheme;
  readonly grid: Grid;
  /** The windows that exist at an instant; kept for the last instant asked for. */
  existing(now: Instant): readonly OrdinalRange[];
}
export interface ResolvedStatic {
  readonly type: "static";
  readonly keys: readonly string[];
}
export interface ResolvedDynamic {
  readonly type: "dynamic";
}
export interface ResolvedMulti {
  readonly type: "multi";
  readonly dimensions: readonly [ResolvedDimension, ResolvedDimension];
}
export interface ResolvedDimension {
  readonly name: string;
  readonly scheme: ResolvedTime | ResolvedStatic;
}
export type ResolvedScheme = ResolvedTime | ResolvedStatic | ResolvedDynamic | ResolvedMulti;

/** Null for an asset that is not partitioned, or whose scheme has a problem of its own. */
export type Schemes = ReadonlyMap<AssetKey, ResolvedScheme | null>;

/** All assets' schemes, upstreams first; zones and grids are shared among them. Problems all at once. */
export function resolveSchemes(
  graph: Graph,
  projectTimezone: string,
): { readonly schemes: Schemes; readonly problems: readonly Problem[] } {
  const open = opener();
  const schemes = new Map<AssetKey, ResolvedScheme | null>();
  const problems: Problem[] = [];
  const broken = new Set<AssetKey>();
  for (const key of graph.keys) {
    const def = graph.def(key);
    const found = resolveOne(def, graph.dependencies(key), schemes, projectTimezone, open);
    schemes.set(key, found.ok ? found.value : null);
    if (found.ok) continue;
    broken.add(key);
    // What only follows from a broken upstream is not told twice.
    if (!graph.upstream(key).some((up) => broken.has(up))) problems.push(...found.error);
  }
  return { schemes, problems };
}

/** One asset's scheme; for many assets `resolveSchemes` does the shared work once. */
export function resolveScheme(
  def: AssetDefinition,
  graph: Graph,
  projectTimezone: string,
): Result<ResolvedScheme | null, readonly Problem[]> {
  const open = opener();
  const schemes = new Map<AssetKey, ResolvedScheme | null>();
  const needed = graph.ancestors([def.key]);
  for (const key of graph.keys) {
    if (!needed.has(key) || key === def.key) continue;
    const found = resolveOne(
      graph.def(key),
      graph.dependencies(key),
      schemes,
      projectTimezone,
      open,
    );
    if (!found.ok) return found;
    schemes.set(key, found.value);
  }
  return resolveOne(def, graph.dependencies(def.key), schemes, projectTimezone, open);
}

/** A scheme that stands alone: nothing can be taken from upstreams. */
export function resolveAlone(
  scheme: PartitionScheme,
  projectTimezone: string,
): Result<ResolvedScheme, readonly Problem[]> {
  const problems = checkScheme(scheme);
  if (problems.length > 0) return err(problems);
  return build(scheme, [], projectTimezone, opener(), "");
}

interface Opener {
  grid(scheme: TimeScheme, timezone: string): Grid;
}

/** Grids by what makes them, so that a thousand assets of one zone share one table of its offsets. */
function opener(): Opener {
  const zones = new Map<string, Zone>();
  const grids = new Map<string, Grid>();
  return {
    grid({ unit, weekStart }, timezone) {
      const id = `${unit} ${unit === "week" ? weekStart : ""} ${timezone}`;
      const held = grids.get(id);
      if (held !== undefined) return held;
      const zone = zones.get(timezone) ?? openZone(timezone);
      zones.set(timezone, zone);
      const made = unit === "hour" ? openHours(zone) : openCalendar(unit, zone, weekStart);
      grids.set(id, made);
      return made;
    },
  };
}

function resolveOne(
  def: AssetDefinition,
  deps: readonly Dependency[],
  schemes: Schemes,
  projectTimezone: string,
  open: Opener,
): Result<ResolvedScheme | null, readonly Problem[]> {
  if (def.partitions === null) return ok(null);
  const where = { asset: def.key, file: def.origin.file, line: def.origin.line };
  const problems = checkScheme(def.partitions);
  if (problems.length > 0) return err(problems.map((each) => ({ ...each, where })));
  const found = build(
    def.partitions,
    timeSources(def, deps, schemes),
    projectTimezone,
    open,
    def.key,
  );
  return found.ok ? found : err(found.error.map((each) => ({ ...each, where })));
}

/** The time schemes of the upstreams whose windows this asset follows. */
function timeSources(
  def: AssetDefinition,
  deps: readonly Dependency[],
  schemes: Schemes,
): readonly ResolvedTime[] {
  const all = new Set<ResolvedTime>(), followed = new Set<ResolvedTime>();
  for (const dep of deps) {
    if (dep.asset === def.key) continue;
    const time = timeOf(schemes.get(dep.asset) ?? null);
    if (time === null) continue;
    all.add(time);
    // Read whole or by its last key, an upstream says nothing about which windows there are here.
    const { type } = dep.mapping;
    if (type !== "all" && type !== "latest" && type !== "keys") followed.add(time);
  }
  return [...(followed.size > 0 ? followed : all)];
}

/** The time scheme within a scheme; null where there is none. */
export function timeOf(scheme: ResolvedScheme | null): ResolvedTime | null {
  if (scheme === null) return null;
  if (scheme.type === "time") return scheme;
  if (scheme.type !== "multi") return null;
  const found = scheme.dimensions.find((each) => each.scheme.type === "time")?.scheme;
  return found?.type === "time" ? found : null;
}

function build(
  scheme: PartitionScheme,
  sources: readonly ResolvedTime[],
  projectTimezone: string,
  open: Opener,
  asset: string,
): Result<ResolvedScheme, readonly Problem[]> {
  if (scheme.type === "dynamic") return ok({ type: "dynamic" });
  if (scheme.type === "static") return ok({ type: "static", keys: scheme.keys });
  if (scheme.type === "time") return buildTime(scheme, sources, projectTimezone, open, asset);
  const built: ResolvedDimension[] = [];
  for (const { name, scheme: inner } of scheme.dimensions) {
    const found: Result<ResolvedTime | ResolvedStatic, readonly Problem[]> = inner.type === "static"
      ? ok({ type: "static", keys: inner.keys })
      : buildTime(inner, sources, projectTimezone, open, asset);
    if (!found.ok) return found;
    built.push({ name, scheme: found.value });
  }
  const [first, second] = built;
  if (first === undefined || second === undefined) throw new Error("checkScheme let this through");
  return ok({ type: "multi", dimensions: [first, second] });
}

function buildTime(
  scheme: TimeScheme,
  sources: readonly ResolvedTime[],
  projectTimezone: string,
  open: Opener,
  asset: string,
): Result<ResolvedTime, readonly Problem[]> {
  if (scheme.start === null && sources.length === 0) {
    return err([problem("partition-scheme", {
      message: `Cannot tell where the partitions${asset === "" ? "" : ` of ${asset}`} begin`,
      why: "start is absent, and no upstream is partitioned by time that it could be taken from",
      hint: `add a start, e.g. start: "2023-01"`,
    })]);
  }
  // Windows that are taken from upstreams are cut in their zone, or the first would begin outside of them.
  const theirs = new Set(sources.map((each) => each.grid.zone.name));
  const [only] = theirs;
  const timezone = scheme.timezone ??
    (scheme.start === null && theirs.size === 1 && only !== undefined ? only : projectTimezone);
  const grid = open.grid(scheme, timezone);
  const start = scheme.start === null ? null : instantOf(grid, scheme.start);
  const end = scheme.end === null ? null : instantOf(grid, scheme.end);
  // A chain of like schemes is one scheme; asking each in turn would cost the length of the chain.
  const origins = sources.flatMap((each) => isCopyOf(each, scheme, grid) ? each.sources : [each]);
  const compute = (now: Instant) => existingRanges(scheme, grid, start, end, origins, now);
  let last: { now: Instant; ranges: readonly OrdinalRange[] } | null = null;
  const resolved: Inheriting = {
    type: "time",
    scheme,
    grid,
    sources: [...new Set(origins)],
    existing(now) {
      if (last?.now !== now) last = { now, ranges: compute(now) };
      return last.ranges;
    },
  };
  return ok(resolved);
}

interface Inheriting extends ResolvedTime {
  readonly sources: readonly ResolvedTime[];
}

function isCopyOf(source: ResolvedTime, scheme: TimeScheme, grid: Grid): source is Inheriting {
  return "sources" in source && source.scheme.start === null && source.scheme.end === null &&
    scheme.start === null && source.grid === grid &&
    source.scheme.availableMs === scheme.availableMs &&
    source.scheme.includeCurrent === scheme.includeCurrent;
}

function instantOf(grid: Grid, text: string): Instant {
  const written = readTime(text);
  if (written === null) throw new Error("checkScheme let this through");
  return written.offset === null
    ? grid.zone.instantAt(written.local)
    : written.local - written.offset;
}

function existingRanges(
  scheme: TimeScheme,
  grid: Grid,
  start: Instant | null,
  end: Instant | null,
  sources: readonly ResolvedTime[],
  now: Instant,
): readonly OrdinalRange[] {
  // The window that holds `now - available` has not been over for that long; the one before it has.
  const newest = scheme.includeCurrent
    ? grid.ordinalOf(now)
    : grid.ordinalOf(now - scheme.availableMs) - 1;
  if (start !== null && (end !== null || sources.length === 0)) {
    const last = end === null ? newest : Math.min(newest, ordinalFrom(grid, end) - 1);
    return joinRanges([{ first: ordinalFrom(grid, start), last }]);
  }
  const spans = sources.flatMap((each) =>
    each.existing(now).map(({ first, last }) => ({
      from: each.grid.startOf(first),
      to: each.grid.startOf(last + 1),
    }))
  );
  if (spans.length === 0) return [];
  const inside = start === null
    ? joinRanges(
      joinSpans(spans).map(({ from, to }) => ({
        first: ordinalFrom(grid, from),
        last: ordinalFrom(grid, to) - 1,
      })),
    )
    : [{
      first: ordinalFrom(grid, start),
      last: ordinalFrom(grid, Math.max(...spans.map((each) => each.to))) - 1,
    }];
  return clipRanges(
    inside,
    -Infinity,
    end === null ? newest : Math.min(newest, ordinalFrom(grid, end) - 1),
  );
}

function joinSpans(spans: readonly { from: Instant; to: Instant }[]) {
  const joined: { from: Instant; to: Instant }[] = [];
  for (const each of [...spans].sort((a, b) => a.from - b.from)) {
    const before = joined.at(-1);
    if (before !== undefined && each.from <= before.to) before.to = Math.max(before.to, each.to);
    else joined.push({ ...each });
  }
  return joined;
}
