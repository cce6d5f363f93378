/** Cuts a selection into words and signs. Decides what a word is made of; what words mean, the parser does. */

export interface Token {
  readonly kind: "word" | "+" | "@" | "," | "(" | ")";
  /** A word without its prefix and quotes; a sign as it is. */
  readonly text: string;
  /** `tag` of `tag:x`; null where there is no colon. */
  readonly prefix: string | null;
  readonly quoted: boolean;
  /** From 0, in characters of the whole text; `length` includes prefix and quotes. */
  readonly at: number;
  readonly length: number;
  /** Space (or the beginning) stands before it. */
  readonly spaced: boolean;
}

const SIGNS = /^[+@,()]/;
/** Up to a space or a sign; what follows `changed:` may be a git reference (`HEAD~2`, `main@{1}`), one with a + in quotes. */
const PREFIX = /^([\p{L}_][\p{L}\p{N}_-]*):/u;
const WORD = /^[^\s,()+@"']+/;
const REF = /^[^\s,()+"']+/;
const VALUE = /^[^\s,()+"']+/;
const QUOTED = /^"([^"]*)"|^'([^']*)'/;

/** All tokens in order. An opening quote that is never closed is a word up to the end. */
export function readTokens(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let spaced = true;
  while (at < text.length) {
    const rest = text.slice(at);
    const space = /^\s+/.exec(rest)?.[0];
    if (space !== undefined) {
      at += space.length;
      spaced = true;
      continue;
    }
    const token = readSign(rest, at, spaced) ?? readWord(rest, at, spaced);
    tokens.push(token);
    at += token.length;
    spaced = false;
  }
  return tokens;
}

function readSign(rest: string, at: number, spaced: boolean): Token | null {
  const sign = SIGNS.exec(rest)?.[0] as "+" | "@" | "," | "(" | ")" | undefined;
  return sign === undefined
    ? null
    : { kind: sign, text: sign, prefix: null, quoted: false, at, length: 1, spaced };
}

function readWord(rest: string, at: number, spaced: boolean): Token {
  const prefix = PREFIX.exec(rest)?.[1] ?? null;
  const skipped = prefix === null ? 0 : prefix.length + 1;
  const value = rest.slice(skipped);
  const quoted = QUOTED.exec(value);
  // An owner's address holds an @, a tag may; of a bare name it is the sign.
  const shape = prefix === null ? WORD : prefix === "changed" ? REF : VALUE;
  const plain = shape.exec(value)?.[0] ?? (/^["']/.test(value) ? value : "");
  const text = quoted === null ? plain.replace(/^["']/, "") : quoted[1] ?? quoted[2] ?? "";
  return {
    kind: "word",
    text,
    prefix,
    quoted: quoted !== null,
    at,
    length: skipped + (quoted === null ? plain.length : quoted[0].length),
    spaced,
  };
}
