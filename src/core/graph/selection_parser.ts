/**
 * Reads the selection that a person types: names, globs, attributes, states, arrows, and how they are joined.
 * Knows no assets: what a selection picks, `selection.ts` says. Every mistake is shown with its place.
 *
 * From loosest to tightest: `or` and space, `and`, comma, `not`, then what touches the name (`2+m+1`, `@m`).
 */
import { type Problem, problem } from "../problem/problem.ts";
import { err, ok, type Result } from "../result.ts";
import { nearest } from "./nearest.ts";
import { readTokens, type Token } from "./selection_tokens.ts";
import {
  type Attribute,
  ATTRIBUTES,
  type SelectedState,
  type Selection,
  STATES,
} from "./selection.ts";

const PREFIXES = [...ATTRIBUTES, "is", "state", "changed"];

/** A selection as typed; several arguments are joined by spaces. An empty text selects everything. */
export function parseSelection(text: string): Result<Selection, Problem> {
  if (text.trim() === "") return ok({ kind: "all" });
  try {
    const parser = new Parser(text, readTokens(text));
    return ok(parser.whole());
  } catch (thrown) {
    if (thrown instanceof Mistake) return err(mistakeProblem(text, thrown));
    throw thrown;
  }
}

/** Ends a parse from any depth; never leaves this file. */
class Mistake extends Error {
  readonly at: number;
  readonly length: number;
  readonly hint: string;
  constructor(message: string, at: number, length: number, hint: string) {
    super(message);
    this.at = at;
    this.length = Math.max(1, length);
    this.hint = hint;
  }
}

function mistakeProblem(text: string, { message, at, length, hint }: Mistake): Problem {
  return problem("selection-syntax", {
    message: "Cannot read the selection",
    where: { line: 1, column: at + 1, length, source: text },
    why: message,
    hint,
    fields: { selection: text, column: at + 1 },
  });
}

const MAX_DEPTH = 200;

class Parser {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;

  constructor(text: string, tokens: readonly Token[]) {
    this.#text = text;
    this.#tokens = tokens;
  }

  whole(): Selection {
    const found = this.#union();
    const rest = this.#peek();
    if (rest !== undefined) {
      throw this.#wrong(
        rest,
        rest.kind === ")" ? "this ) closes nothing" : `${rest.text} stands where nothing can`,
        rest.kind === ")" ? "take it out, or open it with (" : "take it out",
      );
    }
    return found;
  }

  #union(): Selection {
    const of = [this.#intersection()];
    while (true) {
      const token = this.#peek();
      if (token === undefined || token.kind === ")") break;
      if (this.#isWord(token, "or")) {
        this.#next++;
        of.push(this.#intersection());
      } else if (this.#isWord(token, "not")) {
        throw this.#wrong(
          token,
          "a space joins, so this would add everything else",
          "to leave it out write `and not`, or --exclude",
        );
      } else if (token.kind === ",") {
        throw this.#wrong(token, "this comma has nothing before it", "write a,b");
      } else {
        if (!token.spaced) {
          throw this.#wrong(token, "two parts touch", "put a space, a comma or `and` between them");
        }
        of.push(this.#intersection());
      }
    }
    return of.length === 1 && of[0] !== undefined ? of[0] : { kind: "union", of };
  }

  #intersection(): Selection {
    const of = [this.#commas()];
    while (this.#isWord(this.#peek(), "and")) {
      this.#next++;
      of.push(this.#commas());
    }
    return of.length === 1 && of[0] !== undefined ? of[0] : { kind: "intersection", of };
  }

  #commas(): Selection {
    const of = [this.#unary()];
    while (this.#peek()?.kind === ",") {
      this.#next++;
      of.push(this.#unary());
    }
    return of.length === 1 && of[0] !== undefined ? of[0] : { kind: "intersection", of };
  }

  #unary(): Selection {
    if (++this.#depth > MAX_DEPTH) {
      throw new Mistake("it nests too deep", 0, this.#text.length, "write it flatter");
    }
    const token = this.#peek();
    let found: Selection;
    if (this.#isWord(token, "not")) {
      this.#next++;
      found = { kind: "not", of: this.#unary() };
    } else found = this.#arrows();
    this.#depth--;
    return found;
  }

  /** `@m`, `+m`, `2+m`, `m+`, `m+1` and all of them together. */
  #arrows(): Selection {
    const first = this.#peek();
    if (first?.kind === "@") {
      this.#next++;
      const of = this.#primary(first);
      const plus = this.#peek();
      if (plus?.kind === "+" && !plus.spaced) {
        throw this.#wrong(plus, "@ already takes all that stands on it", "take the + out");
      }
      return { kind: "build", of };
    }
    let up: number | null = 0;
    let before: Token | null = null;
    const second = this.#tokens[this.#next + 1];
    if (first?.kind === "word" && /^\d+$/.test(first.text) && second?.kind === "+") {
      up = this.#steps(first);
      before = second;
      this.#next += 2;
    } else if (first?.kind === "+") {
      up = null;
      before = first;
      this.#next++;
    }
    const of = this.#primary(before);
    let down: number | null = 0;
    const plus = this.#peek();
    if (plus?.kind === "+" && !plus.spaced) {
      this.#next++;
      down = null;
      const count = this.#peek();
      if (count !== undefined && !count.spaced && count.kind === "word") {
        if (!/^\d+$/.test(count.text)) {
          throw this.#wrong(
            plus,
            "this + touches both sides",
            `write ${this.#shown(plus, " ")}: a space on the side it does not belong to`,
          );
        }
        this.#next++;
        down = this.#steps(count);
      }
    }
    return up === 0 && down === 0 ? of : { kind: "expand", of, up, down };
  }

  #shown(plus: Token, gap: string): string {
    return `${this.#text.slice(0, plus.at + 1)}${gap}${this.#text.slice(plus.at + 1)}`;
  }

  #steps(token: Token): number {
    const count = Number(token.text);
    if (count > 100_000) {
      throw this.#wrong(token, "that many steps", "leave the number out for all");
    }
    return count;
  }

  /** `after` is the sign that this belongs to and must touch. */
  #primary(after: Token | null): Selection {
    const token = this.#peek();
    if (after !== null && (token === undefined || token.spaced)) {
      throw this.#wrong(
        after,
        `${after.text} stands alone`,
        `write it next to a name: ${after.text === "@" ? "@m" : "+m or m+"}`,
      );
    }
    if (token === undefined) {
      throw new Mistake(
        "it ends where something is missing",
        this.#text.length,
        1,
        "write a name, or (…)",
      );
    }
    this.#next++;
    if (token.kind === "(") return this.#closed(token);
    if (token.kind === "word") return this.#word(token);
    if (token.kind === ")") {
      throw this.#wrong(token, "there is nothing between ( and )", "write a name, or take it out");
    }
    throw this.#wrong(token, `a name is missing before ${token.text}`, "write a name here");
  }

  #closed(open: Token): Selection {
    const inner = this.#union();
    if (this.#peek()?.kind !== ")") {
      throw this.#wrong(open, "this ( is never closed", "close it with )");
    }
    this.#next++;
    return inner;
  }

  #word(token: Token): Selection {
    const { text } = token;
    const raw = this.#text.slice(token.at, token.at + token.length);
    if (!token.quoted && /["']/.test(raw)) {
      throw this.#wrong(token, "this quote is never closed", "close it, or take it out");
    }
    if (!token.quoted && (text === "and" || text === "or")) {
      throw this.#wrong(token, `${text} needs something on both sides`, "write a and b, or a or b");
    }
    const open = this.#peek();
    if (open?.kind === "(" && !open.spaced) return this.#call(token, open);
    if (!token.quoted && /^\d+$/.test(text)) {
      throw this.#wrong(token, "a number stands only beside a +", `write ${text}+m or m+${text}`);
    }
    if (token.prefix === null) return this.#matching("key", token);
    return this.#prefixed(token, token.prefix);
  }

  #call(token: Token, open: Token): Selection {
    if (token.text !== "roots" && token.text !== "sinks") {
      const close = nearest(token.text, ["roots", "sinks"]);
      throw this.#wrong(
        token,
        `there is no function ${token.text}`,
        close === null
          ? "there are roots(…) and sinks(…); put a space before ( to group"
          : `write ${close}(…)`,
      );
    }
    this.#next++;
    const inner = this.#peek()?.kind === ")" ? { kind: "all" as const } : null;
    if (inner !== null) {
      this.#next++;
      return { kind: token.text, of: inner };
    }
    return { kind: token.text, of: this.#closed(open) };
  }

  #prefixed(token: Token, prefix: string): Selection {
    const { text } = token;
    if (!PREFIXES.includes(prefix)) {
      const close = nearest(prefix, PREFIXES);
      throw new Mistake(
        `nothing is selected by ${prefix}:`,
        token.at,
        prefix.length + 1,
        close === null
          ? `there is ${PREFIXES.map((each) => `${each}:`).join(" ")}`
          : `write ${close}:${text}`,
      );
    }
    if (text === "") {
      throw this.#wrong(token, `${prefix}: needs a value`, `write it without a space: ${prefix}:…`);
    }
    if (prefix === "changed") return { kind: "changed", ref: text };
    if (prefix !== "is" && prefix !== "state") {
      return this.#matching(ATTRIBUTES.find((each) => each === prefix) ?? "key", token);
    }
    const state: SelectedState | undefined = STATES.find((each) => each === text.toLowerCase());
    if (state !== undefined) return { kind: "state", state };
    const close = nearest(text, STATES);
    throw this.#wrong(
      token,
      `there is no state ${text}`,
      text === "modified" || text === "new"
        ? "what differs from a git reference is changed:HEAD, changed:main …"
        : close === null
        ? `states are ${STATES.join(", ")}`
        : `write ${prefix}:${close}`,
    );
  }

  #matching(attribute: Attribute, token: Token): Selection {
    return {
      kind: "match",
      attribute,
      pattern: token.text,
      text: this.#text,
      span: { at: token.at, length: token.length },
    };
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#next];
  }

  #isWord(token: Token | undefined, word: string): boolean {
    return token?.kind === "word" && !token.quoted && token.prefix === null && token.text === word;
  }

  #wrong(token: Token, why: string, hint: string): Mistake {
    return new Mistake(why, token.at, token.length, hint);
  }
}
