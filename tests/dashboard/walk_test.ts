/** Whatever is pressed, at whatever size: every frame is whole, and what is marked exists. */
import { ok } from "node:assert/strict";
import type { RunHead } from "../../src/core/heads.ts";
import type { RunId } from "../../src/core/key.ts";
import type { Effect } from "../../src/dashboard/board.ts";
import { type Model, placeOf } from "../../src/dashboard/model.ts";
import { update } from "../../src/dashboard/update.ts";
import { asset, NOW } from "../kit/definitions.ts";
import { attempt, failed, log, made, plain, RUN, started } from "../views/samples.ts";
import { board, modelOf, press, screenOf } from "./kit.ts";

const KEYS = [
  ...["up", "down", "left", "right", "pageup", "pagedown", "g", "G", "enter", "escape", "tab"],
  ...["shift+tab", "space", "2", "3", "4", "U", "D", "p", "a", "f", "o", "s", "t", "y", "w", "L"],
];
const SIZES = [[20, 5], [33, 8], [40, 12], [80, 24], [131, 40], [7, 3]] as const;

/** Numbers that are the same every time. */
function seeded(seed: number): (below: number) => number {
  let at = seed;
  return (below) => {
    at = (at * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((at / 2_147_483_648) * below);
  };
}

function data(assets: number) {
  const names = Array.from({ length: assets }, (_, at) => `asset_${at}_東京`);
  const run = (over: Partial<RunHead>): RunHead => ({
    run: RUN,
    state: "failed",
    trigger: "up",
    selection: "",
    holder: null,
    command: "nycflow up",
    requestedAt: NOW - 9_000,
    startedAt: NOW - 9_000,
    endedAt: NOW,
    planned: 2,
    steps: {},
    ...over,
  });
  const told = {
    cursor: null,
    problem: null,
    since: 0,
    last: [{ due: NOW, outcome: "requested", text: "x", runs: [RUN] }],
  };
  return board(
    names.map((name, at) =>
      asset(name, {
        group: at % 3 === 0 ? "" : `group_${at % 5}`,
        deps: at === 0 ? [] : [names[at >> 1]!],
      })
    ),
    {
      last: 7,
      runs: [run({}), run({ run: "01other000" as RunId, state: "running", endedAt: null })],
      moreRuns: true,
      schedules: [{
        name: "nightly",
        kind: "schedule",
        cron: "* * * * *",
        timezone: "UTC",
        select: "a b",
        catchUp: "latest",
        overlap: "skip",
        on: true,
        next: [NOW],
        fact: told,
        problem: null,
        file: "a.ts",
        line: 1,
      }],
      sensors: [{
        name: "asked",
        kind: "code",
        watch: null,
        everyMs: 1000,
        select: "",
        on: false,
        fact: told,
        keys: 1,
        file: "a.ts",
        line: 1,
      }],
    },
  );
}

function answered(model: Model, effects: readonly Effect[]): Model {
  return effects.reduce((now, effect) => {
    if (effect.kind !== "ask") return now;
    const { ask, name, version, columns } = effect.want;
    const on = log(NOW - 9_000);
    const events = [
      on.say(started([["asset_0_東京", ""], ["asset_1_東京", ""]])),
      on.say(attempt("asset_0_東京", "")),
      on.after(3_000).say(failed("asset_0_東京", "", 1, NOW)),
      on.say(attempt("asset_1_東京", "")),
      on.after(3_000).say(made("asset_1_東京", "", 3)),
    ];
    const head = now.data!.runs.find((each) => ask.kind === "run" && each.run === ask.run);
    const answer = ask.kind === "run" && head !== undefined
      ? { kind: "run", head, events } as const
      : ask.kind === "keys"
      ? {
        kind: "keys",
        keys: [{ key: "k", at: NOW, run: RUN, state: "failed", asset: null }],
      } as const
      : { kind: "lines", lines: ["one", "two"] } as const;
    return update(now, { kind: "answered", name, version, columns, answer })[0];
  }, model);
}

for (const assets of [0, 1, 30, 400]) {
  Deno.test(`a thousand keys over ${assets} assets: no frame is torn, and nothing is marked that is not there`, () => {
    const next = seeded(assets + 1);
    let model = modelOf(data(assets), { style: plain });
    for (let step = 0; step < 1_000; step++) {
      if (step % 50 === 0) {
        const [columns, rows] = SIZES[next(SIZES.length)]!;
        model = update(model, { kind: "resized", columns, rows })[0];
      }
      const key = KEYS[next(KEYS.length)]!;
      const pressed = press(model, key);
      model = answered(pressed.model, pressed.effects);
      // What a question or an output lies over is another's affair.
      model = { ...model, overlay: null };
      screenOf(model);
      const { drawn, selected } = model.states.lineage;
      if (placeOf(model).screen === "lineage" && assets > 0) {
        ok(drawn?.at.has(selected), `${selected} after ${key}`);
      }
    }
  });
}
