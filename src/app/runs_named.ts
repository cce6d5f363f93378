/** Runs by what was typed: a whole id, or the last letters of it, as lists show them. */
import type { RunHead } from "../core/heads.ts";
import { problem, ProblemError } from "../core/problem/problem.ts";
import type { Session } from "./session.ts";

/** Throws where no run, or more than one, is meant. */
export async function runNamed(session: Session, name: string): Promise<RunHead> {
  const store = await session.store();
  const runs = await store.runs({ limit: 10_000 });
  const exact = runs.find((run) => run.run === name);
  if (exact !== undefined) return exact;
  const ends = name.length >= 4 ? runs.filter((run) => run.run.endsWith(name)) : [];
  const [first] = ends;
  if (first !== undefined && ends.length === 1) return first;
  throw new ProblemError(problem("run-unknown", {
    message: `Cannot find run ${name}`,
    why: ends.length > 1
      ? `${ends.length} runs end in these letters: ${
        ends.slice(0, 3).map((run) => run.run).join(", ")
      }`
      : runs.length === 0
      ? "nothing has been run here yet"
      : `the last one is ${runs[0]?.run}`,
    hint: "see them with: nycflow runs",
  }));
}
