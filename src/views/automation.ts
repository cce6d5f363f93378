/** `schedules` and `sensors` for people, and as documents. */
import type { Json, JsonObject } from "../core/json.ts";
import type { Instant } from "../core/key.ts";
import { formatDuration } from "../core/duration.ts";
import { relativeTime } from "../term/duration.ts";
import { sanitize } from "../term/sanitize.ts";
import { paint, type Style } from "../term/style.ts";
import { table } from "../term/table.ts";
import { truncate } from "../term/width.ts";
import { type Around, timesIn } from "./times.ts";
import { shortId } from "./words.ts";

interface Past {
  readonly due: Instant;
  readonly outcome: string;
  readonly text: string;
  readonly runs: readonly string[];
}

interface Told {
  readonly cursor: Json;
  readonly problem: string | null;
  readonly since: Instant;
  readonly last: readonly Past[];
}

export interface ShownSchedule {
  readonly name: string;
  readonly kind: string;
  readonly cron: string;
  readonly timezone: string;
  readonly select: string;
  readonly catchUp: string;
  readonly overlap: string;
  readonly on: boolean;
  readonly next: readonly Instant[];
  readonly fact: Told | null;
  readonly problem: { readonly message: string } | null;
  /** Where it is defined. */
  readonly file: string;
  readonly line: number;
}

export interface ShownSensor {
  readonly name: string;
  readonly kind: string;
  readonly watch: string | null;
  readonly everyMs: number;
  readonly select: string;
  readonly on: boolean;
  readonly fact: Told | null;
  readonly keys: number;
  readonly file: string;
  readonly line: number;
}

export interface ShownKey {
  readonly key: string;
  readonly at: Instant;
  readonly run: string | null;
  readonly state: string;
  readonly asset: string | null;
}

/** Each schedule with its next five times and its last ticks. */
export function schedulesLines(
  schedules: readonly ShownSchedule[],
  around: Around,
  style: Style,
  columns: number,
): string[] {
  if (schedules.length === 0) {
    return ['no schedules: an asset gets one with schedule: "0 6 * * *" in its header'];
  }
  return schedules.flatMap((each, index) => {
    const times = timesIn(each.timezone);
    const name = paint(style, "heading", sanitize(each.name, style));
    const off = each.on ? "" : `  ${paint(style, "bad", "off")}`;
    const what = each.kind === "asset" ? "" : `  ${paint(style, "dim", `for ${each.select}`)}`;
    const next = each.on
      ? each.next.map((at) => times.iso(at).slice(0, 16).replace("T", " ")).join(", ")
      : `never: nycflow schedules on ${each.name}`;
    const last = each.fact?.last ?? [];
    return [
      ...(index === 0 ? [] : [""]),
      `${name}  ${sanitize(each.cron, style)}  ${each.timezone}${what}${off}`,
      `  next  ${next}`,
      ...(each.problem === null
        ? []
        : [`  ${paint(style, "bad", sanitize(each.problem.message, style))}`]),
      ...last.map((tick) => `  last  ${pastText(tick, around, style)}`),
      ...(each.fact === null ? ["  not seen yet: it counts from the next up"] : []),
    ].map((line) => truncate(line, columns, style));
  });
}

function pastText({ due, outcome, text, runs }: Past, { now, timezone }: Around, style: Style) {
  const when = timesIn(timezone).wall(due, now);
  const of = runs.length === 0
    ? ""
    : ` (run${runs.length === 1 ? "" : "s"} ${runs.map((run) => shortId(run)).join(", ")})`;
  return `${when}  ${outcome}${text === "" ? "" : `: ${sanitize(text, style)}`}${of}`;
}

export function sensorsLines(
  sensors: readonly ShownSensor[],
  around: Around,
  style: Style,
  columns: number,
): string[] {
  if (sensors.length === 0) {
    return ['no sensors: sensor({ watch: "requests/*.json", select: "my_asset" }) makes one'];
  }
  return sensors.flatMap((each, index) => {
    const name = paint(style, "heading", sanitize(each.name, style));
    const off = each.on ? "" : `  ${paint(style, "bad", "off")}`;
    const what = each.watch === null
      ? `asks every ${formatDuration(each.everyMs)}`
      : `watches ${each.watch}`;
    const of = each.select === "" ? "" : `  ${paint(style, "dim", `for ${each.select}`)}`;
    const problem = each.fact?.problem ?? null;
    return [
      ...(index === 0 ? [] : [""]),
      `${name}  ${sanitize(what, style)}${of}${off}`,
      `  keys  ${each.keys}`,
      ...(problem === null ? [] : [`  ${paint(style, "bad", sanitize(problem, style))}`]),
      ...(each.fact?.last ?? []).map((tick) => `  last  ${pastText(tick, around, style)}`),
    ].map((line) => truncate(line, columns, style));
  });
}

export function keysLines(
  keys: readonly ShownKey[],
  around: Around,
  style: Style,
  columns: number,
): string[] {
  if (keys.length === 0) return ["no keys yet"];
  return table(
    [
      { title: "key", kind: "text" },
      { title: "state", kind: "text" },
      { title: "asked", kind: "text" },
      { title: "run", kind: "text" },
    ],
    keys.map(({ key, state, at, run }) => [
      { text: key },
      { text: state, role: state === "failed" ? "bad" as const : undefined },
      { text: relativeTime(at, around.now), role: "dim" as const },
      { text: run === null ? "" : shortId(run) },
    ]),
    { width: columns, style, layout: "grid" },
  );
}

/** `schedules --json`. */
export function schedulesDocument(
  schedules: readonly ShownSchedule[],
  timezone: string,
): JsonObject {
  return {
    nycflow: 1,
    schedules: schedules.map((each) => ({
      name: each.name,
      kind: each.kind,
      cron: each.cron,
      timezone: each.timezone,
      select: each.select,
      catchUp: each.catchUp,
      overlap: each.overlap,
      on: each.on,
      next: each.next.map((at) => timesIn(each.timezone).iso(at)),
      ...lastDocument(each.fact, timezone),
      problem: each.problem?.message ?? null,
    })),
  };
}

/** `sensors --json`. */
export function sensorsDocument(sensors: readonly ShownSensor[], timezone: string): JsonObject {
  return {
    nycflow: 1,
    sensors: sensors.map((each) => ({
      name: each.name,
      kind: each.kind,
      watch: each.watch,
      every: each.everyMs / 1000,
      select: each.select,
      on: each.on,
      keys: each.keys,
      cursor: each.fact?.cursor ?? null,
      ...lastDocument(each.fact, timezone),
      problem: each.fact?.problem ?? null,
      file: each.file,
    })),
  };
}

/** `sensors keys --json`. */
export function keysDocument(
  sensor: string,
  keys: readonly ShownKey[],
  timezone: string,
): JsonObject {
  const { iso } = timesIn(timezone);
  return {
    nycflow: 1,
    sensor,
    keys: keys.map(({ key, at, run, state, asset }) => ({ key, at: iso(at), run, state, asset })),
  };
}

function lastDocument(fact: Told | null, timezone: string): JsonObject {
  const { iso } = timesIn(timezone);
  return {
    since: fact === null ? null : iso(fact.since),
    last: (fact?.last ?? []).map(({ due, outcome, text, runs }) => ({
      due: iso(due),
      outcome,
      text,
      runs: [...runs],
    })),
  };
}

/** What one evaluation of a sensor came to. */
export interface ShownSensed {
  readonly sensor: string;
  readonly asked: number;
  readonly skip: string | null;
  readonly rejected: readonly {
    readonly file: string;
    readonly why: string;
    readonly to: string;
  }[];
  readonly requests: readonly {
    readonly key: string;
    readonly selection: string;
    readonly partition: string | null;
    readonly settings: JsonObject;
    readonly known?: boolean;
  }[];
}

export function sensedLines(
  sensed: ShownSensed,
  dry: boolean,
  style: Style,
  columns: number,
): string[] {
  const { asked, skip, rejected, requests } = sensed;
  const fresh = requests.filter((each) => each.known !== true);
  const old = requests.length - fresh.length;
  const head = dry ? `would ask for ${fresh.length}` : `asked for ${asked}`;
  return [
    `${head}${old > 0 ? `, ${old} known before` : ""}${skip === null ? "" : `: ${skip}`}`,
    ...(dry
      ? fresh.map(({ key, selection, settings }) =>
        `  ${key}  ${selection}  ${JSON.stringify(settings)}`
      )
      : asked > 0
      ? ["the next up runs what was asked for: nycflow up"]
      : []),
    ...rejected.map(({ file, why }) =>
      `  ${dry ? "would set aside" : "set aside"} ${file}: ${why}`
    ),
  ].map((line) => truncate(sanitize(line, style), columns, style));
}

/** `sensors tick --json`. */
export function sensedDocument(sensed: ShownSensed, dry: boolean): JsonObject {
  return {
    nycflow: 1,
    sensor: sensed.sensor,
    dryRun: dry,
    asked: sensed.asked,
    skip: sensed.skip,
    requests: sensed.requests.map(({ key, selection, partition, settings, known }) => ({
      key,
      select: selection,
      partition,
      config: settings,
      known: known === true,
    })),
    rejected: sensed.rejected.map(({ file, why }) => ({ file, why })),
  };
}
