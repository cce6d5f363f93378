/** Changes of the model that keys, overlays and messages share. */
import { commandLine } from "./acting.ts";
import { type Model, type Notice, type Place, type Turn } from "./model.ts";
import { filtered } from "./selecting.ts";
import { FIRST_STATES, type ScreenStates, TABS } from "./states.ts";

const NOTICE_MS = 8_000;

/** A notice for a while, or for good where it is bad news. */
export function notify(model: Model, text: string, role: Notice["role"]): Model {
  const until = role === "bad" ? null : model.now + NOTICE_MS;
  return { ...model, notice: { text, role, until } };
}

/** Goes to a place: a tab begins a way of its own, all else is a step further. */
export function open(model: Model, place: Place, states: Partial<ScreenStates> = {}): Model {
  const fresh = TABS.includes(place.screen) ? {} : { [place.screen]: FIRST_STATES[place.screen] };
  return {
    ...model,
    states: { ...model.states, ...fresh, ...states },
    places: place.subject === "" && TABS.includes(place.screen) ? [place] : [
      ...model.places.filter((each) =>
        each.screen !== place.screen || each.subject !== place.subject
      ),
      place,
    ],
  };
}

/** Begins a command of nycflow, and says which. */
export function perform(model: Model, argv: readonly string[], show: boolean): Turn {
  const line = commandLine(argv);
  if (model.commands.includes(line) && !show) {
    return [notify(model, `${line} is at work already`, "warn"), []];
  }
  const next = notify({ ...model, commands: [...model.commands, line] }, `› ${line}`, "dim");
  return [next, [{ kind: "command", argv, show }]];
}

/** Shows only what a filter picks. */
export function withFilter(model: Model, filter: string): Model {
  if (model.data === null) return { ...model, filter };
  return { ...model, filter, shown: filtered(model.data, filter) };
}
