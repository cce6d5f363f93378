/** What stands in the lists of the automation screen: schedules, sensors, and the keys of one of these. */
import { foldName } from "../core/key.ts";
import type { ShownKey, ShownSchedule, ShownSensor } from "../views/automation.ts";
import type { Model } from "./model.ts";
import { filterWord } from "./selecting.ts";
import type { AutomationState } from "./states.ts";

export const KEYS = "automation:keys";

export type Item =
  | { readonly kind: "schedule"; readonly name: string; readonly of: ShownSchedule }
  | { readonly kind: "sensor"; readonly name: string; readonly of: ShownSensor }
  | { readonly kind: "key"; readonly name: string; readonly of: ShownKey };

export function itemsOf(model: Model, state: AutomationState): readonly Item[] {
  const { data } = model;
  if (data === null) return [];
  const word = filterWord(model.filter);
  const fits = (...texts: readonly string[]) =>
    word === null || texts.some((text) => foldName(text).includes(word));
  switch (state.section) {
    case "schedules":
      return data.schedules.filter((of) => fits(of.name, of.select))
        .map((of) => ({ kind: "schedule", name: of.name, of }));
    case "sensors":
      return data.sensors.filter((of) => fits(of.name, of.select))
        .map((of) => ({ kind: "sensor", name: of.name, of }));
    case "keys": {
      const known = model.known.get(KEYS);
      // The keys of another sensor are not shown as this one's.
      if (known?.answer?.kind !== "keys" || known.version.split(" ")[0] !== state.sensor) return [];
      return known.answer.keys.filter((of) => fits(of.key, of.asset ?? ""))
        .map((of) => ({ kind: "key", name: of.key, of }));
    }
  }
}

/** Whose keys are shown: the one that was chosen, as long as there is it; else the first. */
export function sensorIn({ data }: Model, { sensor }: AutomationState): string {
  const all = data?.sensors ?? [];
  return all.some((each) => each.name === sensor) ? sensor : all[0]?.name ?? "";
}

export function nothing(model: Model, state: AutomationState): string {
  const { data, filter } = model;
  if (filterWord(filter) !== null) return `none has ${filter} in it: esc shows all`;
  switch (state.section) {
    case "schedules":
      return 'no schedules: an asset gets one with schedule: "0 6 * * *" in its header';
    case "sensors":
      return 'no sensors: sensor({ watch: "requests/*.json", select: "my_asset" }) makes one';
    case "keys":
      return data?.sensors.length === 0
        ? "no sensors, and so no keys"
        : model.known.get(KEYS)?.version.split(" ")[0] === state.sensor
        ? "it has asked for nothing yet"
        : "reading its keys";
  }
}
