/** Schedules, sensors and keys: what is shown, where keys lead, what is asked for. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import type { RunHead } from "../../src/core/heads.ts";
import type { AssetStatus } from "../../src/core/status.ts";
import { type Model, placeOf } from "../../src/dashboard/model.ts";
import { update } from "../../src/dashboard/update.ts";
import type { ShownSchedule, ShownSensor } from "../../src/views/automation.ts";
import { asset, NOW } from "../kit/definitions.ts";
import { ascii, colored, plain } from "../views/samples.ts";
import { board, keysOf, modelOf, type ModelOptions, press, screenOf, textOf } from "./kit.ts";

const HOUR = 3_600_000;
const within = (withinMs: number) =>
  ({ kind: "within", withinMs, warnMs: null, refresh: null }) as const;
const ASSETS = [
  asset("trips", { freshness: within(2 * HOUR) }),
  asset("report", { deps: ["trips"], freshness: within(HOUR) }),
];

const tick = (outcome: string, text: string, runs: readonly string[] = [], ago = HOUR) => ({
  due: NOW - ago,
  outcome,
  text,
  runs,
});

function schedule(name: string, over: Partial<ShownSchedule> = {}): ShownSchedule {
  return {
    name,
    kind: "schedule",
    cron: "0 3 * * *",
    timezone: "America/New_York",
    select: "report",
    catchUp: "latest",
    overlap: "skip",
    on: true,
    next: [1, 2, 3, 4, 5].map((days) => NOW + days * 24 * HOUR),
    fact: { cursor: null, problem: null, since: 0, last: [] },
    problem: null,
    file: "nycflow.config.ts",
    line: 9,
    ...over,
  };
}

function sensor(name: string, over: Partial<ShownSensor> = {}): ShownSensor {
  return {
    name,
    kind: "folder",
    watch: "requests/*.json",
    everyMs: 30_000,
    select: "report",
    on: true,
    fact: null,
    keys: 0,
    file: "assets/s.ts",
    line: 1,
    ...over,
  };
}

const SCHEDULES = [
  schedule("nightly", {
    fact: {
      cursor: null,
      problem: null,
      since: 0,
      last: [
        tick("requested", "", ["01run0aaaaaa"]),
        tick("skipped", "the last one still runs", [], 25 * HOUR),
      ],
    },
  }),
  schedule("paused", { on: false }),
  schedule("trips", {
    kind: "asset",
    select: "trips",
    problem: { message: "no asset fits tag:x" },
  }),
];
const SENSORS = [
  sensor("requests", {
    keys: 2,
    fact: { cursor: null, problem: null, since: 0, last: [tick("requested", "2 new requests")] },
  }),
  sensor("poll", {
    watch: null,
    everyMs: 300_000,
    select: "",
    fact: { cursor: { page: 7 }, problem: "the server answered 503", since: 0, last: [] },
  }),
];

function at(options: ModelOptions = {}, more: Parameters<typeof board>[1] = {}): Model {
  const run = { run: "01run0aaaaaa", state: "failed", requestedAt: NOW } as RunHead;
  const data = board(ASSETS, {
    schedules: SCHEDULES,
    sensors: SENSORS,
    runs: [run],
    last: 5,
    ...more,
  });
  return press(modelOf(data, options), "4").model;
}

Deno.test("schedules: on or off, next, last; of the marked one zone, next five times and what its ticks did", () => {
  const text = textOf(at({ columns: 100, rows: 30 }));
  match(text, /▌ ✓ nightly +in 1 d +0 3 \* \* \* +requested 1 h ago +report/);
  match(text, /‖ paused +off/);
  match(text, /✗ trips/);
  match(text, /cron +0 3 \* \* \* +America\/New_York/);
  match(text, /what +for report; catch-up latest, overlap skip/);
  match(text, /next +2024-01-16 07:00 +in 1 d/);
  match(text, /2024-01-20 07:00 +in 5 d/);
  match(
    text,
    /last +06:00:00 +requested +✗ aaaaaa/,
    "the run that it asked for, and how that ended",
  );
  match(text, /Jan 14 06:00 skipped: the last one still runs/);
});

Deno.test("sensors: what they look at, keys, cursor, problem", () => {
  const sensors = press(at({ columns: 100, rows: 30 }), "tab").model;
  match(textOf(sensors), /✓ requests +2 +requests\/\*\.json +requested 1 h ago +report/);
  match(textOf(sensors), /what +watches requests\/\*\.json every 30s/);
  const poll = textOf(press(sensors, "down").model);
  match(poll, /✗ poll +0 +every 5m/);
  match(poll, /problem +the server answered 503/);
  match(poll, /cursor +\{"page":7\}/);
  match(poll, /for +what it answers/);
});

Deno.test("enter: the run of the last tick, an asset of its own schedule, a sensor's keys, a key's run", () => {
  deepEqual(placeOf(press(at(), "enter").model), { screen: "run", subject: "01run0aaaaaa" });
  deepEqual(placeOf(press(at(), "down", "down", "enter").model), {
    screen: "asset",
    subject: "trips",
  });
  const { model, effects } = press(at(), "tab", "enter");
  deepEqual(effects.flatMap((each) => each.kind === "ask" ? [each.want.ask] : []), [
    { kind: "keys", sensor: "requests" },
  ]);
  const keys = [
    { key: "june.json", at: NOW - HOUR, run: "01run0kkkkkk", state: "published", asset: "report" },
    { key: "may.json", at: NOW - HOUR, run: null, state: "waiting", asset: "report" },
  ];
  const answer = { kind: "keys", keys } as const;
  const [told] = update(model, {
    kind: "answered",
    name: "automation:keys",
    version: "requests 5",
    columns: 0,
    answer,
  });
  match(textOf(told), /\[keys\] +of requests/);
  match(textOf(told), /▌ ✓ june.json +published +1 h ago +kkkkkk +report/);
  deepEqual(placeOf(press(told, "enter").model), { screen: "run", subject: "01run0kkkkkk" });
  deepEqual(placeOf(press(told, "down", "enter").model), { screen: "asset", subject: "report" });
  // Back to the sensor, then out.
  const back = press(told, "escape").model;
  equal(back.states.automation.section, "sensors");
  equal(back.states.automation.selected, "requests");
  // Keys of one sensor are never shown as another's.
  const other = press(back, "down", "right").model;
  ok(!textOf(other).includes("june.json"));
});

Deno.test("s switches, t ticks, each as the command that it is", () => {
  const asked = press(at(), "s").model.overlay;
  deepEqual(asked?.kind === "confirm" && asked.argv, ["schedules", "off", "nightly"]);
  deepEqual(press(at(), "down", "space").effects, [
    { kind: "command", argv: ["schedules", "on", "paused"], show: false },
  ]);
  deepEqual(press(at(), "tab", "t").effects, [
    { kind: "command", argv: ["sensors", "tick", "requests"], show: false },
  ]);
});

Deno.test("a press on a section opens it, one on a line marks it, a second one opens", () => {
  const model = at();
  const on = (of: Model, text: string) => {
    const row = screenOf(of).findIndex((line) => line.includes(text));
    const column = screenOf(of)[row]?.indexOf(text) ?? -1;
    const key = keysOf(`\x1b[<0;${column + 1};${row + 1}M`)[0]!;
    return update(of, { kind: "key", key })[0];
  };
  equal(on(model, "sensors 2").states.automation.section, "sensors");
  const once = on(model, "trips");
  equal(once.states.automation.selected, "trips");
  deepEqual(placeOf(on(once, "trips")), { screen: "asset", subject: "trips" });
});

Deno.test("e opens the file and line where a schedule or a sensor is defined", () => {
  deepEqual(press(at(), "tab", "e").effects, [{ kind: "edit", file: "assets/s.ts", line: 1 }]);
  deepEqual(press(at(), "e").effects, [{ kind: "edit", file: "nycflow.config.ts", line: 9 }]);
});

Deno.test("the mark stays on its schedule when others come", () => {
  const model = press(at(), "down").model;
  const data = board(ASSETS, { schedules: [schedule("early"), ...SCHEDULES] });
  equal(update(model, { kind: "data", data })[0].states.automation.selected, "paused");
});

Deno.test("what is to be how fresh: the late ones first, where there is room", () => {
  const data = board(ASSETS);
  const statuses = new Map([...data.statuses].map(([key, status]): [typeof key, AssetStatus] => [
    key,
    { ...status, freshness: key === "report" ? "late" : "on time" },
  ]));
  const of = (rows: number, columns = 100) => {
    const model = at({ rows, columns });
    return textOf(update(model, { kind: "data", data: { ...model.data!, statuses } })[0]);
  };
  match(
    of(30),
    /freshness: 1 late, 1 on time[^]*report +late +within 1h +never made[^]*trips +on time/,
  );
  match(of(40, 150), /freshness: 1 late/);
  ok(!of(12).includes("freshness"));
});

Deno.test("nothing there says how there would be something", () => {
  const empty = at({}, { schedules: [], sensors: [] });
  match(textOf(empty), /no schedules: an asset gets one/);
  match(textOf(press(empty, "tab").model), /no sensors: sensor/);
  match(textOf(press(empty, "tab", "tab").model), /no sensors, and so no keys/);
});

Deno.test("every width and style: each line as wide as the terminal, in every section", () => {
  for (const style of [plain, ascii, colored]) {
    for (const rows of [10, 24, 45]) {
      for (let columns = 40; columns <= 160; columns += style === plain ? 1 : 13) {
        const model = at({ columns, rows, style });
        for (const keys of [[], ["tab"], ["tab", "down"], ["tab", "tab"]]) {
          const text = screenOf(press(model, ...keys).model).join("\n");
          if (style === ascii) ok(/^[\x20-\x7e\n]*$/.test(text), text);
        }
      }
    }
  }
});
