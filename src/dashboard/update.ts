/**
 * The next model after whatever happened, and what is to be done outside. Pure: the same message to the same model
 * gives the same turn. What screens do is theirs (`screens/`), what overlays do `overlay.ts`.
 */
import type { DashboardSettings } from "../core/definition.ts";
import type { Key } from "../term/keys.ts";
import { actingOn, commandLine } from "./acting.ts";
import { notify, open, perform, withFilter } from "./change.ts";
import { type Action, actionFor, keyMap } from "./bindings.ts";
import type { BoardData, Effect } from "./board.ts";
import type { Message } from "./message.ts";
import { askFor, linesAbove, type Model, type Place, placeOf, roomOf, type Turn } from "./model.ts";
import { offered, overlayKey } from "./overlay.ts";
import type { Answered, Screen } from "./screen.ts";
import { SCREENS } from "./screens.ts";
import { filtered } from "./selecting.ts";
import { type ScreenName, type ScreenStates, TABS } from "./states.ts";
import { tabAt } from "./tabs.ts";

/** Lines that a turn of the wheel moves. */
const WHEEL = 3;
/** Lines of what was said that are kept. */
const MOST_SAID = 500;

/** What a message makes of a model. */
export function update(model: Model, message: Message): Turn {
  const [next, effects] = settled(...taken(model, message));
  const place = placeOf(next);
  const wants = wantsOf(next, place.screen);
  const [asking, asks] = next.data === null ? [next, []] : askFor(next, wants);
  return [asking, [...effects, ...asks]];
}

function taken(model: Model, message: Message): Turn {
  switch (message.kind) {
    case "key":
      return onKey(model, message.key);
    case "resized":
      return [{ ...model, columns: message.columns, rows: message.rows }, []];
    case "ticked": {
      const { now, frame } = message;
      const old = model.notice?.until !== undefined && model.notice?.until !== null &&
        model.notice.until <= now;
      return [{ ...model, now, frame, notice: old ? null : model.notice }, []];
    }
    case "data":
      return withSettings(withData(model, message.data), model.data);
    case "role":
      return [{ ...model, role: message.role }, []];
    case "answered": {
      const known = new Map(model.known);
      const before = known.get(message.name);
      const id = `${message.version} ${message.columns}`;
      known.set(message.name, {
        version: message.version,
        columns: message.columns,
        answer: message.answer,
        pending: before?.pending === id ? null : before?.pending ?? null,
      });
      return [{ ...model, known }, []];
    }
    case "commanded":
      return commanded(model, message);
    case "completed":
      return [
        model.overlay?.kind === "command"
          ? { ...model, overlay: offered(model.overlay, message.candidates) }
          : model,
        [],
      ];
    case "said": {
      const said = [...model.said, ...message.lines].slice(-MOST_SAID);
      return [{ ...model, said }, []];
    }
    case "noticed":
      return [notify(model, message.text, message.role), []];
    case "leaving":
      return [{ ...model, leaving: true }, []];
  }
}

function withData(model: Model, data: BoardData): Model {
  const problems = data.problems.length;
  const before = model.data?.problems.length ?? 0;
  const next = { ...model, data, shown: filtered(data, model.filter) };
  if (problems > 0 && problems !== before) {
    return notify(next, `${problems} wrong with the definitions: 6 shows what`, "bad");
  }
  if (problems === 0 && before > 0) return notify(next, "the definitions are right again", "good");
  return next;
}

/** Keys, clock and mouse as the configuration has them now; a switch by hand holds until that changes. */
function withSettings(model: Model, before: BoardData | null): Turn {
  const settings = model.data?.settings;
  if (settings === undefined || isSame(settings, before?.settings)) return [model, []];
  const { keys, clock, mouse } = settings;
  const next = { ...model, keys: keyMap(keys), clock, mouse };
  return [next, mouse === model.mouse ? [] : [{ kind: "mouse", on: mouse }]];
}

function isSame(a: DashboardSettings, b: DashboardSettings | undefined): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

function commanded(model: Model, message: Extract<Message, { kind: "commanded" }>): Turn {
  const line = commandLine(message.argv);
  const commands = [...model.commands];
  const at = commands.indexOf(line);
  if (at >= 0) commands.splice(at, 1);
  const said = [...model.said, `> ${line}`, ...message.lines].slice(-MOST_SAID);
  const next: Model = { ...model, commands, said };
  if (message.show) {
    const lines = message.lines.length > 0 ? message.lines : ["(it printed nothing)"];
    return [{ ...next, overlay: { kind: "output", title: line, lines, top: 0 } }, []];
  }
  const { code } = message;
  const last = message.lines.findLast((each) => each.trim() !== "");
  if (code === 0) return [notify(next, `${line}: ${last ?? "done"}`, "good"), []];
  const how = code === null ? "could not be started" : `ended with ${code}`;
  return [notify(next, `${line} ${how}: O shows what it said`, "bad"), []];
}

function onKey(model: Model, key: Key): Turn {
  if (key.name === "focus" || key.name === "blur" || key.name === "report") return [model, []];
  if (key.name === "mouse") return onMouse(model, key);
  if (model.overlay !== null) {
    const turn = overlayKey(model, model.overlay, key);
    const isNone = turn[0] === model && turn[1].length === 0;
    return isNone && key.alt ? apart(model, key) : turn;
  }
  const place = placeOf(model);
  const typed = onScreen(
    model,
    (screen, state) => screen.type?.(model, state, key, roomOf(model)) ?? null,
  );
  if (typed !== null) return typed;
  const action = actionFor(model.keys, place.screen, key);
  if (action !== null) return act(model, action);
  return key.alt ? apart(model, key) : [model, []];
}

/** Escape and a key that come in one piece, over a slow line or from quick fingers, look like Alt with that key. */
function apart(model: Model, key: Key): Turn {
  const text = key.ctrl || [...key.name].length > 1 ? "" : key.name;
  return inTurn(model, [ESCAPE, { ...key, alt: false, text }]);
}

const ESCAPE: Key = { name: "escape", ctrl: false, alt: false, shift: false, text: "" };

/** Keys one after the other. */
function inTurn(model: Model, keys: readonly Key[]): Turn {
  let turn: Turn = [model, []];
  for (const key of keys) {
    const [next, effects] = onKey(turn[0], key);
    turn = [next, [...turn[1], ...effects]];
  }
  return turn;
}

/** What an action does where one is: the screen's own meaning first. */
export function act(model: Model, action: Action): Turn {
  const own = onScreen(model, (screen, state) => screen.act(model, state, action, roomOf(model)));
  if (own !== null) return own;
  const acted = acting(model, action);
  if (acted !== null) return acted;
  return everywhere(model, action);
}

/** Asks the screen that is shown; the cast is sound since `place.screen` chose both. */
function onScreen(
  model: Model,
  ask: (screen: Screen<unknown>, state: unknown) => Answered<unknown> | null,
): Turn | null {
  const { screen } = placeOf(model);
  const answered = ask(SCREENS[screen] as Screen<unknown>, model.states[screen]);
  return answered === null ? null : carried(model, screen, answered);
}

function carried(model: Model, screen: ScreenName, answered: Answered<unknown>): Turn {
  let next = model;
  if (answered.state !== undefined) {
    next = { ...next, states: { ...next.states, [screen]: answered.state } as ScreenStates };
  }
  if (answered.overlay !== undefined) next = { ...next, overlay: answered.overlay };
  if (answered.notice !== undefined) next = { ...next, notice: answered.notice };
  if (answered.go !== undefined) next = open(next, answered.go, answered.opened);
  return [next, answered.effects ?? []];
}

function acting(model: Model, action: Action): Turn | null {
  if (model.data === null) return null;
  const { screen } = placeOf(model);
  const at = SCREENS[screen] as Screen<unknown>;
  const found = actingOn(action, at.subject(model, model.states[screen]), model.data);
  if (found === null) return null;
  if (typeof found === "string") return [notify(model, found, "warn"), []];
  if (model.readOnly) {
    const line = commandLine(found.argv);
    return [notify(model, `dash only looks; to do it, type: ${line}`, "warn"), []];
  }
  if (found.ask !== null) {
    return [{ ...model, overlay: { kind: "confirm", argv: found.argv, why: found.ask } }, []];
  }
  return perform(model, found.argv, false);
}

function everywhere(model: Model, action: Action): Turn {
  const tab = TABS.findIndex((_, index) => action === `tab-${index + 1}`);
  if (tab >= 0) return [open(model, { screen: TABS[tab] as ScreenName, subject: "" }), []];
  switch (action) {
    // Whoever has left the editor means what escape means everywhere.
    case "leave-editor":
    case "back":
      if (model.places.length > 1) return [{ ...model, places: model.places.slice(0, -1) }, []];
      if (model.filter !== "") return [withFilter(model, ""), []];
      return [{ ...model, notice: null }, []];
    case "next-tab":
    case "previous-tab": {
      const here = TABS.indexOf((model.places[0] as Place).screen);
      const step = action === "next-tab" ? 1 : TABS.length - 1;
      const to = TABS[(Math.max(0, here) + step) % TABS.length] as ScreenName;
      return [open(model, { screen: to, subject: "" }), []];
    }
    case "filter": {
      const line = { text: model.filter, at: [...model.filter].length };
      return [{ ...model, overlay: { kind: "filter", line, before: model.filter } }, []];
    }
    case "command":
      return [{
        ...model,
        overlay: { kind: "command", line: { text: "", at: 0 }, candidates: [], past: -1 },
      }, []];
    case "help":
      return [{ ...model, overlay: { kind: "help", top: 0 } }, []];
    case "output":
      return [{
        ...model,
        overlay: {
          kind: "output",
          title: "what was said",
          lines: model.said.length === 0 ? ["nothing yet"] : model.said,
          top: Number.MAX_SAFE_INTEGER,
        },
      }, []];
    case "copy":
      return copying(model);
    case "edit":
      return editing(model);
    case "mouse": {
      const mouse = !model.mouse;
      const text = mouse
        ? "the mouse is ours: click and scroll"
        : "the mouse is the terminal's: mark and copy";
      return [notify({ ...model, mouse }, text, "dim"), [{ kind: "mouse", on: mouse }]];
    }
    case "redraw":
      return [withoutFailed(model), [{ kind: "redraw" }, { kind: "refresh" }]];
    case "suspend":
      return [model, [{ kind: "suspend" }]];
    case "quit":
      return leave(model);
    case "stop":
      return stop(model);
    default:
      return [model, []];
  }
}

/** What could not be answered is asked anew. */
function withoutFailed(model: Model): Model {
  const known = [...model.known].filter(([, { answer }]) => answer?.kind !== "problems");
  return { ...model, known: new Map(known) };
}

/** Leaves at once where nothing of ours runs; otherwise asks what is to become of that. */
function leave(model: Model): Turn {
  if (model.leaving) return [model, []];
  const runs = atWork(model);
  if (runs === 0) return [model, [{ kind: "quit" }]];
  return [{ ...model, overlay: { kind: "leave", runs } }, []];
}

/** As everywhere: the first time nothing more is started and what runs is waited for, the second it is ended. */
function stop(model: Model): Turn {
  if (model.leaving) return [model, [{ kind: "stop", how: "kill" }]];
  if (atWork(model) === 0) return [model, [{ kind: "quit" }]];
  return [{ ...model, leaving: true }, [{ kind: "stop", how: "wait" }]];
}

/** What ends with this process: its own commands, and the runs that it has begun. */
function atWork({ commands, role, data }: Model): number {
  const runs = role.kind === "keeps"
    ? data?.runs.filter((run) => run.state === "running").length ?? 0
    : 0;
  return commands.length + runs;
}

function copying(model: Model): Turn {
  const { screen } = placeOf(model);
  const at = SCREENS[screen] as Screen<unknown>;
  const state = model.states[screen];
  const text = at.copied?.(model, state) ?? nameOf(at.subject(model, state));
  if (text === null || text === "") {
    return [notify(model, "there is nothing to copy here", "warn"), []];
  }
  const short = text.length > 40 ? `${text.slice(0, 40)}…` : text;
  return [
    notify(model, `copied: ${short.replaceAll("\n", " ")}`, "dim"),
    [{ kind: "copy", text }],
  ];
}

function nameOf(subject: ReturnType<Screen<unknown>["subject"]>): string | null {
  switch (subject?.kind) {
    case "asset":
      return subject.asset;
    case "group":
      return `group:${subject.group}`;
    case "run":
      return subject.run;
    case "schedule":
    case "sensor":
      return subject.name;
    case "file":
      return `${subject.file}:${subject.line}`;
    default:
      return null;
  }
}

function editing(model: Model): Turn {
  const { screen } = placeOf(model);
  const subject = (SCREENS[screen] as Screen<unknown>).subject(model, model.states[screen]);
  if (model.readOnly) return [notify(model, "dash only looks", "warn"), []];
  if (subject?.kind === "file") {
    return [model, [{ kind: "edit", file: subject.file, line: subject.line }]];
  }
  if (subject?.kind !== "asset" || model.data === null) {
    return [notify(model, "there is no file to edit here", "warn"), []];
  }
  const key = model.data.graph.find(subject.asset);
  if (key === null) return [model, []];
  const { file, line } = model.data.graph.def(key).origin;
  return [model, [{ kind: "edit", file, line }]];
}

function onMouse(model: Model, key: Key): Turn {
  const { mouse } = key;
  if (mouse === undefined) return [model, []];
  if (mouse.action === "wheel") {
    const name = mouse.button === "up" ? "up" : "down";
    const { mouse: _, ...plain } = key;
    return inTurn(model, Array.from({ length: WHEEL }, () => ({ ...plain, name, text: "" })));
  }
  if (mouse.action !== "press" || mouse.button !== "left" || model.overlay !== null) {
    return [model, []];
  }
  if (mouse.row === 0) {
    const tab = tabAt(model, mouse.column);
    return tab === null ? [model, []] : [open(model, { screen: tab, subject: "" }), []];
  }
  const row = mouse.row - linesAbove(model);
  const room = roomOf(model);
  if (row < 0 || row >= room.rows) return [model, []];
  return onScreen(
    model,
    (screen, state) => screen.press?.(model, state, room, mouse.column, row) ?? null,
  ) ?? [model, []];
}

function wantsOf(model: Model, screen: ScreenName) {
  const at = SCREENS[screen] as Screen<unknown>;
  return at.wants?.(model, model.states[screen], roomOf(model)) ?? [];
}

/** The screen that is shown put right: cursors in their lists, marks on what is there. */
function settled(model: Model, effects: readonly Effect[]): Turn {
  const { screen } = placeOf(model);
  const at = SCREENS[screen] as Screen<unknown>;
  const state = model.states[screen];
  const right = model.data === null ? state : at.settle?.(model, state, roomOf(model)) ?? state;
  if (right === state) return [model, effects];
  return [{ ...model, states: { ...model.states, [screen]: right } as ScreenStates }, effects];
}
