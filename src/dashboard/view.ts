/**
 * The whole screen as lines, each exactly as wide as the terminal: tabs, how things stand, the screen itself, what was
 * said last, and which keys do what. Pure; what is written of it is `terminal.ts`'s affair.
 */
import { duration, relativeTime } from "../term/duration.ts";
import { bytes, grouped } from "../term/number.ts";
import { spinner } from "../term/progress.ts";
import { sanitize } from "../term/sanitize.ts";
import { paint } from "../term/style.ts";
import { fit, truncate, width } from "../term/width.ts";
import { lookOf, roleOf } from "../views/words.ts";
import { bindingsOn } from "./bindings.ts";
import { linesAbove, linesBelow, type Model, placeOf, roomOf } from "./model.ts";
import { overlaid, overlayCursor, typedLine } from "./overlay_view.ts";
import type { Screen } from "./screen.ts";
import { SCREENS } from "./screens.ts";
import { tabLine } from "./tabs.ts";

export interface Frame {
  /** As many as the terminal has rows. */
  readonly lines: readonly string[];
  /** Where the cursor is shown; nowhere for null. */
  readonly cursor: { readonly x: number; readonly y: number } | null;
}

/** The frame of a model. */
export function view(model: Model): Frame {
  const { columns, rows, style } = model;
  const { screen } = placeOf(model);
  const room = roomOf(model);
  const at = SCREENS[screen] as Screen<unknown>;
  const state = model.states[screen];
  const body = model.data === null
    ? [firstLine(model)]
    : at.view(model, state, room).slice(0, room.rows);
  const above = [tabLine(model), ...(linesAbove(model) > 1 ? [standing(model)] : [])];
  const below = linesBelow(model) > 1 ? [noticeLine(model), hintLine(model)] : [noticeLine(model)];
  const whole = [
    ...above,
    ...body,
    ...Array.from({ length: room.rows - body.length }, () => ""),
    ...below,
  ].slice(0, rows).map((line) => fit(line, columns, style));
  const lines = model.overlay === null ? whole : overlaid(model, model.overlay, whole);
  const typed = overlayCursor(model);
  if (model.overlay !== null) return { lines, cursor: typed };
  const own = model.data === null ? null : at.cursor?.(model, state, room) ?? null;
  return { lines, cursor: own === null ? null : { x: own.x, y: own.y + above.length } };
}

function firstLine(model: Model): string {
  return ` ${paint(model.style, "accent", spinner(model.style, model.frame))} looking ${
    model.style.unicode ? "…" : "..."
  }`;
}

const STATES = ["running", "failed", "stale", "missing", "fresh"] as const;

/** How everything stands, what is due next, how much disk there is: as much of it as fits. */
function standing(model: Model): string {
  const { data, style, now } = model;
  if (data === null) return "";
  const parts: string[] = [];
  for (const state of STATES) {
    let count = 0;
    for (const status of data.statuses.values()) if (status.state === state) count++;
    if (count === 0) continue;
    parts.push(paint(style, roleOf(state), `${lookOf(state, style)} ${grouped(count)} ${state}`));
  }
  const late = [...data.statuses.values()].filter((each) => each.freshness === "late").length;
  if (late > 0) parts.push(paint(style, "warn", `${grouped(late)} late`));
  if (parts.length === 0) parts.push(paint(style, "dim", "no assets"));
  const extra = [
    ...(data.nextTick === null
      ? []
      : [`due: ${sanitize(data.nextTick.name, style)} ${relativeTime(data.nextTick.at, now)}`]),
    diskText(model),
    ...[...data.failingSinks.keys()].map((sink) => `${sanitize(sink, style)} does not answer`),
  ];
  let line = ` ${parts.join("  ")}`;
  for (const text of extra) {
    const next = `${line}   ${paint(style, "dim", text)}`;
    if (width(next) > model.columns) break;
    line = next;
  }
  return truncate(line, model.columns, style);
}

function diskText({ data }: Model): string {
  const { bytes: size, budget } = data?.disk ?? { bytes: 0, budget: null };
  return `disk ${bytes(size)}${budget === null ? "" : ` of ${bytes(budget)}`}`;
}

/** The last line but one: what is typed, what was said, what runs, what the filter is. */
function noticeLine(model: Model): string {
  const { style, notice } = model;
  const typed = typedLine(model);
  if (typed !== null) return typed;
  if (model.leaving) {
    return ` ${
      paint(
        style,
        "warn",
        `${spinner(style, model.frame)} leaving: what runs is waited for; ctrl+c ends it at once`,
      )
    }`;
  }
  const shown = ` ${grouped(model.shown.keys.length)} shown`;
  const filter = model.filter === ""
    ? ""
    : `${paint(style, "accent", `/${sanitize(model.filter, style)}`)}${
      paint(style, "dim", `${countsAssets(model) ? shown : ""}, esc shows all`)
    }`;
  if (notice !== null) {
    const text = paint(style, notice.role, sanitize(notice.text, style));
    return truncate(` ${filter === "" ? "" : `${filter}   `}${text}`, model.columns, style);
  }
  if (filter !== "") return ` ${filter}`;
  const [command] = model.commands;
  if (command !== undefined) {
    const more = model.commands.length > 1 ? ` and ${model.commands.length - 1} more` : "";
    const sign = paint(style, "accent", spinner(style, model.frame));
    return ` ${sign} ${paint(style, "dim", sanitize(command, style) + more)}`;
  }
  return ` ${paint(style, "dim", roleText(model))}`;
}

/** Other lists are searched for the filter's word, and say themselves how many have it. */
function countsAssets(model: Model): boolean {
  const { screen } = placeOf(model);
  return screen !== "runs" && screen !== "automation";
}

function roleText({ role, data, now }: Model): string {
  const since = data?.runs[0];
  const last = since === undefined || since.endedAt === null
    ? ""
    : `; last run ${since.state} ${relativeTime(since.endedAt, now)}${
      since.startedAt === null ? "" : ` in ${duration(since.endedAt - since.startedAt)}`
    }`;
  switch (role.kind) {
    case "keeps":
      return `keeping it up to date${last}`;
    case "waits":
      return `${role.by} keeps it up to date; this one looks on${last}`;
    case "looks":
      return role.by === ""
        ? `only looking${last}`
        : `only looking; ${role.by} keeps it up to date${last}`;
  }
}

/** The keys that matter here, as many as fit. */
function hintLine(model: Model): string {
  const { style } = model;
  const { screen } = placeOf(model);
  let line = "";
  const at = SCREENS[screen] as Screen<unknown>;
  const typing = at.typing?.(model.states[screen]) ?? false;
  for (const { keys, hint, acts, on } of bindingsOn(model.keys, screen)) {
    if (hint === undefined || (acts && model.readOnly)) continue;
    if (typing ? on === undefined || hint === "section" : hint === "result") continue;
    if (hint === "back" && model.places.length < 2 && model.filter === "") continue;
    const key = keys[0] ?? "";
    const part = ` ${paint(style, "key", key === "escape" ? "esc" : key)} ${
      paint(style, "dim", hint)
    } `;
    if (width(line) + width(part) > model.columns) continue;
    line += part;
  }
  return line;
}
