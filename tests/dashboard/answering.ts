/** Answers to what a screen has asked for. */
import type { Answer } from "../../src/dashboard/board.ts";
import type { Model } from "../../src/dashboard/model.ts";
import { update } from "../../src/dashboard/update.ts";

/** The model after the pending question of a place was answered; fails where nothing is asked there. */
export function answered(model: Model, name: string, answer: Answer | readonly string[]): Model {
  const pending = model.known.get(name)?.pending ?? null;
  if (pending === null) throw new Error(`nothing is asked for ${name}`);
  const at = pending.lastIndexOf(" ");
  return update(model, {
    kind: "answered",
    name,
    version: pending.slice(0, at),
    columns: Number(pending.slice(at + 1)),
    answer: "kind" in answer ? answer : { kind: "lines", lines: answer },
  })[0];
}

/** What is being asked, by place. */
export function asked(model: Model): readonly string[] {
  return [...model.known].flatMap(([name, { pending }]) => pending === null ? [] : [name]);
}

/** So many lines, each with its number. */
export function numbered(count: number, wide = 10): readonly string[] {
  return Array.from({ length: count }, (_, at) => `line ${at + 1} `.padEnd(wide, "="));
}
