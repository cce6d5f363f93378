/** `logs`: one line a line, with its time and, where there are several, the step that wrote it. */
import type { JsonObject } from "../core/json.ts";
import { type PartitionKey, partitionOrNull } from "../core/key.ts";
import { SERIES_COLORS, seriesColor } from "../term/palette.ts";
import { inkCodes } from "../term/color.ts";
import { sanitize } from "../term/sanitize.ts";
import { paint, type Role, type Style, wrapCodes } from "../term/style.ts";
import { expandTabs, pad, truncate, width } from "../term/width.ts";
import { type Around, timesIn } from "./times.ts";

/** What a line is drawn from. */
export interface ShownEntry {
  readonly source: {
    readonly run: string;
    readonly asset: string;
    readonly partition: PartitionKey;
    readonly attempt: number;
    readonly step: string;
  };
  readonly at: number;
  readonly level: "stdout" | "stderr" | "debug" | "info" | "warn" | "error" | "failed";
  readonly text: string;
}

const ROLES: Readonly<Record<ShownEntry["level"], Role | null>> = {
  stdout: null,
  stderr: null,
  debug: "dim",
  info: null,
  warn: "warn",
  error: "bad",
  failed: "bad",
};

/** Longer names are cut. */
const WIDEST = 32;

/** Draws entries; keeps what it has shown in mind, so that steps keep their colours and the column its width. */
export function logPainter(
  around: Around,
  style: Style,
): (entries: readonly ShownEntry[]) => string[] {
  const times = timesIn(around.timezone);
  const colors = new Map<string, string>();
  let names = 0;
  return (entries) => {
    for (const { source } of entries) {
      const name = nameOf(source.step, style);
      names = Math.max(names, width(name));
      if (!colors.has(source.step)) {
        const fg = seriesColor(style, colors.size % SERIES_COLORS);
        colors.set(source.step, inkCodes(style.color, { fg }));
      }
    }
    const bar = paint(style, "dim", style.unicode ? "│" : "|");
    return entries.map(({ source, at, level, text }) => {
      const name = wrapCodes(colors.get(source.step) ?? "", pad(nameOf(source.step, style), names));
      const role = ROLES[level];
      const shown = text.split("\t").map((part) => sanitize(part, style)).join("\t");
      const word = level === "warn" || level === "error" || level === "failed" ? `${level}: ` : "";
      const line = expandTabs(`${word}${shown}`);
      const wall = paint(style, "dim", times.wall(at, around.now));
      const told = role === null ? line : paint(style, role, line);
      return `${wall} ${name} ${bar} ${told}`.trimEnd();
    });
  };
}

function nameOf(step: string, style: Style): string {
  return truncate(sanitize(step, style), WIDEST, style, "middle");
}

/** One line of `logs --json`. */
export function logDocument({ source, at, level, text }: ShownEntry, timezone: string): JsonObject {
  return {
    at: timesIn(timezone).iso(at),
    run: source.run,
    asset: source.asset,
    partition: partitionOrNull(source.partition),
    attempt: source.attempt,
    level,
    text,
  };
}
