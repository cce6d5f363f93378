/** How what lies over the screen is drawn, and the line that is typed in. */
import { box } from "../term/box.ts";
import { sanitize } from "../term/sanitize.ts";
import { paint, type Style } from "../term/style.ts";
import { slice, stripStyle, truncate, width, wrap } from "../term/width.ts";
import { commandLine } from "./acting.ts";
import { helpLines } from "./help.ts";
import { beforeCursor } from "./line.ts";
import { linesAbove, linesBelow, type Model, type Overlay, placeOf } from "./model.ts";
import { overlayRows } from "./overlay.ts";
import { SCREENS } from "./screens.ts";

/** The screen with the overlay on it. */
export function overlaid(
  model: Model,
  overlay: Overlay,
  under: readonly string[],
): readonly string[] {
  switch (overlay.kind) {
    case "filter":
      return under;
    case "command":
      return withCandidates(model, overlay.candidates, under);
    case "help":
      return reading(
        model,
        under,
        `keys: ${SCREENS[placeOf(model).screen].title}`,
        helpLines(model),
        overlay.top,
      );
    case "output":
      return reading(
        model,
        under,
        sanitize(overlay.title, model.style),
        overlay.lines,
        overlay.top,
      );
    case "confirm":
      return centred(model, under, "sure?", [
        paint(model.style, "heading", sanitize(commandLine(overlay.argv), model.style)),
        ...wrap(sanitize(overlay.why, model.style), innerWidth(model)),
        "",
        choices(model.style, [["y", "do it"], ["n", "leave it"]]),
      ]);
    case "leave":
      return centred(model, under, "leave?", [
        atWork(model, overlay.runs),
        "",
        choices(model.style, [["w", "wait for it, then leave"]]),
        choices(model.style, [["k", "end it; what is published stays"]]),
        ...(model.readOnly
          ? []
          : [choices(model.style, [["b", "wait, then go on in background"]])]),
        choices(model.style, [["esc", "stay"]]),
      ]);
  }
}

/** Who only looks has begun no runs. */
function atWork({ readOnly }: Model, count: number): string {
  const what = readOnly ? "command" : "run";
  return count === 1 ? `A ${what} is at work.` : `${count} ${what}s are at work.`;
}

function choices(style: Style, all: readonly (readonly [string, string])[]): string {
  return all.map(([key, text]) => `${paint(style, "key", key)} ${text}`).join("   ");
}

function innerWidth({ columns }: Model): number {
  return Math.max(10, Math.min(76, columns - 4) - 4);
}

function reading(
  model: Model,
  under: readonly string[],
  title: string,
  lines: readonly string[],
  top: number,
): readonly string[] {
  const rows = overlayRows(model);
  const from = Math.max(0, Math.min(top, lines.length - rows));
  const shown = lines.slice(from, from + rows);
  const more = lines.length > rows
    ? ` (${from + 1}-${from + shown.length} of ${lines.length})`
    : "";
  const framed = box(
    [...shown, ...Array.from({ length: Math.max(0, rows - shown.length) }, () => "")],
    { width: model.columns, style: model.style, title: title + more },
  );
  const above = linesAbove(model);
  return under.map((line, row) => framed[row - above] ?? line);
}

function centred(
  model: Model,
  under: readonly string[],
  title: string,
  lines: readonly string[],
): readonly string[] {
  const size = Math.min(model.columns, Math.max(30, ...lines.map((line) => width(line) + 4)));
  const framed = box(lines, { width: size, style: model.style, title });
  const top = Math.max(0, Math.floor((model.rows - framed.length) / 2));
  const left = Math.max(0, Math.floor((model.columns - size) / 2));
  return under.map((line, row) => {
    const over = framed[row - top];
    if (over === undefined) return line;
    // What is beside it loses its colours: a frame on a picture is read, the picture is not.
    const plain = stripStyle(line);
    const before = slice(plain, 0, left);
    const rest = slice(plain, left + size, model.columns - left - size);
    return paint(model.style, "dim", before) + over + paint(model.style, "dim", rest);
  });
}

const MOST_CANDIDATES = 8;

function withCandidates(
  model: Model,
  candidates: readonly string[],
  under: readonly string[],
): readonly string[] {
  if (candidates.length === 0) return under;
  const { style } = model;
  const shown = candidates.slice(0, MOST_CANDIDATES).map((each) => sanitize(each, style));
  if (candidates.length > MOST_CANDIDATES) {
    shown.push(`${style.unicode ? "…" : "..."} ${candidates.length - MOST_CANDIDATES} more`);
  }
  const size = Math.min(model.columns, Math.max(12, ...shown.map((line) => width(line) + 4)));
  const framed = box(shown, { width: size, style, title: "tab" });
  const top = model.rows - linesBelow(model) - framed.length;
  return under.map((line, row) => {
    const over = framed[row - top];
    return over === undefined || row < top ? line : over +
      paint(style, "dim", slice(stripStyle(line), size, model.columns - size));
  });
}

/** The line that is typed in, in the place of notices; null where none is. */
export function typedLine(model: Model): string | null {
  const { overlay, style } = model;
  if (overlay?.kind === "filter") {
    const said = model.shown.problem;
    const text = said === null
      ? paint(style, "dim", `${model.shown.keys.length} shown`)
      : paint(style, "warn", sanitize(said, style));
    return truncate(`/${sanitize(overlay.line.text, style)}   ${text}`, model.columns, style);
  }
  if (overlay?.kind === "command") {
    return truncate(`:${sanitize(overlay.line.text, style)}`, model.columns, style);
  }
  return null;
}

/** Where the cursor stands in it. */
export function overlayCursor(model: Model): { readonly x: number; readonly y: number } | null {
  const { overlay } = model;
  if (overlay?.kind !== "filter" && overlay?.kind !== "command") return null;
  const x = 1 + width(sanitize(beforeCursor(overlay.line), model.style));
  return { x: Math.min(x, model.columns - 1), y: model.rows - linesBelow(model) };
}
