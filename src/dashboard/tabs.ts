/** The line of tabs: what stands where in it. */
import { fit, truncate, width } from "../term/width.ts";
import { paint, wrapCodes } from "../term/style.ts";
import { sanitize } from "../term/sanitize.ts";
import { timesIn } from "../views/times.ts";
import type { Model } from "./model.ts";
import { SCREENS } from "./screens.ts";
import { type ScreenName, TABS } from "./states.ts";

interface Tab {
  readonly screen: ScreenName;
  readonly text: string;
  readonly at: number;
}

/** The tabs as they are written at this width: with their names, or with numbers alone. */
function tabsOf(model: Model): readonly Tab[] {
  const named = TABS.map((screen, index) => `${index + 1} ${SCREENS[screen].title}`);
  const short = TABS.map((_, index) => `${index + 1}`);
  const room = model.columns - width(headOf(model)) - 2;
  const long = named.reduce((sum, text) => sum + text.length + 2, 0) <= room;
  const open = model.places[0]?.screen;
  let at = width(headOf(model)) + 1;
  return TABS.map((screen, index) => {
    const text = ` ${(long || screen === open ? named : short)[index] ?? ""} `;
    const tab = { screen, text, at };
    at += text.length;
    return tab;
  });
}

function headOf(model: Model): string {
  if (model.columns < 60) return "";
  const name = model.data?.name ?? "nycflow";
  const env = model.data?.environment;
  return truncate(` ${sanitize(name, model.style)}${env ? ` (${env})` : ""} `, 20, model.style);
}

/** The tab under a column; null for none. */
export function tabAt(model: Model, column: number): ScreenName | null {
  const found = tabsOf(model).find((tab) => column >= tab.at && column < tab.at + tab.text.length);
  return found?.screen ?? null;
}

/** The first line: the project, the tabs, and the time of day where it is wanted. */
export function tabLine(model: Model): string {
  const { style } = model;
  const open = model.places[0]?.screen;
  const problems = model.data?.problems.length ?? 0;
  const head = headOf(model);
  const tabs = tabsOf(model).map(({ screen, text }) => {
    if (screen === open) {
      return style.color === "none" ? `[${text.trim()}]` : wrapCodes("7;1", text);
    }
    if (screen === "problems" && problems > 0) return paint(style, "bad", text);
    return paint(style, "dim", text);
  });
  const left = `${head === "" ? "" : paint(style, "heading", head)} ${tabs.join("")}`;
  if (!model.clock || model.data === null) return fit(left, model.columns, style);
  const clock = `${timesIn(model.data.timezone).iso(model.now).slice(11, 19)} `;
  // What one presses is read before what a wall tells.
  if (width(left) + clock.length > model.columns) return fit(left, model.columns, style);
  return `${fit(left, model.columns - clock.length, style)}${paint(style, "dim", clock)}`;
}
