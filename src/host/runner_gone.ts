/** What it means that a runner is gone without an answer, in words. */
import { type Problem, problem } from "../core/problem/problem.ts";
import type { TaskEnd } from "./runner_process.ts";

/** The problem; `during` says what user code was doing. */
export function goneProblem(
  end: Extract<TaskEnd, { readonly kind: "gone" }>,
  message: string,
  during: "run" | "import",
): Problem {
  const { how, output } = end;
  const said = output.length === 0 ? "" : `; the last it printed: ${output.slice(-3).join(" ⏎ ")}`;
  const fields = { output };
  const code = during === "run" ? "code-exited" : "module-throws";
  switch (how.kind) {
    case "not-started":
      return problem("runner-failed", {
        message,
        why: `its process could not be started: ${how.why}`,
        hint: "nycflow doctor",
        fields,
      });
    case "exited":
      return problem(code, {
        message,
        why: `its code ended the process with ${how.code}${said}`,
        hint: during === "run"
          ? "return from run, or throw, instead of calling process.exit()"
          : "do not call process.exit() at the top of a module",
        fields: { ...fields, exit: how.code },
      });
    case "killed":
      return problem(code, {
        message,
        why: `its process was ended by ${how.signal}${said}`,
        hint: HINTS[how.signal] ?? "look for what ends it: nycflow logs shows all that it printed",
        fields: { ...fields, signal: how.signal },
      });
  }
}

const HINTS: Readonly<Record<string, string>> = {
  SIGKILL: "the system does so when memory runs out: handle fewer rows at a time, or let SQL do it",
  SIGSEGV: "a native package crashed: update it, or leave it out",
  SIGABRT: "the runtime gave up, most likely for memory: handle fewer rows at a time",
  SIGTRAP: "the runtime gave up, most likely for memory: handle fewer rows at a time",
};
