/** The line of a screen's sections: how it reads, and which of them is pressed. */
import { grouped } from "../term/number.ts";
import { paint, wrapCodes } from "../term/style.ts";
import { truncate, width } from "../term/width.ts";
import type { Model } from "./model.ts";

export interface Section {
  readonly name: string;
  readonly count?: number;
  /** What is in it went wrong. */
  readonly bad?: boolean;
}

function textOf({ name, count }: Section): string {
  return count === undefined ? name : `${name} ${grouped(count)}`;
}

/** ` [steps 26]  errors 1   log    following`. */
export function sectionsLine(
  { style }: Model,
  sections: readonly Section[],
  open: string,
  columns: number,
  note: string = "",
): string {
  const parts = sections.map((section) => {
    const text = textOf(section);
    if (section.name !== open) return ` ${paint(style, section.bad ? "bad" : "dim", text)} `;
    return style.color === "none" ? `[${text}]` : wrapCodes("7", ` ${text} `);
  });
  const line = ` ${parts.join(" ")}${note === "" ? "" : `   ${paint(style, "dim", note)}`}`;
  return truncate(line, columns, style);
}

/** The section that stands at a column; null for none. */
export function sectionAt(sections: readonly Section[], column: number): string | null {
  let at = 1;
  for (const section of sections) {
    const size = width(textOf(section)) + 2;
    if (column >= at && column < at + size) return section.name;
    at += size + 1;
  }
  return null;
}
