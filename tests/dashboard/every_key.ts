/** What a turn changed, in words, so that a table can say what each key does; and data in which each can do something. */
import { emptyState } from "../../src/core/fold.ts";
import type { Head, RunHead } from "../../src/core/heads.ts";
import type { AssetKey, RunId } from "../../src/core/key.ts";
import { problem } from "../../src/core/problem/problem.ts";
import { commandLine } from "../../src/dashboard/acting.ts";
import type { Effect } from "../../src/dashboard/board.ts";
import { open } from "../../src/dashboard/change.ts";
import { type Model, placeOf } from "../../src/dashboard/model.ts";
import type { ScreenName } from "../../src/dashboard/states.ts";
import { asset, months, NOW } from "../kit/definitions.ts";
import { failure, head, published } from "../kit/heads.ts";
import * as sample from "../views/samples.ts";
import { answered, numbered } from "./answering.ts";
import { board, modelOf, press, type } from "./kit.ts";

const NAMES = Array.from({ length: 30 }, (_, at) => `asset_${String(at).padStart(2, "0")}`);
const LIVE = "01run00aaaaaa";

const ASSETS = [
  asset("trips", { group: "tables", partitions: months("2023-01", "2024-01") }),
  asset("report", { group: "tables", deps: ["trips"] }),
  asset("map", { group: "tables", deps: ["report"] }),
  ...NAMES.map((name) => asset(name, { group: "others", deps: ["map"] })),
];

function runHead(run: string, over: Partial<RunHead> = {}): RunHead {
  return {
    run: run as RunId,
    state: "succeeded",
    trigger: "up",
    selection: "",
    holder: null,
    command: "nycflow up",
    requestedAt: NOW - 60_000,
    startedAt: NOW - 60_000,
    endedAt: NOW - 50_000,
    planned: 2,
    steps: {},
    ...over,
  };
}

const RUNS = [
  runHead(LIVE, { state: "running", endedAt: null }),
  runHead("01run00bbbbbb", { state: "failed" }),
  ...NAMES.map((name) => runHead(`01run00${name}`)),
];

/** A project in which every key can do something: one asset failed, is pinned, and is being worked on. */
function made() {
  const state = emptyState();
  const put = (name: string, heads: readonly Head[]) =>
    state.heads.set(name as AssetKey, new Map(heads.map((each) => [each.partition, each])));
  put("trips", [
    published("trips", "2023-01", { rows: 5 }),
    published("trips", "2023-02", { rows: 5 }),
    head("trips", "2023-03", { failure: failure("trips") }),
  ]);
  put("report", [{
    ...published("report", "", {}, { failure: failure("report") }),
    pinned: { at: 1, text: "rolled back", code: "" },
  }]);
  for (const name of ["map", ...NAMES]) put(name, [published(name)]);
  const claim = { asset: "report", partition: "", run: LIVE, attempt: "a", number: 1, since: NOW };
  const tick = { cursor: null, problem: null, since: 0, last: [] };
  const at = (file: string, line: number) =>
    problem("sql-syntax", { message: `Cannot read ${file}`, where: { file, line, column: 1 } });
  return board(ASSETS, {
    state,
    fingerprint: "f",
    runs: RUNS,
    claims: [claim as never],
    schedules: ["nightly", "weekly", "yearly"].map((name) => ({
      name,
      kind: "schedule",
      cron: "0 3 * * *",
      timezone: "UTC",
      select: "report",
      catchUp: "latest",
      overlap: "skip",
      on: true,
      next: [NOW],
      fact: tick,
      problem: null,
      file: "nycflow.config.ts",
      line: 12,
    })),
    sensors: ["asked", "heard", "seen"].map((name) => ({
      name,
      kind: "code",
      watch: null,
      everyMs: 1000,
      select: "report",
      on: false,
      fact: tick,
      keys: 1,
      file: `assets/${name}.ts`,
      line: 4,
    })),
    problems: [at("assets/a.sql", 3), at("assets/b.sql", 7), at("assets/c.sql", 1)],
    settings: { keys: {}, clock: false, mouse: true },
  });
}

const DATA = made();

/** A screen in the middle of everything: what is marked can go up and down, what is read left and right. */
export function middle(screen: ScreenName): Model {
  const first = modelOf(DATA, { columns: 80, rows: 24 });
  const on = (subject: string) => press(open(first, { screen, subject }), "f24").model;
  switch (screen) {
    case "overview":
      return press(first, ...times(10, "down")).model;
    case "lineage":
      return press(on(""), "right").model;
    case "runs":
      return press(on(""), ...times(20, "down")).model;
    case "automation":
    case "problems":
      return press(on(""), "down").model;
    case "run":
      return press(steps(on(LIVE)), "up").model;
    case "asset":
      return on("report");
    case "sql":
      return asked(on(""));
  }
}

export function times(count: number, key: string): readonly string[] {
  return Array.from({ length: count }, () => key);
}

/** A query that was asked, and its rows scrolled: more of them and wider than there is room. */
function asked(model: Model): Model {
  const run = press(type(model, "from report;").model, "enter").model;
  const lines = { kind: "lines", lines: numbered(100, 200), head: 0 } as const;
  const there = answered(run, "sql:result", lines);
  return press(there, "escape", ...times(20, "down"), "right").model;
}

/** A run whose steps are known: two, and one that was tried twice. */
function steps(model: Model): Model {
  const on = sample.log(NOW - 9_000);
  const events = [
    on.say(sample.started([["trips", ""], ["report", ""], ["map", ""]])),
    on.say(sample.attempt("trips", "")),
    on.after(3_000).say(sample.failed("trips", "", 1, NOW - 5_000)),
    on.say(sample.attempt("trips", "", 2)),
    on.after(1_000).say(sample.failed("trips", "", 2, null)),
    on.say(sample.attempt("report", "")),
    on.after(1_000).say(sample.made("report", "", 3)),
    on.say(sample.attempt("map", "")),
  ];
  return answered(model, "run", { kind: "run", head: RUNS[0]!, events });
}

/** An asset's rows, scrolled. */
export function rows(model: Model): Model {
  const lines = { kind: "lines", lines: numbered(100, 200), head: 0 } as const;
  const there = answered(press(model, "tab").model, "asset:rows", lines);
  return press(there, ...times(20, "down"), "right").model;
}

/** What a turn came to: effects, then what of the model is another. */
export function told(before: Model, after: Model, effects: readonly Effect[]): string {
  return [
    ...effects.filter(({ kind }) => kind !== "ask").map(effectText),
    ...changes(before, after),
  ].join("; ");
}

function effectText(effect: Effect): string {
  const { kind, ...rest } = effect;
  if (effect.kind === "command") return `does ${commandLine(effect.argv)}`;
  if (effect.kind === "copy") return `copies ${effect.text.split("\n")[0]?.trimEnd()}`;
  return [kind, ...Object.values(rest).map(String)].join(" ");
}

function changes(before: Model, after: Model): readonly string[] {
  const found: string[] = [];
  const from = placeOf(before), to = placeOf(after);
  if (from.screen !== to.screen || from.subject !== to.subject) {
    found.push(`opens ${to.screen}${to.subject === "" ? "" : ` of ${to.subject}`}`);
  }
  const over = after.overlay;
  if (over !== before.overlay) {
    found.push(
      over === null
        ? "closes"
        : over.kind === "confirm"
        ? `asks before ${commandLine(over.argv)}`
        : `over it: ${over.kind}`,
    );
  }
  // Of what is done the line is told anyway.
  if (
    after.notice !== null && after.notice !== before.notice &&
    !/^(› |copied:)/.test(after.notice.text)
  ) {
    found.push(`says ${after.notice.text}`);
  }
  if (after.filter !== before.filter) found.push(`filter ${JSON.stringify(after.filter)}`);
  if (after.mouse !== before.mouse) found.push(`mouse ${after.mouse}`);
  return [...found, ...stateChanges(before, after, to.screen)];
}

/** Kept for speed alone, or worked out of the rest. */
const KEPT = new Set(["told", "listed", "drawn", "editor"]);
const FOLLOWS: readonly ScreenName[] = ["overview", "lineage"];

function stateChanges(before: Model, after: Model, screen: ScreenName): readonly string[] {
  const old: Readonly<Record<string, unknown>> = { ...before.states[screen] };
  return Object.entries(after.states[screen]).flatMap(([name, value]) =>
    value === old[name] || KEPT.has(name) || (name === "top" && FOLLOWS.includes(screen))
      ? []
      : inner(name, old[name], value)
  );
}

function inner(name: string, before: unknown, after: unknown): readonly string[] {
  if (name === "scroll" && isRecord(before) && isRecord(after)) {
    return before.cursor === after.cursor ? [] : [`cursor ${before.cursor}→${after.cursor}`];
  }
  // When it was asked is told by no key.
  const text = (value: unknown) =>
    typeof value === "string"
      ? value
      : JSON.stringify(value, (key, of) => key === "at" ? undefined : of);
  return [`${name} ${text(before)}→${text(after)}`];
}

function isRecord(value: unknown): value is { readonly cursor?: unknown } {
  return typeof value === "object" && value !== null;
}
