/** The line of a file that a problem lies in, put beside it so that it can be shown with a caret. */
import { closeSync, openSync, readFileSync, readSync } from "node:fs";
import { join } from "node:path";
import type { Event, Stored } from "../core/event.ts";
import type { Problem } from "../core/problem/problem.ts";

/** How far into a file a line is looked for: data files are large. */
const MOST_BYTES = 8 << 20;
/** Binary files and minified ones have no line worth showing. */
const LONGEST = 2000;

/** The problem with its source line, where it has a place in a text file of the project and no line yet. */
export function withSource(project: string, found: Problem): Problem {
  const { file, line, source } = found.where ?? {};
  if (file === undefined || line === undefined || source !== undefined) return found;
  if (file.startsWith(".env")) return found; // what stands there may be a secret
  const text = lineOf(join(project, file), line);
  return text === null ? found : { ...found, where: { ...found.where, source: text } };
}

/** A problem of a chart, which keeps no line, at the name that it is about: behind the first mention of a chart. */
export function placedInChart(project: string, found: Problem): Problem {
  const { file, line } = found.where ?? {};
  const name = found.fields?.["name"];
  if (found.fields?.["chart"] !== true || typeof name !== "string") return found;
  if (file === undefined || line !== undefined || !/\.(sql|ts)$/i.test(file)) return found;
  let text: string;
  try {
    text = readFileSync(join(project, file), "utf8");
  } catch {
    return found;
  }
  const chart = /\bchart\b/.exec(text)?.index ?? -1;
  const at = chart < 0
    ? -1
    : text.slice(chart).search(new RegExp(`(?<![\\p{L}\\p{N}_])${name}(?![\\p{L}\\p{N}_])`, "u"));
  if (at < 0) return found;
  const before = text.slice(0, chart + at);
  const begin = before.lastIndexOf("\n") + 1;
  return {
    ...found,
    where: {
      ...found.where,
      line: before.split("\n").length,
      column: before.length - begin + 1,
      length: name.length,
    },
  };
}

/** The same for what failed in a run. */
export function eventsWithSource(
  project: string,
  stored: readonly Stored[],
): readonly Stored[] {
  return stored.map((each) => {
    const { event } = each;
    if (event.kind !== "attempt-failed") return each;
    const problem = withSource(project, event.problem);
    return problem === event.problem
      ? each
      : { ...each, event: { ...event, problem } satisfies Event };
  });
}

function lineOf(path: string, line: number): string | null {
  let descriptor: number;
  try {
    descriptor = openSync(path, "r");
  } catch {
    return null;
  }
  try {
    const buffer = new Uint8Array(1 << 16);
    const parts: Uint8Array[] = [];
    let at = 1;
    for (let total = 0; total < MOST_BYTES;) {
      const read = readSync(descriptor, buffer);
      if (read === 0) break;
      total += read;
      let from = 0;
      while (from < read) {
        const end = buffer.subarray(0, read).indexOf(10, from);
        const to = end === -1 ? read : end;
        if (at === line) parts.push(buffer.slice(from, to));
        if (end === -1) break;
        if (at === line) return textOf(parts);
        at++;
        from = end + 1;
      }
    }
    return at === line ? textOf(parts) : null;
  } catch {
    return null;
  } finally {
    closeSync(descriptor);
  }
}

function textOf(parts: readonly Uint8Array[]): string | null {
  const bytes = new Uint8Array(parts.reduce((sum, each) => sum + each.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  if (bytes.length === 0 || bytes.length > LONGEST || bytes.includes(0)) return null;
  return new TextDecoder().decode(bytes).trimEnd();
}
