/**
 * A lesson's Markdown as it is read on a terminal: numbered steps, what to type set apart, words wrapped. Knows only
 * the Markdown that lessons use: a title, paragraphs, numbered steps, indented lines to type, `**`, `*` and backquotes.
 */
import { paint, type Style } from "../term/style.ts";
import { wrap } from "../term/width.ts";

const INDENT = "    ";

/** The lesson as lines of at most `columns` cells (at most 88: longer lines are hard to read). */
export function lessonLines(markdown: string, style: Style, columns: number): string[] {
  const room = Math.max(20, Math.min(columns, 88));
  const lines: string[] = [];
  const blocks = markdown.trim().split(/\n(?:[ \t]*\n)+/);
  for (const block of blocks) {
    const title = /^# (.+)$/.exec(block)?.[1];
    const typed = block.split("\n").every((line) => /^ {4,}\$ /.test(line));
    const step = /^(\d+)\. +([^]*)$/.exec(block);
    if (lines.length > 0) lines.push("");
    if (title !== undefined) {
      lines.push(paint(style, "heading", title));
    } else if (typed) {
      for (const line of block.split("\n")) {
        lines.push(`${INDENT}  ${paint(style, "accent", line.trim())}`);
      }
    } else if (step !== null) {
      const number = `${step[1]}`.padStart(2);
      const words = wrap(plain(step[2] ?? ""), room - INDENT.length);
      words.forEach((line, at) =>
        lines.push(at === 0 ? `${paint(style, "heading", number)}  ${line}` : INDENT + line)
      );
    } else {
      const indent = /^ {2,}/.test(block) ? INDENT : "";
      for (const line of wrap(plain(block), room - indent.length)) lines.push(indent + line);
    }
  }
  return lines;
}

/** Without the marks: a lesson reads well without bold words, and wrapping counts cells. */
function plain(text: string): string {
  return text.replace(/\s+/g, " ").trim()
    .replace(/\*\*(.+?)\*\*/g, "$1").replace(/(^|\W)\*(\S(?:.*?\S)?)\*(?=\W|$)/g, "$1$2")
    .replace(/`([^`]+)`/g, "$1");
}
