// Decides what output may look like (colours, characters, animation) and what each meaning is
// painted with. It does not read the environment: that is passed in. Charts take their colours
// from palette.ts.

import type { ColorLevel } from "./color.ts";

/** What the output can show. Plain data, so that it can be sent, compared and fixed in a test. */
export interface Style {
  readonly color: ColorLevel;
  /** False: only characters of ASCII are written, data included. */
  readonly unicode: boolean;
  /** What the text stands on, as far as is known; charts let small values recede to it. */
  readonly background: "dark" | "light";
  /** Whether lines may be drawn over: a terminal that is neither dumb nor a CI's. */
  readonly animate: boolean;
}

/** What `styleFrom` decides by. */
export interface StyleInputs {
  readonly isTTY: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `process.platform`; only "win32" matters. */
  readonly platform?: string | undefined;
  /** A `--color` option; it has the last word. */
  readonly color?: "auto" | "always" | "never" | undefined;
}

/** No colour, Unicode: what a file or a pipe gets. */
export const plainStyle: Style = {
  color: "none",
  unicode: true,
  background: "dark",
  animate: false,
};

/** No colour, ASCII only. */
export const asciiStyle: Style = { ...plainStyle, unicode: false };

/**
 * The style for an output. FORCE_COLOR beats NO_COLOR, as in Node; an empty NO_COLOR does not
 * count. A locale that is named and is not UTF-8 means ASCII; none named at all means Unicode,
 * since that is what containers and CI start with, and their logs show it.
 */
export function styleFrom(inputs: StyleInputs): Style {
  const { env, isTTY } = inputs;
  const dumb = env["TERM"] === "dumb";
  return {
    color: colorFrom(inputs),
    unicode: unicodeFrom(inputs),
    background: backgroundFrom(env["COLORFGBG"]),
    animate: isTTY && !dumb && !isSet(env["CI"]),
  };
}

/** The width to draw at: the terminal's, else COLUMNS, else 80; never less than 20. */
export function columnsFrom(
  inputs: {
    readonly columns?: number | undefined;
    readonly env: Readonly<Record<string, string | undefined>>;
  },
): number {
  const named = Number.parseInt(inputs.env["COLUMNS"] ?? "", 10);
  const columns = inputs.columns || (Number.isFinite(named) && named > 0 ? named : 80);
  return Math.max(20, Math.floor(columns));
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== "" && value !== "0" && value !== "false";
}

function colorFrom({ env, isTTY, platform, color }: StyleInputs): ColorLevel {
  if (color === "never") return "none";
  const known = levelOfTerminal(env, platform);
  const atLeast16 = known === "none" ? "16" : known;
  if (color === "always") return atLeast16;
  const force = env["FORCE_COLOR"];
  if (force !== undefined) {
    if (force === "0" || force === "false") return "none";
    if (force === "1") return "16";
    if (force === "2") return "256";
    if (force === "3") return "16m";
    return atLeast16;
  }
  if ((env["NO_COLOR"] ?? "") !== "" || !isTTY) return "none";
  return known;
}

function levelOfTerminal(
  env: Readonly<Record<string, string | undefined>>,
  platform: string | undefined,
): ColorLevel {
  const term = env["TERM"] ?? "";
  if (term === "dumb") return "none";
  if (/^(truecolor|24bit)$/i.test(env["COLORTERM"] ?? "")) return "16m";
  if (/-direct$|kitty|ghostty|alacritty|wezterm|^foot/.test(term)) return "16m";
  if (env["WT_SESSION"] !== undefined || env["TERM_PROGRAM"] === "iTerm.app") return "16m";
  if (/256/.test(term)) return "256";
  if (term !== "") return "16";
  return platform === "win32" ? "16m" : "none";
}

function unicodeFrom({ env, platform }: StyleInputs): boolean {
  // The Linux console has no braille and few blocks in its font.
  if (env["TERM"] === "linux") return false;
  const locale = env["LC_ALL"] || env["LC_CTYPE"] || env["LANG"] || "";
  return locale === "" || platform === "win32" || /utf-?8/i.test(locale);
}

function backgroundFrom(colorfgbg: string | undefined): "dark" | "light" {
  const last = colorfgbg?.split(";").at(-1);
  return last === "7" || last === "15" ? "light" : "dark";
}

/** What a piece of text means. */
export type Role =
  | "heading"
  | "key"
  | "dim"
  | "good"
  | "warn"
  | "bad"
  | "accent"
  | "number"
  | "null";

/** The theme's own colours, so that words stay legible on whatever the user has chosen. */
const ROLES: Readonly<Record<Role, string>> = {
  heading: "1",
  key: "36",
  dim: "2",
  good: "32",
  warn: "33",
  bad: "31",
  accent: "34",
  number: "",
  null: "2;3",
};

/** The SGR parameters of a role under a style, "" where nothing is to be written. */
export function roleCodes(style: Style, role: Role): string {
  if (style.color === "none") return "";
  // Plain blue is too dark to read on black in many themes.
  if (role === "accent" && style.background === "dark") return "94";
  return ROLES[role];
}

/** Text painted for what it means; the text itself where there is no colour. May be nested. */
export function paint(style: Style, role: Role, text: string): string {
  return wrapCodes(roleCodes(style, role), text);
}

/** Text between the start and end of the given SGR parameters; what it holds already stays. */
export function wrapCodes(codes: string, text: string): string {
  if (codes === "" || text === "") return text;
  const open = `\x1b[${codes}m`;
  // An inner end would end the outer too: open again after it.
  const inner = text.includes("\x1b[0m") ? text.replaceAll("\x1b[0m", `\x1b[0m${open}`) : text;
  return `${open}${inner}\x1b[0m`;
}
