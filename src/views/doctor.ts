/** `doctor`: a line for each thing that was looked at, and below what is not well what to do. */
import type { JsonObject } from "../core/json.ts";
import { counted } from "../term/number.ts";
import { sanitize } from "../term/sanitize.ts";
import { paint, type Role, type Style } from "../term/style.ts";
import { wrap } from "../term/width.ts";

export interface ShownFinding {
  readonly id: string;
  readonly area: string;
  readonly state: "ok" | "warn" | "bad";
  readonly text: string;
  readonly next: string | null;
}

const LOOKS: Readonly<
  Record<
    ShownFinding["state"],
    { readonly mark: string; readonly ascii: string; readonly role: Role }
  >
> = {
  ok: { mark: "✓", ascii: "ok ", role: "good" },
  warn: { mark: "!", ascii: "!! ", role: "warn" },
  bad: { mark: "✗", ascii: "XX ", role: "bad" },
};

/** Lines of at most `columns` cells; only what is not well where `quiet`. */
export function doctorLines(
  findings: readonly ShownFinding[],
  quiet: boolean,
  style: Style,
  columns: number,
): string[] {
  const lines: string[] = [];
  let area = "";
  for (const finding of findings) {
    const { state, text, next } = finding;
    if (quiet && state === "ok") continue;
    if (finding.area !== area && !quiet) {
      if (area !== "") lines.push("");
      lines.push(paint(style, "heading", finding.area));
    }
    area = finding.area;
    const { mark, ascii, role } = LOOKS[state];
    const sign = style.unicode ? `${mark} ` : ascii;
    const room = Math.max(20, columns - sign.length);
    wrap(sanitize(text, style), room).forEach((line, at) =>
      lines.push(at === 0 ? paint(style, role, sign) + line : " ".repeat(sign.length) + line)
    );
    if (next === null) continue;
    const word = "next: ";
    wrap(sanitize(next, style), Math.max(20, room - word.length)).forEach((line, at) =>
      lines.push(
        " ".repeat(sign.length) +
          (at === 0 ? paint(style, "accent", word) : " ".repeat(word.length)) +
          line,
      )
    );
  }
  if (!quiet) lines.push("", sumLine(findings, style));
  return lines;
}

function sumLine(findings: readonly ShownFinding[], style: Style): string {
  const count = (state: ShownFinding["state"]) =>
    findings.filter((each) => each.state === state).length;
  const [bad, warn] = [count("bad"), count("warn")];
  if (bad + warn === 0) return paint(style, "good", "all is well");
  const parts = [
    ...(bad > 0 ? [paint(style, "bad", `${bad} bad`)] : []),
    ...(warn > 0 ? [paint(style, "warn", counted(warn, "warning"))] : []),
  ];
  return parts.join(", ");
}

/** `doctor --json`. */
export function doctorDocument(findings: readonly ShownFinding[]): JsonObject {
  return {
    nycflow: 1,
    ok: findings.every((each) => each.state !== "bad"),
    findings: findings.map(({ id, area, state, text, next }) => ({ id, area, state, text, next })),
  };
}
