/** The list of runs and one run: what keys do, what is asked for and when, how it looks at every width. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import type { Stored } from "../../src/core/event.ts";
import type { RunHead } from "../../src/core/heads.ts";
import type { RunId } from "../../src/core/key.ts";
import type { Effect } from "../../src/dashboard/board.ts";
import { type Model, placeOf } from "../../src/dashboard/model.ts";
import { toldOf } from "../../src/dashboard/run_told.ts";
import { update } from "../../src/dashboard/update.ts";
import { asset } from "../kit/definitions.ts";
import * as sample from "../views/samples.ts";
import { board, keysOf, modelOf, type ModelOptions, press, screenOf, textOf } from "./kit.ts";

const { attempt, ascii, colored, ended, failed, log, made, NOW, over, plain, RUN, started } =
  sample;

const ASSETS = [asset("trips"), asset("report", { deps: ["trips"] }), asset("zones")];

function head(id: string, over: Partial<RunHead> = {}): RunHead {
  return {
    run: id as RunId,
    state: "succeeded",
    trigger: "up",
    selection: "",
    holder: null,
    command: "nycflow up",
    requestedAt: NOW - 60_000,
    startedAt: NOW - 60_000,
    endedAt: NOW - 50_000,
    planned: 3,
    steps: { succeeded: 3 },
    ...over,
  };
}

const RUNS = [
  head("01run00aaaaaa", {
    state: "running",
    endedAt: null,
    startedAt: NOW - 4_000,
    planned: 8,
    steps: { succeeded: 2 },
  }),
  head("01run00bbbbbb", {
    state: "failed",
    trigger: "schedule:nightly",
    selection: "report",
    steps: { succeeded: 2, failed: 1, blocked: 4 },
  }),
  head("01run00cccccc", { trigger: "retry:x", command: "nycflow retry" }),
  head("01run00dddddd", { state: "interrupted", steps: { interrupted: 1 } }),
];

function listed(options: ModelOptions = {}, runs = RUNS, moreRuns = false): Model {
  return press(modelOf(board(ASSETS, { runs, moreRuns, at: NOW }), options), "3").model;
}

Deno.test("newest first: how each is, when, how long, what for, how its steps ended; live ones how far", () => {
  const lines = screenOf(listed({ columns: 140 }));
  const line = (id: string) => lines.find((each) => each.includes(id)) ?? "";
  match(line("aaaaaa"), /● aaaaaa +running +4 s ago .* 4 s +up .*██▌·+ 2\/8/);
  match(
    line("bbbbbb"),
    /✗ bbbbbb +failed .* 10 s +schedule:nightly rep… +2 succeeded, 1 failed, 4 b/,
  );
  match(line("dddddd"), /! dddddd +interrupted/);
});

Deno.test("f shows what went wrong alone, a word of the filter those that have it", () => {
  const ids = (model: Model) =>
    screenOf(model).flatMap((line) => /(\w)\1{5}/.exec(line)?.[1] ?? []).join("");
  equal(ids(listed()), "abcd");
  equal(ids(press(listed(), "f").model), "bd");
  equal(ids(press(listed(), "f", "f").model), "abcd");
  equal(ids(press(listed(), "/", "n", "i", "g", "h", "t", "enter").model), "b");
  // A selection is about assets.
  equal(ids(press(listed(), "/", "+", "r", "e", "p", "o", "r", "t", "enter").model), "abcd");
});

Deno.test("enter opens the run, t tries it again, x asks and cancels one that is under way", () => {
  const on = (key: string, downs = 0) => press(listed(), ...Array(downs).fill("down"), key);
  deepEqual(placeOf(on("enter", 1).model), { screen: "run", subject: "01run00bbbbbb" });
  deepEqual(on("t", 1).effects, [
    { kind: "command", argv: ["retry", "01run00bbbbbb"], show: false },
  ]);
  const asked = on("x").model.overlay;
  deepEqual(asked?.kind === "confirm" && asked.argv, ["cancel", "01run00aaaaaa"]);
  match(textOf(on("x", 1).model), /this run is over/);
});

Deno.test("older runs are asked for at the end of the list, once for each length", () => {
  const asks = (effects: readonly Effect[]) =>
    effects.filter((each) => each.kind === "more-runs").length;
  const model = listed({}, RUNS, true);
  equal(asks(press(model, "down").effects), 0);
  equal(asks(press(model, "G").effects), 1);
  equal(asks(press(model, "G", "up", "down", "down").effects), 1);
  const longer = board(ASSETS, { runs: [...RUNS, head("01run00eeeeee")], moreRuns: true });
  const [next] = update(press(model, "G").model, { kind: "data", data: longer });
  equal(asks(press(next, "G").effects), 1);
  equal(asks(press(listed(), "G").effects), 0, "there are none");
  // Of the last ones few went wrong: those before are looked through.
  equal(asks(press(model, "f").effects), 1);
});

Deno.test("the mark stays on its run when a newer one comes; at the top the newest is marked", () => {
  const newer = board(ASSETS, { runs: [head("01run00ffffff"), ...RUNS] });
  const marked = (model: Model) => model.states.runs.selected.slice(-6);
  const after = (model: Model) => update(model, { kind: "data", data: newer })[0];
  equal(marked(after(press(listed(), "down").model)), "bbbbbb");
  equal(marked(after(listed())), "ffffff");
});

/** Trips failed once and was tried again, report failed for good, zones was not to be made. */
function events(): readonly Stored[] {
  const on = log(NOW - 20_000);
  return [
    on.say(started([["trips", "2023-01"], ["report", ""], ["zones", ""]])),
    on.say(attempt("trips", "2023-01")),
    on.after(2_000).say(failed("trips", "2023-01", 1, NOW - 15_000)),
    on.after(3_000).say(attempt("trips", "2023-01", 2)),
    on.after(5_000).say({ ...made("trips", "2023-01", 42), attempt: "trips/2023-01/2" } as never),
    on.say(attempt("report", "")),
    on.after(1_000).say(failed("report", "", 1, null)),
    on.say(ended("zones", "", "unchanged", "as before")),
    on.after(1_000).say(over("failed", { succeeded: 1, failed: 1, unchanged: 1 }, 12)),
  ];
}

const FAILED = head(RUN, {
  state: "failed",
  startedAt: NOW - 20_000,
  endedAt: NOW - 8_000,
  selection: "report",
});
const LIVE = head(RUN, { state: "running", startedAt: NOW - 20_000, endedAt: null });

/** A run that was opened and whose events were answered. */
function opened(
  of: RunHead = FAILED,
  told: readonly Stored[] = events(),
  options: ModelOptions = {},
  more: Parameters<typeof board>[1] = {},
): Model {
  const data = board(ASSETS, { runs: [of], at: NOW, last: 9, ...more });
  const { model, effects } = press(modelOf(data, options), "3", "enter");
  return answered(model, effects, told, of);
}

function answered(
  model: Model,
  effects: readonly Effect[],
  told: readonly Stored[],
  of: RunHead = FAILED,
): Model {
  return effects.reduce((now, effect) => {
    if (effect.kind !== "ask") return now;
    const { name, version, columns, ask } = effect.want;
    const answer = ask.kind === "run"
      ? { kind: "run", head: of, events: told } as const
      : { kind: "lines", lines: Array.from({ length: 60 }, (_, i) => `line ${i}`) } as const;
    return update(now, { kind: "answered", name, version, columns, answer })[0];
  }, model);
}

Deno.test("one run: its steps along time, each try a bar, waits between as dots", () => {
  const lines = screenOf(opened());
  const line = (name: string) => lines.find((each) => each.includes(name)) ?? "";
  match(lines.join("\n"), /✗ 000abc failed +12 s +up report/);
  match(lines.join("\n"), /1 succeeded, 1 unchanged, 1 failed/);
  match(line("trips[2023-01]"), /✓ trips\[2023-01\] +▓+·+█+ +10 s +2 tries +42 rows/);
  match(line("✗ report"), /✗ report +▓+ +1 s +failed/);
  match(line("zones"), /= zones +unchanged: as before/);
  match(lines.join("\n"), /critical path: 2 steps/);
  ok(lines.some((each) => /^ +0 +\d/.test(each)), "an axis of time");
});

Deno.test("a step unfolds into its tries, with what went wrong; left folds it from anywhere below", () => {
  const unfolded = press(opened(), "space").model;
  match(textOf(unfolded), /try 1 .*Cannot fetch/);
  match(textOf(unfolded), /try 2/);
  const below = press(unfolded, "down", "left").model;
  equal(below.states.run.unfolded.length, 0);
  equal(below.states.run.scroll.cursor, 0);
  deepEqual(placeOf(press(unfolded, "down", "enter").model), { screen: "asset", subject: "trips" });
});

Deno.test("errors: what failed for good first, whole, with the command that does it again; e opens its file", () => {
  const model = press(opened(), "tab").model;
  match(textOf(model), /errors 1/);
  const text = textOf(model);
  match(text, /▌ error: Cannot fetch report.parquet/);
  match(text, /rerun: nycflow run report/);
  ok(text.indexOf("report.parquet") < text.indexOf("try 1 failed"), "what was mended comes after");
  deepEqual(press(model, "e").effects, [{ kind: "edit", file: "assets/report.ts", line: 12 }]);
  deepEqual(placeOf(press(model, "enter").model), { screen: "asset", subject: "report" });
  deepEqual(press(model, "t").effects, [{ kind: "command", argv: ["retry", RUN], show: false }]);
  const copied = press(model, "y").effects[0];
  ok(copied?.kind === "copy" && copied.text.startsWith("error: Cannot fetch report.parquet"));
});

Deno.test("the log is followed: new lines stay in sight, going up stays, the end follows again", () => {
  const { model, effects } = press(opened(), "shift+tab");
  const asks = effects.flatMap((each) => each.kind === "ask" ? [each.want.ask.kind] : []);
  deepEqual(asks, ["run-log"]);
  const shown = answered(model, effects, []);
  match(textOf(shown), /line 59/);
  const up = press(shown, "up", "up").model;
  equal(up.states.run.follow, false);
  ok(!textOf(up).includes("line 59"));
  match(textOf(press(up, "f").model), /line 59/);
  equal(press(up, "end").model.states.run.follow, true);
});

Deno.test("a run that is under way is asked for again when something happened, one that is over is not", () => {
  const versions = (model: Model) => {
    const data = { ...model.data!, last: 77 };
    const [, effects] = update(model, { kind: "data", data });
    return effects.flatMap((each) => each.kind === "ask" ? [each.want.version] : []);
  };
  deepEqual(versions(opened(LIVE)), [`${RUN} 77`]);
  deepEqual(versions(opened(FAILED)), []);
  // A line in a log is no event: it is looked for by the clock.
  const { model, effects } = press(opened(LIVE), "shift+tab");
  const later = answered(model, effects, events(), LIVE);
  const [, more] = update(later, { kind: "ticked", now: NOW + 1_500, frame: 3 });
  deepEqual(more.flatMap((each) => each.kind === "ask" ? [each.want.name] : []), ["run:log"]);
});

Deno.test("live: bars reach to now, what a step tells of itself stands beside it", () => {
  const told = events().slice(0, 4);
  const progress = new Map([["trips[2023-01]" as never, {
    first: { fraction: 0.1, rows: 100 },
    firstAt: NOW - 10_000,
    last: { fraction: 0.5, rows: 5_000 },
    lastAt: NOW,
  }]]);
  const model = opened(LIVE, told, { columns: 120 }, { progress });
  const line = screenOf(model).find((each) => each.includes("trips[2023-01]")) ?? "";
  match(line, /● trips\[2023-01\] +▓+·+█+ 20 s +2 tries +50%.*5 k|50%/);
  match(textOf(model), /0\/3 steps/);
  match(textOf(model), /· report .*waiting/);
});

Deno.test("what comes is folded on to what was, which stays as it was; the same as all at once", () => {
  const all = events();
  const answer = (of: readonly Stored[]) => ({ kind: "run", head: FAILED, events: of }) as const;
  const whole = toldOf(answer(all), RUN, null);
  for (let at = 0; at <= all.length; at++) {
    for (let to = at; to <= all.length; to++) {
      const before = toldOf(answer(all.slice(0, at)), RUN, null);
      const kept = structuredClone(before?.run);
      const between = toldOf(answer(all.slice(0, to)), RUN, before);
      deepEqual(toldOf(answer(all), RUN, between), whole, `${at} ${to}`);
      deepEqual(before?.run, kept, "an earlier model is as it was");
    }
  }
});

Deno.test("a run whose process died goes on no longer: its bars end, what it was at was broken off", () => {
  const died = { ...LIVE, state: "interrupted" } as const;
  const line = (now: number) => {
    const [later] = update(opened(died, events().slice(0, 4)), { kind: "ticked", now, frame: 0 });
    return screenOf(later).find((each) => each.includes("trips[2023-01]"));
  };
  match(line(NOW) ?? "", /! trips\[2023-01\].*2 tries +interrupted/);
  equal(line(NOW), line(NOW + 60_000));
});

Deno.test("a run that waits says so; a press on a section opens it", () => {
  const queued = { ...LIVE, state: "queued", startedAt: null } as const;
  match(textOf(opened(queued, [])), /it waits until somebody begins it/);
  const model = opened();
  const row = screenOf(model).findIndex((line) => line.includes("[steps 3]"));
  const column = screenOf(model)[row]?.indexOf("errors") ?? -1;
  const key = keysOf(`\x1b[<0;${column + 1};${row + 1}M`)[0]!;
  equal(update(model, { kind: "key", key })[0].states.run.section, "errors");
});

Deno.test("while it runs what began last is marked; a mark that was moved stays on its step; f follows again", () => {
  const on = log(NOW - 20_000);
  const names = ["trips", "report", "zones"];
  const all = [
    on.say(started(names.map((name) => [name, ""] as const))),
    on.say(attempt("zones", "")),
    on.after(1_000).say(attempt("report", "")),
    on.after(1_000).say(attempt("trips", "")),
  ];
  const marked = (model: Model) => model.states.run.selected;
  const then = (model: Model, count: number) => {
    const answer = { kind: "run", head: LIVE, events: all.slice(0, count) } as const;
    const version = `${RUN} ${count}`;
    return update(model, { kind: "answered", name: "run", version, columns: 0, answer })[0];
  };
  const model = opened(LIVE, all.slice(0, 2));
  equal(marked(model), "zones");
  equal(marked(then(model, 3)), "report");
  match(textOf(model), /following/);
  const moved = press(model, "down").model;
  equal(marked(moved), "trips");
  equal(marked(then(then(moved, 3), 4)), "trips");
  match(textOf(moved), /f follows/);
  equal(marked(press(then(press(moved, "up").model, 4), "f").model), "trips");
});

Deno.test("very many steps are gathered by asset, and unfold", () => {
  const keys = Array.from({ length: 200 }, (_, i) => `k${String(i).padStart(3, "0")}`);
  const on = log(NOW - 20_000);
  const told = [
    on.say(started([...keys.map((key) => ["trips", key] as const), ["report", ""]])),
    ...keys.flatMap((key) => [
      on.say(attempt("trips", key)),
      on.after(50).say({ ...made("trips", key, 1), attempt: `trips/${key}/1` } as never),
    ]),
  ];
  const model = opened(LIVE, told);
  match(textOf(model), /✓ trips .*200 steps/);
  const unfolded = press(model, "right").model;
  match(textOf(unfolded), / {2}k000 /);
  match(textOf(press(unfolded, "end").model), /report/);
});

Deno.test("a run that is not there says so; another run's answer is not shown as this one's", () => {
  const data = board(ASSETS, { runs: [], at: NOW });
  const model = press(modelOf(data, {
    memory: {
      places: [{ screen: "run", subject: "01gone" }],
      filter: "",
      commands: [],
      queries: [],
      selected: "",
      folded: [],
    },
  })).model;
  match(textOf(model), /reading the run/);
  const answer = { kind: "run", head: FAILED, events: events() } as const;
  const [next] = update(model, {
    kind: "answered",
    name: "run",
    version: "01gone 0",
    columns: 0,
    answer,
  });
  match(textOf(next), /no such run/);
});

Deno.test("every width and style: each line as wide as the terminal, in every section", () => {
  for (const style of [plain, ascii, colored]) {
    for (const rows of [10, 24]) {
      for (let columns = 40; columns <= 160; columns += style === plain ? 1 : 13) {
        screenOf(listed({ columns, rows, style }));
        const model = opened(FAILED, events(), { columns, rows, style });
        for (const keys of [["space"], ["tab"], ["shift+tab"]]) {
          screenOf(press(model, ...keys).model);
        }
        const text = textOf(model);
        if (style === ascii) ok(/^[\x20-\x7e\n]*$/.test(text), text);
      }
    }
  }
});
