/**
 * Why a CSV cannot be told: the first line that has another number of columns than the first. Looked for only once the
 * engine has given up, since it reads the file; decides nothing about how a good file is read.
 */
import { closeSync, openSync, readSync } from "node:fs";

export interface OddLine {
  readonly line: number;
  readonly why: string;
  readonly hint: string;
}

function wrongCount(line: number, columns: number, expected: number): OddLine {
  return {
    line,
    why: `line ${line} has ${columns} column${
      columns === 1 ? "" : "s"
    }, and the first line has ${expected}`,
    hint: "correct the line, or put quotes around a value that holds the delimiter",
  };
}

function unclosed(line: number): OddLine {
  return {
    line,
    why: `line ${line}: a quote that begins there is never closed`,
    hint: 'close it; a quote within a quoted value is doubled ("")',
  };
}

const DELIMITERS = [",", ";", "\t", "|"].map((each) => each.charCodeAt(0));
const QUOTE = 0x22;
const NEWLINE = 0x0a;

/** What is wrong with it; null where all lines are alike, or nothing parts them. */
export function oddLine(path: string): OddLine | null {
  const descriptor = openSync(path, "r");
  try {
    const buffer = new Uint8Array(1 << 20);
    const counts = DELIMITERS.map(() => 0);
    let delimiter: number | null = null;
    let expected = 0;
    let line = 1;
    let begin = 1;
    let quoted = false;
    let opened = 1;
    let empty = true;
    let columns = 1;
    for (let read = readSync(descriptor, buffer); read > 0; read = readSync(descriptor, buffer)) {
      for (let at = 0; at < read; at++) {
        const byte = buffer[at]!;
        if (byte === NEWLINE) line++;
        if (byte === QUOTE) {
          quoted = !quoted;
          if (quoted) opened = line;
        }
        if (byte !== NEWLINE || quoted) {
          if (byte !== 0x0d && byte !== NEWLINE) empty = false;
          if (quoted) continue;
          if (delimiter === null) {
            const which = DELIMITERS.indexOf(byte);
            if (which >= 0) counts[which]!++;
          } else if (byte === delimiter) columns++;
          continue;
        }
        if (delimiter === null) {
          const most = Math.max(...counts);
          if (most === 0) return null;
          delimiter = DELIMITERS[counts.indexOf(most)]!;
          expected = most + 1;
        } else if (!empty && columns !== expected) return wrongCount(begin, columns, expected);
        columns = 1;
        empty = true;
        begin = line;
      }
    }
    if (quoted) return unclosed(opened);
    return delimiter !== null && !empty && columns !== expected
      ? wrongCount(begin, columns, expected)
      : null;
  } finally {
    closeSync(descriptor);
  }
}
