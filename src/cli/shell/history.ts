/**
 * What was typed into the shell, kept in the project from one session to the next: a JSON text a line, for its owner
 * alone. What cannot be kept is not kept; a shell works without.
 */
import { appendFileSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";

const MOST = 1000;

export interface History {
  /** Oldest first. */
  readonly texts: readonly string[];
  add(text: string): void;
}

export function openHistory(project: string): History {
  const file = join(project, ".nycflow", "sql_history");
  const texts = readTexts(file);
  return {
    texts: texts.slice(-MOST),
    add(text) {
      try {
        mkdirSync(dirname(file), { recursive: true });
        appendFileSync(file, `${JSON.stringify(text)}\n`, { mode: 0o600 });
      } catch {
        // not ours to write
      }
    },
  };
}

/** What a kill has cut off is passed over; of far too many the newest stay. */
function readTexts(file: string): readonly string[] {
  let lines: readonly string[];
  try {
    lines = readFileSync(file, "utf8").split("\n").filter((each) => each !== "");
  } catch {
    return [];
  }
  if (lines.length > 2 * MOST) shorten(file, lines.slice(-MOST));
  return lines.flatMap((line) => {
    try {
      const text: unknown = JSON.parse(line);
      return typeof text === "string" ? [text] : [];
    } catch {
      return [];
    }
  });
}

function shorten(file: string, lines: readonly string[]): void {
  try {
    const part = `${file}.${process.pid}`;
    writeFileSync(part, `${lines.join("\n")}\n`, { mode: 0o600 });
    renameSync(part, file);
  } catch {
    // next time
  }
}
