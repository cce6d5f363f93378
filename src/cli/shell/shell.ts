/** The shell of `sql`: asks for a text, runs its statements, prints, and asks again, until it is left. */
import type { Session } from "../../app/session.ts";
import { knownTables } from "../../app/sql_catalog.ts";
import { isWholeScript, placedIn, splitScript, type Statement } from "../../app/sql_script.ts";
import { ProblemError } from "../../core/problem/problem.ts";
import { formatDuration } from "../../core/duration.ts";
import { editor } from "../../term/editor.ts";
import { counted } from "../../term/number.ts";
import { paint } from "../../term/style.ts";
import { problemsText } from "../../views/problem.ts";
import { completeSql, type SqlCatalog } from "../../views/sql_completion.ts";
import { PipeClosed } from "../output.ts";
import { openHistory } from "./history.ts";
import { Prompt } from "./prompt.ts";
import { COMMAND_NAMES, habit, runStatement, type Shell } from "./statements.ts";

/** A query that takes longer says so, so that nobody thinks that it hangs. */
const SLOW_MS = 1000;

/** Gives the exit code. */
export async function runShell(shell: Shell): Promise<number> {
  const { session, output } = shell;
  let catalog = await catalogOf(session);
  const history = openHistory(session.project);
  const name = session.environmentName === null ? "sql" : `sql ${session.environmentName}`;
  using prompt = new Prompt(editor(history.texts), {
    prompt: `${name}> `,
    more: `${"...".padStart(name.length)}> `,
    asks: {
      isWhole: (text) => isWholeScript(text) || habit(text) !== null,
      complete: (text, at) => completeSql(catalog, text, at),
    },
    output,
  });
  const tables = counted(catalog.tables.length - HISTORY_TABLES, "table");
  output.out(paint(output.style, "dim", `${tables}; .help for help, Ctrl-D leaves`));
  prompt.enter();
  for (;;) {
    const answer = await prompt.read();
    if (answer.kind === "end") return 0;
    if (answer.kind === "gone") {
      return answer.signal === null ? 0 : answer.signal === "SIGHUP" ? 129 : 143;
    }
    if (answer.kind === "abandon") continue;
    const { statements } = splitScript(habit(answer.text) ?? answer.text);
    if (statements.length > 0 && !/^\s/.test(answer.text)) history.add(answer.text);
    for (const statement of statements) {
      const done = await prompt.during((signal) => one(shell, statement, signal));
      if (done === "quit") return 0;
      if (done === "failed") break;
    }
    // Something may have been made meanwhile; that costs a look at the state.
    if (statements.length > 0) catalog = await catalogOf(session).catch(() => catalog);
  }
}

const HISTORY_TABLES = 3;

async function catalogOf(session: Session): Promise<SqlCatalog> {
  const tables = (await knownTables(session)).map(({ name, columns }) => ({
    name,
    columns: columns.map((each) => each.name),
  }));
  return { tables, commands: COMMAND_NAMES };
}

/** One statement; whatever goes wrong with it is told, and the shell goes on. */
async function one(
  shell: Shell,
  statement: Statement,
  signal: AbortSignal,
): Promise<"done" | "failed" | "quit"> {
  const { output } = shell;
  const began = performance.now();
  const clock = waitingLine(shell, began);
  try {
    const { rows, quit } = await runStatement(
      { ...shell, output: clock.output },
      statement,
      signal,
    );
    if (quit) return "quit";
    if (rows !== null && shell.look.mode !== "csv" && shell.look.mode !== "json") {
      const took = formatDuration(Math.max(1, Math.round(performance.now() - began)));
      output.out(paint(output.style, "dim", `${counted(rows, "row")}, ${took}`));
    }
    return "done";
  } catch (error) {
    clock.clear();
    if (error instanceof PipeClosed || !(error instanceof ProblemError)) throw error;
    if (signal.aborted) output.out(paint(output.style, "warn", "cancelled"));
    else {
      const found = error.problems.map((each) => placedIn(statement, each));
      output.out(problemsText(found, output.style, output.columns));
    }
    return "failed";
  } finally {
    clock.clear();
  }
}

/** `… 3 s, Ctrl-C cancels`, drawn over itself and gone before anything is printed. */
function waitingLine({ output }: Shell, began: number) {
  let drawn = false;
  const timer = setInterval(() => {
    const seconds = Math.round((performance.now() - began) / 1000);
    const text = `${output.style.unicode ? "…" : "..."} ${seconds} s, Ctrl-C cancels`;
    output.raw(`\r\x1b[K${paint(output.style, "dim", text)}`);
    drawn = true;
  }, SLOW_MS);
  const clear = () => {
    clearInterval(timer);
    if (drawn) output.raw("\r\x1b[K");
    drawn = false;
  };
  return {
    clear,
    output: {
      ...output,
      out: (text: string) => {
        clear();
        output.out(text);
      },
    },
  };
}
