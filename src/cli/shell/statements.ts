/** What one statement of a shell or a script does: a query prints its rows, a line with a dot asks the shell itself. */
import type { Session } from "../../app/session.ts";
import { querySql } from "../../app/sql.ts";
import { knownTables } from "../../app/sql_catalog.ts";
import type { Statement } from "../../app/sql_script.ts";
import { nearest } from "../../core/graph/nearest.ts";
import { problem, ProblemError } from "../../core/problem/problem.ts";
import type { Rows } from "../../core/rows.ts";
import type { Output } from "../output.ts";
import { type Look, type Mode, MODES, rowLines } from "./printing.ts";

export interface Shell {
  readonly session: Session;
  readonly output: Output;
  readonly look: Look;
}

/** name, arguments, what it does. */
const COMMANDS = [
  [".tables", "[WORDS]", "the tables, or those with these words in their names"],
  [".schema", "NAME", "a table's columns and their types"],
  [".mode", "table|vertical|csv|json", "how rows are shown"],
  [".limit", "N|all", "how many rows are asked for"],
  [".help", "", "this"],
  [".quit", "", "leaves, as Ctrl-D does"],
] as const;

/** What other shells have taught the fingers, without a `;`. */
const HABITS: Readonly<Record<string, string>> = {
  exit: ".quit",
  quit: ".quit",
  "\\q": ".quit",
  help: ".help",
  "?": ".help",
  "\\d": ".tables",
  "show tables": ".tables",
};

/** The command that such a word means; null for every other text. */
export function habit(text: string): string | null {
  const word = text.trim().replace(/\s*;$/, "").replace(/\s+/g, " ").toLowerCase();
  return Object.hasOwn(HABITS, word) ? HABITS[word] ?? null : null;
}

export const COMMAND_NAMES: readonly string[] = COMMANDS.map(([name]) => name);

/** Gives how many rows were shown, or that the shell is to be left. */
export async function runStatement(
  shell: Shell,
  statement: Statement,
  signal?: AbortSignal,
): Promise<{ readonly rows: number | null; readonly quit: boolean }> {
  if (statement.kind === "command") {
    return { rows: null, quit: await runCommand(shell, statement.text) };
  }
  const { session, output, look } = shell;
  const rows = await querySql(session, statement.text, look.limit, signal);
  output.out((await rowLines(rows, look.mode, output)).join("\n"));
  return { rows: rows.rows.length, quit: false };
}

/** True where the shell is to be left. */
async function runCommand(shell: Shell, line: string): Promise<boolean> {
  const { output, look } = shell;
  const [name = "", ...words] = line.trim().split(/\s+/);
  const rest = words.join(" ");
  switch (name) {
    case ".quit":
    case ".exit":
      return true;
    case ".help":
      output.out(
        COMMANDS.map(([each, args, what]) => `${`${each} ${args}`.trimEnd().padEnd(32)}${what}`)
          .join("\n"),
      );
      return false;
    case ".tables":
      await listTables(shell, rest);
      return false;
    case ".schema":
      await describeTable(shell, rest);
      return false;
    case ".mode": {
      const mode = MODES.find((each) => each === rest);
      if (mode === undefined) {
        if (rest === "") output.out(look.mode);
        else throw wrongValue(line, rest, MODES);
      } else look.mode = mode satisfies Mode;
      return false;
    }
    case ".limit": {
      if (rest === "") output.out(look.limit === null ? "all" : String(look.limit));
      else if (rest === "all") look.limit = null;
      else if (/^\d{1,9}$/.test(rest)) look.limit = Number(rest);
      else throw wrongValue(line, rest, ["a whole number", "all"]);
      return false;
    }
    default: {
      const near = nearest(name, COMMAND_NAMES);
      throw new ProblemError(problem("usage", {
        message: `Cannot do ${name}`,
        where: { line: 1, column: 1, length: name.length, source: line },
        why: "what begins with a dot is asked of the shell, and it knows no such word",
        hint: near === null ? ".help lists what there is" : `did you mean ${near}?`,
      }));
    }
  }
}

function wrongValue(line: string, value: string, allowed: readonly string[]): ProblemError {
  return new ProblemError(problem("usage", {
    message: `Cannot set ${line.trim().split(/\s+/)[0]} to ${value}`,
    where: { line: 1, column: line.indexOf(value) + 1, length: value.length, source: line },
    why: `it takes ${allowed.slice(0, -1).join(", ")} or ${allowed.at(-1)}`,
    hint: "type one of them",
  }));
}

async function listTables({ session, output, look }: Shell, words: string): Promise<void> {
  const wanted = words.toLowerCase();
  const tables = (await knownTables(session)).filter((each) =>
    each.name.toLowerCase().includes(wanted)
  );
  const rows: Rows = {
    columns: [
      { name: "table", type: "VARCHAR" },
      { name: "rows", type: "BIGINT" },
      { name: "columns", type: "BIGINT" },
      { name: "description", type: "VARCHAR" },
    ],
    rows: tables.map(({ name, rows, columns, description }) => [
      name,
      rows,
      columns.length === 0 ? null : columns.length,
      description,
    ]),
    total: tables.length,
  };
  output.out((await rowLines(rows, look.mode, output)).join("\n"));
}

/** Asked of the engine, which knows what a view gives too. */
async function describeTable({ session, output, look }: Shell, name: string): Promise<void> {
  const tables = await knownTables(session);
  const bare = name.replace(/^"(.*)"$/, "$1").replace(/;$/, "");
  const table = tables.find((each) => each.name.toLowerCase() === bare.toLowerCase());
  if (table === undefined) {
    const near = nearest(bare, tables.map((each) => each.name));
    throw new ProblemError(problem("source-missing", {
      message: name === "" ? "Cannot show a schema" : `Cannot show the schema of ${bare}`,
      why: name === "" ? "no table was named" : `there is no table ${bare}`,
      hint: near === null ? ".tables lists what there is" : `did you mean ${near}?`,
    }));
  }
  const known = table.columns.length > 0 && table.columns[0]?.type !== "";
  const columns = known ? table.columns : (await querySql(
    session,
    `select * from ${table.name.split(".").map((each) => `"${each}"`).join(".")}`,
    0,
  )).columns;
  const rows: Rows = {
    columns: [{ name: "column", type: "VARCHAR" }, { name: "type", type: "VARCHAR" }],
    rows: columns.map((each) => [each.name, each.type]),
    total: columns.length,
  };
  output.out((await rowLines(rows, look.mode, output)).join("\n"));
}
