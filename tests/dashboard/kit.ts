/** The dashboard without a terminal: data made from definitions and a state, keys by name, frames as text. */
import type { AssetDefinition } from "../../src/core/definition.ts";
import { emptyState } from "../../src/core/fold.ts";
import type { State } from "../../src/core/heads.ts";
import { assetStatus } from "../../src/core/status.ts";
import { keyMap } from "../../src/dashboard/bindings.ts";
import type { BoardData, Effect } from "../../src/dashboard/board.ts";
import { firstModel } from "../../src/dashboard/first.ts";
import type { Memory, Model } from "../../src/dashboard/model.ts";
import { update } from "../../src/dashboard/update.ts";
import { view } from "../../src/dashboard/view.ts";
import { decodeKeys, endKeys, type Key } from "../../src/term/keys.ts";
import { plainStyle, type Style } from "../../src/term/style.ts";
import { stripStyle, width } from "../../src/term/width.ts";
import { around, layout, NOW } from "../kit/definitions.ts";

export interface BoardOptions extends Partial<Omit<BoardData, "graph" | "statuses">> {
  readonly state?: State;
  readonly now?: number;
}

/** What the dashboard would be given of these assets in this state. */
export function board(assets: readonly AssetDefinition[], options: BoardOptions = {}): BoardData {
  const { state = emptyState(), now = NOW, ...rest } = options;
  const laid = layout(assets, state, now);
  const circumstances = around({ now });
  const statuses = new Map(laid.graph.keys.map((key) => [
    key,
    assetStatus(laid, state, key, circumstances, new Set()),
  ]));
  return {
    at: now,
    last: state.last,
    name: "test",
    timezone: "UTC",
    environment: null,
    fingerprint: "",
    graph: laid.graph,
    statuses,
    claims: [...state.claims.values()],
    progress: new Map(),
    waits: [],
    trends: new Map(),
    runs: [...state.runs.values()],
    moreRuns: false,
    schedules: [],
    sensors: [],
    due: new Map(),
    nextTick: null,
    disk: { bytes: 1_200_000, budget: null },
    failingSinks: new Map(),
    problems: [],
    warnings: [],
    settings: { keys: {}, clock: false, mouse: true },
    ...rest,
  };
}

export interface ModelOptions {
  readonly columns?: number;
  readonly rows?: number;
  readonly style?: Style;
  readonly readOnly?: boolean;
  readonly memory?: Memory;
  readonly role?: Model["role"];
  readonly filter?: string;
}

/** A model that has been given its first data. */
export function modelOf(data: BoardData, options: ModelOptions = {}): Model {
  const first = firstModel({
    columns: options.columns ?? 80,
    rows: options.rows ?? 24,
    style: options.style ?? plainStyle,
    now: data.at,
    role: options.role ?? { kind: "keeps", by: "" },
    readOnly: options.readOnly ?? false,
    keys: keyMap(),
    clock: false,
    mouse: true,
    filter: options.filter ?? "",
    memory: options.memory ?? null,
  });
  return update(first, { kind: "data", data })[0];
}

/** Named keys (`enter`, `ctrl+r`, `shift+tab`, `G`), or text that is typed, one after the other. */
export function press(
  model: Model,
  ...names: readonly string[]
): { readonly model: Model; readonly effects: readonly Effect[] } {
  let now = model;
  const effects: Effect[] = [];
  for (const name of names) {
    const [next, more] = update(now, { kind: "key", key: keyOf(name) });
    now = next;
    effects.push(...more);
  }
  return { model: now, effects };
}

/** Each letter of a text as a key. */
export function type(model: Model, text: string) {
  return press(model, ...[...text].map((letter) => letter === " " ? "space" : letter));
}

/** A key by the name that the table of bindings has for it. */
export function keyOf(name: string): Key {
  const parts = name.split("+");
  const last = name.endsWith("+") ? "+" : parts.at(-1) ?? "";
  const has = (word: string) => last !== name && parts.includes(word);
  const text = last === "space" ? " " : [...last].length === 1 ? last : "";
  const types = !has("ctrl") && !has("alt");
  return {
    name: last,
    ctrl: has("ctrl"),
    alt: has("alt"),
    shift: has("shift") || (text !== "" && text !== text.toLowerCase()),
    text: types ? text : "",
  };
}

/** The keys that a terminal's bytes are, a lone ESC included. */
export function keysOf(bytes: string): readonly Key[] {
  const { keys, rest } = decodeKeys(bytes);
  return [...keys, ...endKeys(rest).keys];
}

/** The frame without colours; fails where a line is not exactly as wide as the terminal. */
export function screenOf(model: Model): readonly string[] {
  const { lines } = view(model);
  if (lines.length !== model.rows) {
    throw new Error(`${lines.length} lines on ${model.rows} rows`);
  }
  for (const line of lines) {
    if (width(line) !== model.columns) {
      throw new Error(
        `${width(line)} instead of ${model.columns} columns: ${JSON.stringify(line)}`,
      );
    }
  }
  return lines.map((line) => stripStyle(line).trimEnd());
}

/** The same as one text. */
export function textOf(model: Model): string {
  return screenOf(model).join("\n");
}
