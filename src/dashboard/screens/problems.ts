/** What is wrong with the definitions, with the lines that it lies in; live, as files are saved. */
import type { Problem } from "../../core/problem/problem.ts";
import { counted } from "../../term/number.ts";
import { paint, type Style } from "../../term/style.ts";
import { problemLines } from "../../views/problem.ts";
import { SIGN } from "../marked.ts";
import type { Model } from "../model.ts";
import type { Screen, Subject } from "../screen.ts";
import { moved, settled } from "../scroll.ts";
import type { ProblemsState } from "../states.ts";

interface Told {
  readonly problem: Problem;
  readonly word: "error:" | "warning:";
}

export const problems: Screen<ProblemsState> = {
  title: "problems",
  act(model, state, action, room) {
    const scroll = moved(state.scroll, action, toldOf(model).length, room.rows);
    if (scroll !== null) return { state: { scroll } };
    // What a problem is about is opened where it can be mended: in the editor.
    const at = subjectOf(model, state);
    if (action === "open" && at?.kind === "file" && !model.readOnly) {
      return { effects: [{ kind: "edit", file: at.file, line: at.line }] };
    }
    return null;
  },
  settle(model, state, room) {
    const scroll = settled(state.scroll, toldOf(model).length, room.rows);
    return scroll === state.scroll ? state : { scroll };
  },
  subject: subjectOf,
  view(model, state, room) {
    const { style } = model;
    const told = toldOf(model);
    if (told.length === 0) {
      return [`  ${paint(style, "good", "nothing is wrong with the definitions")}`];
    }
    const errors = told.filter((each) => each.word === "error:").length;
    const head = errors === 0
      ? paint(style, "warn", `  ${counted(told.length, "warning")}`)
      : paint(style, "bad", `  ${counted(errors, "error")}`) +
        paint(
          style,
          "dim",
          model.data?.fingerprint === ""
            ? "; nothing is run until this is mended"
            : "; until this is mended the last good definitions are used",
        );
    const blocks = told.map((each, index) =>
      blockLines(each, index === state.scroll.cursor, style, room.columns)
    );
    // The marked one is seen whole: what stands before it gives way.
    const rows = room.rows - 1;
    let from = state.scroll.cursor;
    let used = blocks[from]?.length ?? 0;
    while (from > 0 && used + (blocks[from - 1]?.length ?? 0) <= rows) {
      from--;
      used += blocks[from]?.length ?? 0;
    }
    return [head, ...blocks.slice(from).flat()];
  },
  copied(model, state) {
    const told = toldOf(model)[state.scroll.cursor];
    return told === undefined ? null : problemLines(
      told.problem,
      { ...model.style, color: "none" },
      100,
    ).join("\n");
  },
};

function toldOf(model: Model): readonly Told[] {
  const { data } = model;
  if (data === null) return [];
  return [
    ...data.problems.map((problem): Told => ({ problem, word: "error:" })),
    ...data.warnings.map((problem): Told => ({ problem, word: "warning:" })),
  ];
}

function subjectOf(model: Model, state: ProblemsState): Subject {
  const where = toldOf(model)[state.scroll.cursor]?.problem.where;
  return where?.file === undefined
    ? null
    : { kind: "file", file: where.file, line: where.line ?? 1 };
}

function blockLines(
  { problem, word }: Told,
  marked: boolean,
  style: Style,
  columns: number,
): readonly string[] {
  const lines = problemLines(problem, style, columns - SIGN, { word });
  const sign = marked ? paint(style, "accent", style.unicode ? "▌ " : "> ") : "  ";
  return ["", ...lines.map((line) => sign + line)];
}
