// A chapter as something that can be carried out: the files that it has one write, the lines that it has one type,
// and what comes back. Reads Markdown; runs nothing.

/** A file to write. */
export interface FileStep {
  readonly kind: "file";
  readonly path: string;
  readonly text: string;
  readonly line: number;
}

/** A line to type, and lines that must come back in this order; `…` stands for anything. */
export interface TypeStep {
  readonly kind: "type";
  readonly command: string;
  readonly expected: readonly string[];
  /** It is to end with another code than 0. */
  readonly fails: boolean;
  /** The instant at which it is typed; null: now. */
  readonly clock: string | null;
  readonly line: number;
}

/** Everything that a chapter has one do. Throws where a block cannot be understood, so that none is left out. */
export function stepsOf(markdown: string): readonly (FileStep | TypeStep)[] {
  const steps: (FileStep | TypeStep)[] = [];
  const lines = markdown.split("\n");
  for (let at = 0; at < lines.length; at++) {
    const fence = /^```(\w*) ?(.*)$/.exec(lines[at] ?? "");
    if (fence === null) continue;
    const end = lines.indexOf("```", at + 1);
    if (end === -1) throw new Error(`line ${at + 1}: a block that is never closed`);
    const body = lines.slice(at + 1, end);
    const [, language = "", info = ""] = fence;
    const path = /(?:^| )title=(\S+)/.exec(info)?.[1];
    if (path !== undefined) {
      // The reader sees no title: the name stands above the block.
      if (lines.slice(Math.max(0, at - 2), at).join("\n").trim() !== `\`${path}\``) {
        throw new Error(`line ${at + 1}: ${path} does not stand above its block`);
      }
      steps.push({ kind: "file", path, text: `${body.join("\n")}\n`, line: at + 1 });
    } else if (language === "sh") {
      steps.push(...typed(body, info, at + 2));
    } else throw new Error(`line ${at + 1}: a block of ${language} that is neither file nor shell`);
    at = end;
  }
  return steps;
}

function typed(body: readonly string[], info: string, first: number): TypeStep[] {
  const steps: TypeStep[] = [];
  const fails = /(?:^| )fails(?: |$)/.test(info);
  const clock = /(?:^| )clock=(\S+)/.exec(info)?.[1] ?? null;
  body.forEach((line, at) => {
    const command = /^\$ (.+)$/.exec(line)?.[1];
    if (command !== undefined) {
      steps.push({ kind: "type", command, expected: [], fails, clock, line: first + at });
      return;
    }
    const last = steps.pop();
    if (last === undefined) throw new Error(`line ${first + at}: nothing was typed before`);
    steps.push({ ...last, expected: [...last.expected, line] });
  });
  return steps;
}

/** What differs from run to run, made equal; spaces count as one. */
function lasting(text: string): string {
  return text.replace(/just now|\d+ (?:s|min) ago/g, "just now")
    .replace(/\d+(?:\.\d+)? (?:ms|s|min)\b/g, "0 s")
    .replace(/\d\d:\d\d:\d\d/g, "00:00:00")
    .replace(/(version|run) [0-9a-z]{6}\b/g, "$1 000000")
    .replace(/\s+/g, " ");
}

/**
 * The first expected line that does not come back, in order; null where all do. Steps that are told one after the other
 * may have ended in any order: two work at once.
 */
export function missingFrom(output: string, expected: readonly string[]): string | null {
  let rest = lasting(output);
  let together = rest, furthest = 0;
  for (const line of expected) {
    const isStep = /^\s*✓ /.test(line);
    if (!isStep && furthest > 0) {
      rest = together.slice(furthest);
      furthest = 0;
    }
    const pattern = lasting(line.trim()).split("…").map((part) =>
      part.trim().replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/\s+/g, " ")
    ).join(".*?");
    if (isStep && furthest === 0) together = rest;
    const found = new RegExp(pattern).exec(isStep ? together : rest);
    if (found === null) return line;
    const end = found.index + found[0].length;
    if (isStep) furthest = Math.max(furthest, end);
    else rest = rest.slice(end);
  }
  return null;
}
