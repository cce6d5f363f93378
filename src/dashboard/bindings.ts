/**
 * Which key does what where, as one table: keys are looked up in it, the help and the line of hints are made from it,
 * and the configuration changes it by the names of the actions.
 */
import type { DashAction as Action } from "../core/dash_action.ts";
import type { Key } from "../term/keys.ts";
import type { ScreenName } from "./states.ts";

export type { Action };

export interface Binding {
  readonly action: Action;
  /** As `keyName` writes them. */
  readonly keys: readonly string[];
  /** Where it holds; everywhere where nothing is said. */
  readonly on?: readonly ScreenName[];
  /** Of one that holds everywhere: where it means nothing all the same. */
  readonly but?: readonly ScreenName[];
  /** As the help says it. */
  readonly help: string;
  /** One or two words for the line of hints; what has none is not in it. */
  readonly hint?: string;
  /** It changes something outside: not for who only looks. */
  readonly acts?: true;
}

const ASSETS = ["overview", "lineage", "asset"] as const;

/** In the order in which the help tells them. */
export const BINDINGS: readonly Binding[] = [
  { action: "up", keys: ["up", "k"], help: "up" },
  { action: "down", keys: ["down", "j"], help: "down" },
  { action: "left", keys: ["left", "h"], but: ["runs", "problems"], help: "left" },
  { action: "right", keys: ["right", "l"], but: ["problems"], help: "right" },
  { action: "page-up", keys: ["pageup", "ctrl+b", "ctrl+u"], help: "a page up" },
  { action: "page-down", keys: ["pagedown", "ctrl+f", "ctrl+d"], help: "a page down" },
  { action: "first", keys: ["home", "g"], help: "to the beginning" },
  { action: "last", keys: ["end", "G"], help: "to the end" },
  { action: "open", keys: ["enter"], help: "open what is marked", hint: "open" },
  { action: "back", keys: ["escape", "backspace"], help: "back", hint: "back" },
  {
    action: "next-section",
    keys: ["tab"],
    on: ["asset", "run", "sql", "automation"],
    help: "the next section",
    hint: "section",
  },
  {
    action: "previous-section",
    keys: ["shift+tab"],
    on: ["asset", "run", "sql", "automation"],
    help: "the section before",
  },
  { action: "next-tab", keys: ["tab", "]"], help: "the next screen" },
  { action: "previous-tab", keys: ["shift+tab", "["], help: "the screen before" },
  { action: "tab-1", keys: ["1"], help: "overview: all assets, what runs, what failed" },
  { action: "tab-2", keys: ["2"], help: "lineage: what stands on what" },
  { action: "tab-3", keys: ["3"], help: "runs: what happened" },
  { action: "tab-4", keys: ["4"], help: "automation: schedules and sensors" },
  { action: "tab-5", keys: ["5"], help: "sql: ask the warehouse" },
  { action: "tab-6", keys: ["6"], help: "problems: what is wrong with the definitions" },
  {
    action: "run",
    keys: ["r"],
    on: ASSETS,
    help: "run it, and first what it stands on where that is stale",
    hint: "run",
    acts: true,
  },
  {
    action: "run-downstream",
    keys: ["R"],
    on: ASSETS,
    help: "run it and all that follows from it",
    acts: true,
  },
  {
    action: "force",
    keys: ["F"],
    on: ASSETS,
    help: "run it with everything that it stands on, fresh or not",
    acts: true,
  },
  {
    action: "retry",
    keys: ["t"],
    on: [...ASSETS, "runs", "run"],
    help: "retry what failed",
    hint: "retry",
    acts: true,
  },
  {
    action: "cancel",
    keys: ["x"],
    on: [...ASSETS, "runs", "run"],
    help: "cancel the run that is at work on it",
    acts: true,
  },
  {
    action: "mark",
    keys: ["v"],
    on: ["asset"],
    help: "begin or end marking partitions",
  },
  {
    action: "backfill",
    keys: ["b"],
    on: ["asset"],
    help: "backfill the marked partitions",
    acts: true,
  },
  {
    action: "rollback",
    keys: ["u"],
    on: ["asset"],
    help: "publish the version before again, and pin it",
    acts: true,
  },
  { action: "unpin", keys: ["U"], on: ["asset"], help: "unpin it", acts: true },
  { action: "why", keys: ["w"], on: ["overview", "lineage"], help: "why it stands as it does" },
  { action: "logs", keys: ["o"], on: [...ASSETS, "run"], help: "what its last attempts printed" },
  { action: "lineage", keys: ["L"], on: ["overview", "asset"], help: "where it is in the lineage" },
  {
    action: "edit",
    keys: ["e"],
    on: [...ASSETS, "problems", "run", "automation"],
    help: "its file in $EDITOR",
    acts: true,
  },
  {
    action: "fold",
    keys: ["space", "z"],
    on: ["overview", "lineage"],
    help: "fold or unfold the group",
  },
  { action: "fold", keys: ["space", "z"], on: ["run"], help: "show or hide a step's tries" },
  {
    action: "focus-up",
    keys: ["U"],
    on: ["lineage"],
    help: "only what it stands on",
    hint: "upstream",
  },
  {
    action: "focus-down",
    keys: ["D"],
    on: ["lineage"],
    help: "only what stands on it",
    hint: "downstream",
  },
  {
    action: "focus-path",
    keys: ["p"],
    on: ["lineage"],
    help: "only the way from where it was focused to here",
  },
  { action: "focus-none", keys: ["a"], on: ["lineage"], help: "all again" },
  {
    action: "only-failed",
    keys: ["f"],
    on: ["runs"],
    help: "only those that went wrong, or all",
    hint: "failed",
  },
  { action: "follow", keys: ["f"], on: ["run"], help: "follow what happens, or stay" },
  {
    action: "switch",
    keys: ["s", "space"],
    on: ["automation"],
    help: "switch it on or off",
    hint: "on/off",
    acts: true,
  },
  {
    action: "tick",
    keys: ["t"],
    on: ["automation"],
    help: "let it tick now",
    hint: "tick",
    acts: true,
  },
  {
    action: "execute",
    keys: ["ctrl+r", "f5"],
    on: ["sql"],
    help: "run the query (enter too, behind a ;)",
    hint: "run",
  },
  {
    action: "as-chart",
    keys: ["ctrl+g", "f6"],
    on: ["sql"],
    help: "the result as a chart, or as a table",
    hint: "chart",
  },
  {
    action: "leave-editor",
    keys: ["escape"],
    on: ["sql"],
    help: "from the editor to the result, where keys are as everywhere; i goes back",
    hint: "result",
  },
  {
    action: "filter",
    keys: ["/"],
    help: "show only some: part of a name, or a selection",
    hint: "filter",
  },
  { action: "command", keys: [":"], help: "type a command of nycflow", hint: "command" },
  { action: "copy", keys: ["y"], help: "copy what is marked" },
  { action: "output", keys: ["O"], help: "what the last commands said" },
  { action: "mouse", keys: ["M"], help: "give the mouse to the terminal, or take it back" },
  { action: "redraw", keys: ["ctrl+l"], help: "draw everything anew" },
  { action: "suspend", keys: ["ctrl+z"], help: "to the shell; fg comes back" },
  { action: "help", keys: ["?", "f1"], help: "this help", hint: "help" },
  { action: "quit", keys: ["q"], help: "leave", hint: "quit" },
  {
    action: "stop",
    keys: ["ctrl+c"],
    help: "leave: what runs is waited for, and a second time ended",
  },
];

/** The bindings in force. */
export interface KeyMap {
  readonly bindings: readonly Binding[];
}

/** `ctrl+r`, `shift+tab`, `G`, `space`: how keys are written in the table and in the configuration. */
export function keyName(key: Key): string {
  const named = key.name.length > 1;
  return [
    key.ctrl ? "ctrl+" : "",
    key.alt ? "alt+" : "",
    key.shift && named ? "shift+" : "",
    key.name,
  ].join("");
}

/** The action of a key on a screen; what holds there alone comes before what holds everywhere. Null for none. */
export function actionFor(keys: KeyMap, screen: ScreenName, key: Key): Action | null {
  const name = keyName(key);
  const own = keys.bindings.find((each) => each.on?.includes(screen) && each.keys.includes(name));
  if (own !== undefined) return own.action;
  const all = keys.bindings.find((each) => each.on === undefined && each.keys.includes(name));
  return all?.action ?? null;
}

/** The bindings of a screen: its own first, without those of everywhere that they stand before. */
export function bindingsOn(keys: KeyMap, screen: ScreenName): readonly Binding[] {
  const own = keys.bindings.filter((each) => each.on?.includes(screen));
  const taken = new Set(own.flatMap((each) => each.keys));
  const all = keys.bindings.filter((each) =>
    each.on === undefined && each.but?.includes(screen) !== true
  ).flatMap((each) => {
    const left = each.keys.filter((key) => !taken.has(key));
    return left.length === 0 ? [] : [{ ...each, keys: left }];
  });
  return [...own, ...all];
}

/** The table with the keys of some actions replaced, as the configuration says; what they took from others is theirs. */
export function keyMap(changed: Readonly<Record<string, readonly string[]>> = {}): KeyMap {
  const own = BINDINGS.filter((each) => changed[each.action] !== undefined);
  const taken = (from: Binding): ReadonlySet<string> =>
    new Set(
      own.filter((each) => each.action !== from.action && overlap(each, from))
        .flatMap((each) => changed[each.action] ?? []),
    );
  return {
    bindings: BINDINGS.map((each) => {
      const keys = changed[each.action];
      if (keys !== undefined) return { ...each, keys };
      const gone = taken(each);
      return gone.size === 0 ? each : { ...each, keys: each.keys.filter((key) => !gone.has(key)) };
    }),
  };
}

/** What holds everywhere leaves room for what a screen means by the same key. */
function overlap(winner: Binding, other: Binding): boolean {
  if (winner.on === undefined) return true;
  return other.on?.some((screen) => winner.on?.includes(screen)) ?? false;
}
