// Reads every import out of a TypeScript file by its tokens, so that a comment or a string that
// looks like one does not count, and a type import does. Says nothing about which are allowed.

import jsTokens from "js-tokens";

/** One import: what it names (null: computed at run time) and on which line. */
export interface Import {
  readonly kind: "import" | "re-export" | "dynamic" | "require";
  readonly specifier: string | null;
  readonly line: number;
}

/** What a file imports and whether it is a barrel. */
export interface FileImports {
  readonly imports: readonly Import[];
  /** Lines of `export * from`. */
  readonly stars: readonly number[];
  /** Exports something of its own. */
  readonly exportsOwn: boolean;
}

interface Token {
  readonly type: string;
  readonly value: string;
  readonly line: number;
}

const SILENT = new Set([
  "WhiteSpace",
  "LineTerminatorSequence",
  "SingleLineComment",
  "MultiLineComment",
]);

/** Reads a file's text; `jsx` for those that hold markup (`.tsx`). */
export function readImports(text: string, jsx = false): FileImports {
  const tokens = significant(text, jsx);
  const imports: Import[] = [];
  const stars: number[] = [];
  let exportsOwn = false;
  for (const [at, token] of tokens.entries()) {
    if (token.type !== "IdentifierName" || tokens[at - 1]?.value === ".") continue;
    const next = tokens[at + 1];
    if (token.value === "import" && next) {
      if (next.value === "(") imports.push(called("dynamic", tokens, at));
      else if (next.type === "StringLiteral") imports.push(named("import", next));
      else if (next.type === "IdentifierName" || next.value === "{" || next.value === "*") {
        const from = sourceAfter(tokens, at);
        if (from) imports.push(named("import", from));
      }
    } else if (token.value === "export" && next) {
      const list = next.value === "type" ? tokens[at + 2] : next;
      const source = list?.value === "{" || list?.value === "*" ? sourceOf(tokens, at) : null;
      if (!source) exportsOwn = true;
      else {
        imports.push(named("re-export", source));
        if (list?.value === "*") stars.push(token.line);
      }
    } else if (token.value === "require" && next?.value === "(") {
      imports.push(called("require", tokens, at));
    }
  }
  return { imports, stars, exportsOwn };
}

function significant(text: string, jsx: boolean): Token[] {
  const tokens: Token[] = [];
  let line = 1;
  for (const { type, value } of jsTokens(text, { jsx })) {
    if (!SILENT.has(type)) tokens.push({ type, value, line });
    line += value.split("\n").length - 1;
  }
  return tokens;
}

/** The string after the first `from` that has one: a binding may itself be called `from`. */
function sourceAfter(tokens: readonly Token[], at: number): Token | null {
  for (let index = at + 1; index < tokens.length; index++) {
    const token = tokens[index]!;
    const next = tokens[index + 1];
    if (token.value === "from" && next?.type === "StringLiteral") return next;
    if (token.value === ";" || token.value === "=") return null;
  }
  return null;
}

/** As `sourceAfter`, for `export { … }` and `export *`: the list ends before the source. */
function sourceOf(tokens: readonly Token[], at: number): Token | null {
  let index = at + 1;
  if (tokens[index]?.value === "type") index++;
  if (tokens[index]?.value === "{") {
    while (index < tokens.length && tokens[index]!.value !== "}") index++;
  } else if (tokens[index + 1]?.value === "as") {
    index += 2;
  }
  const from = tokens[index + 1];
  const source = tokens[index + 2];
  return from?.value === "from" && source?.type === "StringLiteral" ? source : null;
}

function called(kind: "dynamic" | "require", tokens: readonly Token[], at: number): Import {
  const argument = tokens[at + 2];
  const after = tokens[at + 3]?.value;
  const literal = argument?.type === "StringLiteral" ||
    argument?.type === "NoSubstitutionTemplate";
  const whole = after === ")" || after === ",";
  const line = tokens[at]!.line;
  return { kind, line, specifier: literal && whole ? argument.value.slice(1, -1) : null };
}

function named(kind: "import" | "re-export", source: Token): Import {
  return { kind, specifier: source.value.slice(1, -1), line: source.line };
}
