/** What keys do in what lies over the screen: the help, a question, a line that is typed, what a command printed. */
import type { Key } from "../term/keys.ts";
import { commandLine, wordsOf } from "./acting.ts";
import { keyName } from "./bindings.ts";
import { notify, open, perform, withFilter } from "./change.ts";
import { helpLines } from "./help.ts";
import { beforeCursor, editLine, EMPTY_LINE, lineOf } from "./line.ts";
import { type Model, type Overlay, roomOf, type Turn } from "./model.ts";
import { scrolled } from "./scroll.ts";
import { type ScreenName, TABS } from "./states.ts";

type Of<K extends Overlay["kind"]> = Extract<Overlay, { kind: K }>;

/** Takes a key where an overlay is open. */
export function overlayKey(model: Model, overlay: Overlay, key: Key): Turn {
  const name = keyName(key);
  const closed: Model = { ...model, overlay: null };
  if (name === "ctrl+z") return [model, [{ kind: "suspend" }]];
  switch (overlay.kind) {
    case "help":
    case "output":
      return reading(model, overlay, name);
    case "confirm":
      if (name === "y" || name === "Y" || name === "enter") {
        return perform(closed, overlay.argv, false);
      }
      if (name === "n" || name === "N" || name === "escape" || name === "ctrl+c" || name === "q") {
        return [notify(closed, `not done: ${commandLine(overlay.argv)}`, "dim"), []];
      }
      return [model, []];
    case "leave":
      return leaving(closed, name, model);
    case "filter":
      return filtering(model, overlay, key, name);
    case "command":
      return commanding(model, overlay, key, name);
  }
}

function reading(model: Model, overlay: Of<"help"> | Of<"output">, name: string): Turn {
  if (["escape", "q", "?", "enter", "ctrl+c", "backspace", "f1", "O"].includes(name)) {
    return [{ ...model, overlay: null }, []];
  }
  const action = MOVES[name];
  if (action === undefined) return [model, []];
  const rows = overlayRows(model);
  const length = overlay.kind === "help" ? helpLines(model).length : overlay.lines.length;
  const most = Math.max(0, length - rows);
  const top = scrolled(Math.min(overlay.top, most), action, length, rows) ?? overlay.top;
  return [{ ...model, overlay: { ...overlay, top } }, []];
}

/** Lines of text that a framed overlay shows. */
export function overlayRows(model: Model): number {
  return Math.max(1, roomOf(model).rows - 2);
}

const MOVES: Readonly<Record<string, string>> = {
  up: "up",
  k: "up",
  down: "down",
  j: "down",
  pageup: "page-up",
  pagedown: "page-down",
  space: "page-down",
  home: "first",
  g: "first",
  end: "last",
  G: "last",
};

function leaving(closed: Model, name: string, model: Model): Turn {
  switch (name) {
    case "w":
    case "y":
    case "enter":
    case "ctrl+c":
    case "q":
      return [{ ...closed, leaving: true }, [{ kind: "stop", how: "wait" }]];
    case "k":
      return [{ ...closed, leaving: true }, [{ kind: "stop", how: "kill" }]];
    case "b":
      if (model.readOnly) return [model, []];
      return [{ ...closed, leaving: true }, [{ kind: "stop", how: "background" }]];
    case "escape":
    case "n":
      return [closed, []];
    default:
      return [model, []];
  }
}

function filtering(model: Model, overlay: Of<"filter">, key: Key, name: string): Turn {
  if (name === "enter") return [{ ...model, overlay: null }, []];
  if (name === "escape" || name === "ctrl+c") {
    return [withFilter({ ...model, overlay: null }, overlay.before), []];
  }
  if (name === "backspace" && overlay.line.text === "") {
    return [withFilter({ ...model, overlay: null }, ""), []];
  }
  const line = editLine(overlay.line, key);
  if (line === null) return [model, []];
  return [withFilter({ ...model, overlay: { ...overlay, line } }, line.text), []];
}

/** Places that are typed by name, besides the commands of nycflow. */
const WORDS: Readonly<Record<string, ScreenName>> = Object.fromEntries(
  TABS.map((screen) => [screen, screen]),
);

function commanding(model: Model, overlay: Of<"command">, key: Key, name: string): Turn {
  const closed: Model = { ...model, overlay: null };
  switch (name) {
    case "escape":
    case "ctrl+c":
      return [closed, []];
    case "enter":
      return entered(closed, overlay.line.text.trim());
    case "tab":
      return completing(model, overlay);
    case "up":
    case "down": {
      const past = Math.max(
        -1,
        Math.min(
          model.past.commands.length - 1,
          overlay.past + (name === "up" ? 1 : -1),
        ),
      );
      const line = past < 0 ? EMPTY_LINE : lineOf(model.past.commands.at(-1 - past) ?? "");
      return [{ ...model, overlay: { ...overlay, past, line, candidates: [] } }, []];
    }
  }
  if (name === "backspace" && overlay.line.text === "") return [closed, []];
  const line = editLine(overlay.line, key);
  if (line === null) return [model, []];
  return [{ ...model, overlay: { ...overlay, line, candidates: [] } }, []];
}

/** With candidates at hand the next of them is put in; without, they are asked for. */
function completing(model: Model, overlay: Of<"command">): Turn {
  const before = beforeCursor(overlay.line);
  const words = [...wordsOf(before)];
  if (before === "" || before.endsWith(" ")) words.push("");
  if (overlay.candidates.length === 0) return [model, [{ kind: "complete", words }]];
  return [{ ...model, overlay: putIn(overlay, overlay.candidates[0] ?? "") }, []];
}

/** The line with what it may go on with; what alone fits is put in at once, as shells do. */
export function offered(overlay: Of<"command">, candidates: readonly string[]): Of<"command"> {
  const next = { ...overlay, candidates };
  const word = /\S*$/.exec(beforeCursor(overlay.line))?.[0] ?? "";
  const [only] = candidates;
  // It may have been asked for a line that has been typed on since.
  return candidates.length === 1 && only?.startsWith(word) ? putIn(next, only) : next;
}

/** The word before the cursor replaced by a candidate; with one candidate alone the word is done. */
export function putIn(overlay: Of<"command">, candidate: string): Of<"command"> {
  const before = beforeCursor(overlay.line);
  const rest = overlay.line.text.slice(before.length);
  const head = before.replace(/\S*$/, "");
  const others = overlay.candidates.filter((each) => each !== candidate);
  const done = others.length === 0 ? `${candidate} ` : candidate;
  const line = lineOf(head + done);
  return {
    ...overlay,
    line: { ...line, text: line.text + rest },
    candidates: others.length === 0 ? [] : [...others, candidate],
  };
}

function entered(model: Model, text: string): Turn {
  if (text === "") return [model, []];
  const commands = [...model.past.commands.filter((each) => each !== text), text].slice(-200);
  const next: Model = { ...model, past: { ...model.past, commands } };
  const [first = "", ...rest] = wordsOf(text.replace(/^nycflow\s+/, ""));
  if (first === "q" || first === "quit" || first === "exit") return [next, [{ kind: "quit" }]];
  const tab = WORDS[first];
  if (tab !== undefined && rest.length === 0) return [open(next, { screen: tab, subject: "" }), []];
  const asset = next.data?.graph.find(
    first === "show" || first === "asset" ? rest[0] ?? "" : first,
  );
  if (asset && rest.length <= 1 && (rest.length === 0) === (first === asset)) {
    return [open(next, { screen: "asset", subject: asset }), []];
  }
  const argv = [first, ...rest];
  if (ALONE.has(first)) {
    return [notify(next, `${first} wants a terminal of its own`, "warn"), []];
  }
  if (first === "logs" && rest.some((each) => each === "-f" || each === "--follow")) {
    return [notify(next, "o on an asset or a run follows its log", "warn"), []];
  }
  if (model.readOnly && CHANGING.has(first)) {
    return [notify(next, `dash only looks; to do it, type: ${commandLine(argv)}`, "warn"), []];
  }
  return perform(next, argv, !QUIET.has(first));
}

/** What makes no sense inside of a dashboard. */
const ALONE: ReadonlySet<string> = new Set(["up", "dash", "init", "down"]);
/** Commands that change something. */
const CHANGING: ReadonlySet<string> = new Set([
  "run",
  "backfill",
  "retry",
  "cancel",
  "rollback",
  "unpin",
  "mark",
  "wipe",
  "clean",
  "promote",
  "env",
  "schedules",
  "sensors",
  "export",
  "report",
  "notify",
  "types",
  "doctor",
]);
/** What is watched on the screens themselves: what it prints is not opened. */
const QUIET: ReadonlySet<string> = new Set(["run", "backfill", "retry", "cancel"]);
