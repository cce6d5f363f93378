/** Every key of every screen does what its line of the help says: the table below has a row for each. */
import { deepEqual, equal, ok } from "node:assert/strict";
import { type Action, type Binding, bindingsOn, keyMap } from "../../src/dashboard/bindings.ts";
import { open } from "../../src/dashboard/change.ts";
import { helpLines } from "../../src/dashboard/help.ts";
import type { Model } from "../../src/dashboard/model.ts";
import { SCREEN_NAMES, type ScreenName, TABS } from "../../src/dashboard/states.ts";
import { stripStyle } from "../../src/term/width.ts";
import { press, screenOf } from "./kit.ts";
import { middle, rows, told } from "./every_key.ts";

/** What it comes to, and what was pressed before where the middle of the screen is no place for it. */
type Row =
  | string
  | readonly [comesTo: string, before: readonly string[] | ((model: Model) => Model)];
type Rows = Partial<Readonly<Record<Action, Row>>>;

const FILTERED = ["/", "a", "enter"];
const LIVE = "01run00aaaaaa";

/** The same wherever one is. */
const EVERYWHERE: Rows = {
  ...Object.fromEntries(TABS.map((screen, at) => [`tab-${at + 1}`, `opens ${screen}`])),
  filter: "over it: filter",
  command: "over it: command",
  output: "over it: output",
  mouse: "mouse false; says the mouse is the terminal's: mark and copy; mouse false",
  redraw: "redraw; refresh",
  suspend: "suspend",
  help: "over it: help",
  // Something is at work: it is asked what is to become of that.
  quit: "over it: leave",
  // The same for who presses what ends things everywhere: waited for.
  stop: "stop wait",
  back: ['filter ""', FILTERED],
};

const ON: Readonly<Record<ScreenName, Rows>> = {
  overview: {
    up: "cursor 11→10; selected asset_05→asset_04",
    down: "cursor 11→12; selected asset_05→asset_06",
    left: 'cursor 11→5; selected asset_05→others/; folded []→["others/"]',
    right: "opens asset of asset_05",
    "page-up": "cursor 11→0; selected asset_05→!",
    "page-down": "cursor 11→26; selected asset_05→asset_20",
    first: "cursor 11→0; selected asset_05→!",
    last: "cursor 11→35; selected asset_05→asset_29",
    open: "opens asset of asset_05",
    back: ['filter ""; cursor 8→11', FILTERED],
    "next-tab": "opens lineage; selected →trips",
    "previous-tab": "opens problems",
    run: "does nycflow run asset_05",
    "run-downstream": ["asks before nycflow run trips+", ["g", "down"]],
    force: "asks before nycflow run asset_05 --force",
    retry: ["does nycflow run trips --partition 2023-03", ["g", "down"]],
    cancel: [`asks before nycflow cancel ${LIVE}`, ["g", "down", "down"]],
    why: "opens asset of asset_05",
    logs: "opens asset of asset_05; section about→log",
    lineage: "opens lineage; selected →asset_05",
    edit: "edit assets/asset_05.sql 1",
    fold: 'cursor 11→5; selected asset_05→others/; folded []→["others/"]',
    copy: "copies asset_05",
  },
  lineage: {
    up: "selected report→asset_13",
    down: "selected report→asset_15",
    left: "selected report→trips",
    right: "selected report→map",
    "page-up": "selected report→asset_00",
    "page-down": "selected report→asset_29",
    first: "selected report→trips",
    last: "selected report→asset_29",
    open: "opens asset of report",
    back: ['focus {"kind":"up","of":"report"}→null', ["U"]],
    "next-tab": "opens runs",
    "previous-tab": "opens overview",
    run: "does nycflow run report",
    "run-downstream": "asks before nycflow run report+",
    force: "asks before nycflow run report --force",
    retry: "does nycflow run report",
    cancel: `asks before nycflow cancel ${LIVE}`,
    why: "opens asset of report",
    logs: "opens asset of report; section about→log",
    edit: "edit assets/report.sql 1",
    fold: "selected report→tables/; folded false→true",
    "focus-up": 'focus null→{"kind":"up","of":"report"}',
    "focus-down": 'focus null→{"kind":"down","of":"report"}',
    "focus-path": [
      'focus null→{"kind":"path","of":"report","to":"map"}; from report→null',
      ["p", "right"],
    ],
    "focus-none": ['focus {"kind":"down","of":"report"}→null', ["D"]],
    copy: "copies report",
  },
  runs: {
    up: "cursor 20→19; selected 01run00asset_18→01run00asset_17",
    down: "cursor 20→21; selected 01run00asset_18→01run00asset_19",
    right: "opens run of 01run00asset_18",
    "page-up": "cursor 20→3; selected 01run00asset_18→01run00asset_01",
    "page-down": "cursor 20→31; selected 01run00asset_18→01run00asset_29",
    first: `cursor 20→0; selected 01run00asset_18→${LIVE}`,
    last: "cursor 20→31; selected 01run00asset_18→01run00asset_29",
    open: "opens run of 01run00asset_18",
    "next-tab": "opens automation",
    "previous-tab": "opens lineage",
    retry: "does nycflow retry 01run00asset_18",
    cancel: [`asks before nycflow cancel ${LIVE}`, ["g"]],
    "only-failed": "cursor 20→0; selected 01run00asset_18→01run00bbbbbb; onlyFailed false→true",
    copy: "copies 01run00asset_18",
  },
  automation: {
    up: "cursor 1→0; selected weekly→nightly",
    down: "cursor 1→2; selected weekly→yearly",
    left: ["section keys→sensors; selected →asked", ["tab", "tab"]],
    right: ["section sensors→keys; selected asked→", ["tab"]],
    "page-up": "cursor 1→0; selected weekly→nightly",
    "page-down": "cursor 1→2; selected weekly→yearly",
    first: "cursor 1→0; selected weekly→nightly",
    last: "cursor 1→2; selected weekly→yearly",
    open: "opens asset of report",
    back: ["section keys→sensors; selected →asked", ["tab", "tab"]],
    "next-section": "section schedules→sensors; cursor 1→0; selected weekly→asked",
    "previous-section": "section schedules→keys; cursor 1→0; selected weekly→",
    "next-tab": "opens sql",
    "previous-tab": "opens runs",
    edit: "edit nycflow.config.ts 12",
    switch: "asks before nycflow schedules off weekly",
    tick: "asks before nycflow schedules tick weekly",
    copy: "copies weekly",
  },
  sql: {
    up: "top 20→19",
    down: "top 20→21",
    left: "left 8→0",
    right: "left 8→16",
    "page-up": "top 20→5",
    "page-down": "top 20→35",
    first: "top 20→0",
    last: "top 20→84",
    open: "section result→editor",
    "next-section": "section result→editor",
    "previous-section": ["section editor→result", ["i"]],
    "leave-editor": ["section editor→result", ["i"]],
    "next-tab": "opens problems",
    "previous-tab": "opens automation",
    execute: 'asked {"text":"from report;","times":1}→{"text":"from report;","times":2}; ' +
      "top 20→0; left 8→0",
    "as-chart": "form table→chart; top 20→0; left 8→0",
    copy: `copies line 1 ${"=".repeat(193)}`,
  },
  problems: {
    up: "cursor 1→0",
    down: "cursor 1→2",
    "page-up": "cursor 1→0",
    "page-down": "cursor 1→2",
    first: "cursor 1→0",
    last: "cursor 1→2",
    open: "edit assets/b.sql 7",
    "next-tab": "opens overview",
    "previous-tab": "opens sql",
    edit: "edit assets/b.sql 7",
    copy: "copies error: Cannot read assets/b.sql",
  },
  asset: {
    up: ["top 20→19", rows],
    down: ["top 20→21", rows],
    left: ["left 8→0", rows],
    right: ["left 8→16", rows],
    "page-up": ["top 20→4", rows],
    "page-down": ["top 20→36", rows],
    first: ["top 20→0", rows],
    last: ["top 20→83", rows],
    open: ["opens run of run1", partitions],
    back: "opens overview",
    "next-section": "section about→rows",
    "previous-section": "section about→source",
    "next-tab": "opens lineage",
    "previous-tab": "opens problems",
    run: "does nycflow run report",
    "run-downstream": "asks before nycflow run report+",
    force: "asks before nycflow run report --force",
    retry: "does nycflow run report",
    cancel: `asks before nycflow cancel ${LIVE}`,
    mark: ["marked null→2023-01", partitions],
    backfill: [
      "asks before nycflow backfill trips --from 2023-01 --to 2023-02",
      (model) => press(partitions(model), "v", "right").model,
    ],
    rollback: "asks before nycflow rollback report",
    unpin: "does nycflow unpin report",
    logs: "section about→log",
    lineage: "opens lineage; selected →report",
    edit: "edit assets/report.sql 1",
    copy: "copies report",
  },
  run: {
    up: "cursor 1→0; selected report→trips",
    down: "cursor 1→2; selected report→map",
    left: ['unfolded ["report"]→[]', ["right"]],
    right: 'unfolded []→["report"]',
    "page-up": "cursor 1→0; selected report→trips",
    "page-down": "cursor 1→2; selected report→map",
    first: "cursor 1→0; selected report→trips",
    last: "cursor 1→2; selected report→map",
    open: "opens asset of report",
    back: "opens overview",
    "next-section": "section steps→errors; cursor 1→0; follow false→true",
    "previous-section": "section steps→log; cursor 1→0; follow false→true",
    "next-tab": "opens lineage",
    "previous-tab": "opens problems",
    retry: [
      "does nycflow retry 01run00bbbbbb",
      (model) => open(model, { screen: "run", subject: "01run00bbbbbb" }),
    ],
    cancel: `asks before nycflow cancel ${LIVE}`,
    logs: "section steps→log; cursor 1→0; follow false→true",
    edit: "edit assets/report.sql 1",
    fold: 'unfolded []→["report"]',
    follow: "cursor 1→2; selected report→map; follow false→true",
    copy: `copies ${LIVE}`,
  },
};

/** The partitions of an asset that has some, the first of them marked by the cursor. */
function partitions(model: Model): Model {
  const trips = open(model, { screen: "asset", subject: "trips" });
  return press(trips, ...Array(3).fill("tab"), "g").model;
}

const MAP = keyMap();

function rowOf(screen: ScreenName, { action }: Binding): Row | undefined {
  return ON[screen][action] ?? EVERYWHERE[action];
}

for (const screen of SCREEN_NAMES) {
  Deno.test(`every key of ${screen} does what the help says`, () => {
    const bindings = bindingsOn(MAP, screen);
    const known = new Set(bindings.map(({ action }) => action));
    deepEqual(Object.keys(ON[screen]).filter((each) => !known.has(each as Action)), [], "no key");
    for (const binding of bindings) {
      const row = rowOf(screen, binding);
      if (row === undefined) throw new Error(`${screen}: no row tells what ${binding.action} does`);
      const [comesTo, before] = typeof row === "string" ? [row, []] as const : row;
      const from = typeof before === "function"
        ? before(middle(screen))
        : press(middle(screen), ...before).model;
      // Where one is already there is nowhere to go.
      const here = binding.action === `tab-${TABS.indexOf(screen) + 1}`;
      for (const key of binding.keys) {
        const { model, effects } = press(from, key);
        const came = told(from, model, effects);
        // What a screen marks when it is come to is told by its own rows.
        const seen = comesTo.startsWith("opens") && !comesTo.includes(";")
          ? came.split(";")[0]
          : came;
        deepEqual([key, binding.help, seen], [key, binding.help, here ? "" : comesTo]);
        screenOf(model);
      }
    }
  });

  Deno.test(`the help of ${screen} has every key that holds there, with what it does`, () => {
    const lines = helpLines({ ...middle(screen), columns: 160 }).map(stripStyle);
    const bindings = bindingsOn(MAP, screen);
    equal(lines.length, bindings.length);
    bindings.forEach(({ keys, help }, at) => {
      const shown = keys.map((key) => key === "escape" ? "esc" : key).join(", ");
      const line = lines[at] ?? "";
      ok(line.startsWith(shown) && line.includes(help), line);
    });
  });
}
