/** `sql` with a script on standard input: its statements one after the other, up to the first that cannot be done. */
import { placedIn, splitScript } from "../../app/sql_script.ts";
import { ProblemError } from "../../core/problem/problem.ts";
import { runStatement, type Shell } from "./statements.ts";

export async function runScript(shell: Shell, text: string): Promise<void> {
  const { statements, rest } = splitScript(text);
  // The last query needs no `;`.
  for (const statement of rest === null ? statements : [...statements, rest]) {
    try {
      const { quit } = await runStatement(shell, statement);
      if (quit) return;
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      throw new ProblemError(error.problems.map((each) => placedIn(statement, each)));
    }
  }
}
