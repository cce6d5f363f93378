/**
 * What JavaScript engines say of common slips, in one set of words: V8 (under `deno run`) and JavaScriptCore (in the
 * compiled program) name and place them differently. Decides words and the column; knows no files.
 */

/** A message of a thrown error, in common words where the slip is a common one. */
export function commonWords(message: string): string {
  const read = missedMember(message);
  if (read !== null) return `cannot read ${read.member} of ${read.of}`;
  const lacking = /^Can't find variable: (\S+)/.exec(message)?.[1];
  if (lacking !== undefined) return `${lacking} is not defined`;
  if (
    /^JSON Parse error: |\bin JSON at position\b|is not valid JSON$|^Unexpected end of JSON input/
      .test(message)
  ) {
    return "the text is no JSON";
  }
  return message.replace(/^(.+? is not a (?:function|constructor))\. \(In [^]*$/, "$1");
}

/** `cannot read toFixed of undefined`: which member, of what; null where it is no such slip. */
function missedMember(message: string): { readonly member: string; readonly of: string } | null {
  const v8 = /^Cannot (?:read|set) properties of (undefined|null) \((?:reading|setting) '([^']*)'\)/
    .exec(message);
  if (v8) return { of: v8[1]!, member: v8[2]! };
  const jsc = /^(undefined|null) is not an object \(evaluating '([^]*)'\)/.exec(message);
  const member = /(?:\.|\[["']?)([\p{L}_$][\p{L}\p{N}_$]*)["']?\]?(?:\s*=[^]*)?$/u.exec(
    jsc?.[2] ?? "",
  )?.[1];
  return jsc && member !== undefined ? { of: jsc[1]!, member } : null;
}

/** Where in its line the slip is, from 1; engines point at different ends of the same expression. */
export function commonColumn(message: string, line: string, column: number): number {
  const read = missedMember(message);
  if (read !== null) {
    const after = line.indexOf(`.${read.member}`, Math.max(0, column - 2));
    return after === -1 ? column : after + 2;
  }
  // `throw new Error(…)`: one points at new, the other at what follows it.
  const before = /\bnew\s+$/.exec(line.slice(0, column - 1))?.[0];
  return before === undefined ? column : column - before.length;
}
