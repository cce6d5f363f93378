/** `db` and `upstream` of a context: queries on this step's own connection, over its inputs. */
import { join } from "node:path";
import type { Database, Relation, Row, SqlName, UpstreamTable } from "../core/context.ts";
import type { InputTable, StepOrder } from "../core/order.ts";
import { problem, ProblemError } from "../core/problem/problem.ts";
import { mark } from "../define/results.ts";
import type { Bound, Session } from "../warehouse/driver.ts";
import { compile, type SqlParts } from "./bound.ts";

/** What the connection is for: where inputs lie, and who ends a query early. */
export interface DatabaseOptions {
  readonly order: StepOrder;
  readonly inputs: readonly InputTable[];
  readonly session: () => Promise<Session>;
  readonly signal: AbortSignal;
}

/** A query that can be sent as it stands: its tables are known to the session. */
export interface Compiled {
  readonly sql: string;
  readonly values: Bound;
  /** Made where the query was written: its stack says where. */
  readonly made: Error;
}

/** The connection of one step; its users take turns, since a session serves one at a time. */
export class StepDatabase {
  readonly #options: DatabaseOptions;
  readonly #parts = new WeakMap<object, { readonly parts: SqlParts; readonly made: Error }>();
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: DatabaseOptions) {
    this.#options = options;
  }

  /** What user code sees. */
  get api(): Database {
    return {
      sql: <R = Row>(strings: TemplateStringsArray, ...values: readonly unknown[]): Relation<R> => {
        if (!Array.isArray(strings) || !("raw" in strings)) {
          throw new ProblemError(problem("result-invalid", {
            message: "Cannot call db.sql as a function",
            why: "it takes a template, so that values are bound and never become SQL",
            hint: "write db.sql`select …`, or db.query(text, [values])",
          }));
        }
        return this.relation<R>({ texts: [...strings], values });
      },
      query: <R = Row>(text: string, values: readonly unknown[] = []): Relation<R> =>
        this.relation<R>(positional(String(text), values)),
      name: (identifier: string): SqlName =>
        mark({ kind: "name", sql: quoted(String(identifier)) }),
    };
  }

  relation<R>(parts: SqlParts): Relation<R> {
    const made = new Error("made here");
    const relation: Relation<R> = mark({
      kind: "relation",
      rows: () => this.#rows<R>(parts, new Error("asked here")),
      one: () => this.#one<R>(parts, new Error("asked here")),
      run: async () => {
        const asked = new Error("asked here");
        await this.#turns(() =>
          this.#send(parts, asked, (session, sql, values) => session.run(sql, values))
        );
      },
    });
    this.#parts.set(relation, { parts, made });
    return relation;
  }

  /** One input as user code sees it. */
  table<R>(input: InputTable): UpstreamTable<R> {
    const parts: SqlParts = { texts: [quoted(input.asset)], values: [], table: true };
    const all = this.relation<R>({ texts: [`from ${quoted(input.asset)}`], values: [] });
    const paths = () =>
      input.versions.flatMap(({ file }) =>
        file ? [join(this.#options.order.project, file.path)] : []
      );
    const table: UpstreamTable<R> = mark({
      kind: "upstream",
      name: input.asset,
      partitions: input.versions.map(({ partition }) => partition).filter((key) =>
        key as string !== ""
      ),
      relation: all,
      rows: () => all.rows(),
      one: () => all.one(),
      paths,
      path: () => {
        const found = paths();
        if (found.length === 1 && found[0] !== undefined) return found[0];
        throw new ProblemError(problem("source-missing", {
          message: `Cannot give the path of ${input.asset}`,
          why: found.length === 0 ? "it has no file yet" : `it has ${found.length} files`,
          hint: found.length === 0 ? `nycflow run ${input.asset}` : "use paths(), or query it",
        }));
      },
    });
    this.#parts.set(table, { parts, made: new Error("made here") });
    return table;
  }

  /** A relation or dependency as text to be staged; it must have been made here. */
  async compiled(relation: object): Promise<Compiled> {
    const found = this.#parts.get(relation);
    if (!found) throw foreign();
    await this.#turn;
    const session = await this.#options.session();
    const { sql, values } = this.#compile(found.parts);
    try {
      await this.#views(session, sql);
    } catch (error) {
      throw error instanceof ProblemError ? placed(error, found.made) : error;
    }
    return { sql: found.parts.table ? `from ${sql}` : sql, values, made: found.made };
  }

  async #rows<R>(parts: SqlParts, asked: Error): Promise<R[]> {
    const table = await this.#turns(() =>
      this.#send(parts, asked, (session, sql, values) => session.rows(sql, values))
    );
    const names = table.columns.map((column) => column.name);
    return table.rows.map((row) =>
      Object.fromEntries(names.map((name, at) => [name, row[at]])) as R
    );
  }

  async #one<R>(parts: SqlParts, asked: Error): Promise<R> {
    const rows = await this.#rows<R>(parts, asked);
    const [first] = rows;
    if (rows.length === 1 && first !== undefined) return first;
    const found = new ProblemError(problem("query-failed", {
      message: "Cannot take the one row of a query",
      why: rows.length === 0 ? "it gives none" : `it gives ${rows.length} rows`,
      hint: rows.length === 0
        ? "use rows(), and see to the case of none"
        : "add limit 1, or use rows()",
    }));
    throw placed(found, asked);
  }

  #turns<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(work);
    this.#turn = mine.catch(() => {});
    return mine;
  }

  async #send<T>(
    parts: SqlParts,
    asked: Error,
    work: (session: Session, sql: string, values: Bound | undefined) => Promise<T>,
  ): Promise<T> {
    const [session, { engineProblem }] = await Promise.all([
      this.#options.session(),
      import("../warehouse/engine_words.ts"),
    ]);
    try {
      const { sql, values } = this.#compile(parts);
      await this.#views(session, sql);
      // Without values several statements may be sent at once.
      const bound = Object.keys(values).length === 0 ? undefined : values;
      const { signal } = this.#options;
      return await session.watched({ signal }, () => work(session, sql, bound));
    } catch (error) {
      if (this.#options.signal.aborted) throw error;
      const told = error instanceof ProblemError ? error : new ProblemError(
        engineProblem(error, "Cannot run a query", { fallback: "query-failed" }),
      );
      throw placed(told, asked);
    }
  }

  #compile(parts: SqlParts): { readonly sql: string; readonly values: Bound } {
    const values: Record<string, string> = {};
    const partsOf = (each: object) => this.#parts.get(each)?.parts ?? null;
    return { sql: compile(parts, partsOf, values), values };
  }

  /** Inputs become views by the names in the text: more than it reads, perhaps, but never fewer. */
  async #views(session: Session, sql: string): Promise<void> {
    const text = sql.toLowerCase();
    const named = this.#options.inputs.filter((each) => text.includes(each.asset.toLowerCase()));
    if (named.length === 0) return;
    const [{ relation }, { bindVariables, withVariables }] = await Promise.all([
      import("../warehouse/read.ts"),
      import("../warehouse/parameters.ts"),
    ]);
    const used = ({ view }: InputTable): string[] =>
      view === null ? [] : [...withVariables(view.sql).used, ...view.inputs.flatMap(used)];
    await bindVariables(session, this.#options.order, named.flatMap(used));
    for (const input of named) {
      await session.view(input.asset, relation(input, this.#options.order.project));
    }
  }
}

/** `$1` and `?` of a text, outside strings and comments, as parts. */
function positional(text: string, values: readonly unknown[]): SqlParts {
  if (values.length === 0) return { texts: [text], values: [] };
  const texts: string[] = [];
  const used: unknown[] = [];
  let last = 0;
  let next = 0;
  const pattern = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|\$(\d+)|\?/g;
  for (const found of text.matchAll(pattern)) {
    const placeholder = found[0] === "?" || found[1] !== undefined;
    if (!placeholder) continue;
    const index = found[1] === undefined ? next++ : Number(found[1]) - 1;
    if (index >= values.length) {
      throw new ProblemError(problem("query-failed", {
        message: `Cannot bind ${found[0]} of a query`,
        why: `${values.length} value${values.length === 1 ? " is" : "s are"} given`,
        hint: "give one value for each $n: db.query(text, [value, …])",
      }));
    }
    texts.push(text.slice(last, found.index));
    used.push(values[index]);
    last = found.index + found[0].length;
  }
  return { texts: [...texts, text.slice(last)], values: used };
}

/** The same error, with the stack of whoever asked: after a wait of ours the user's frames would be lost. */
function placed(error: ProblemError, asked: Error): ProblemError {
  const stack = (asked.stack ?? "").split("\n").filter((line) =>
    /^\s+at /.test(line) || /@/.test(line)
  );
  error.stack = [`${error.name}: ${error.message}`, ...stack].join("\n");
  return error;
}

function foreign(): ProblemError {
  return new ProblemError(problem("result-invalid", {
    message: "Cannot use a relation of another step",
    why: "a relation belongs to the context that made it, and is gone with it",
    hint: "make it anew with this step's own db",
  }));
}

function quoted(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}
