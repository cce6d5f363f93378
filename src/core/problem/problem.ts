/**
 * What a user is told when something cannot be done: what, where, why, what next.
 * Holds the shape, the list of codes and their exit class; the words stand beside the code that
 * finds the problem; drawing it is the CLI's (`src/views/problem.ts`).
 */
import type { JsonObject } from "../json.ts";

/**
 * The exit class of each code: `definition` and `usage` end with 2, `failed` with 1, `busy` with 3, `bug` with 70.
 */
export const PROBLEMS = {
  // the project as written
  "bad-asset-name": "definition",
  "duplicate-asset": "definition",
  "unknown-dependency": "definition",
  "cycle": "definition",
  "sql-syntax": "definition",
  "sql-not-a-query": "definition",
  "sql-bind": "definition",
  "header-yaml": "definition",
  "header-invalid": "definition",
  "config-invalid": "definition",
  "module-throws": "definition",
  "module-hangs": "definition",
  "module-import": "definition",
  "definition-invalid": "definition",
  "partition-scheme": "definition",
  "cron-invalid": "definition",
  "timezone-unknown": "definition",
  "environment-missing": "definition",
  "no-assets": "definition",
  "file-unreadable": "definition",
  // the command as typed
  "usage": "usage",
  "no-project": "usage",
  "selection-syntax": "usage",
  "selection-empty": "usage",
  "partition-unknown": "usage",
  "setting-invalid": "usage",
  "query-failed": "failed",
  "run-unknown": "usage",
  "exists-already": "usage",
  // steps
  "step-failed": "failed",
  "code-threw": "failed",
  "code-exited": "failed",
  "check-failed": "failed",
  "timeout": "failed",
  "cancelled": "failed",
  "interrupted": "failed",
  "type-not-kept": "failed",
  "value-not-kept": "failed",
  "download-failed": "failed",
  "not-the-format": "failed",
  "source-missing": "failed",
  "out-of-memory": "failed",
  "result-invalid": "failed",
  "contract-broken": "failed",
  "export-failed": "failed",
  // the machine and the store
  "disk-full": "busy",
  "no-permission": "busy",
  "busy": "busy",
  "store-newer": "busy",
  "store-damaged": "busy",
  "engine-missing": "busy",
  "runner-failed": "bug",
  "bug": "bug",
} as const;

export type ProblemCode = keyof typeof PROBLEMS;
export type ExitClass = (typeof PROBLEMS)[ProblemCode];

/** Where a problem is. `file` is relative to the project; `line` and `column` count from 1. */
export interface Where {
  readonly asset?: string;
  readonly partition?: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  /** How many characters the caret underlines; 1 where absent. */
  readonly length?: number;
  /** The source line itself, so that whoever draws it needs no file. */
  readonly source?: string;
  /** The user's own frames, nearest first, as `file:line:column name`. */
  readonly frames?: readonly string[];
}

export interface Problem {
  readonly code: ProblemCode;
  /** One sentence without a full stop: "Cannot do X". */
  readonly message: string;
  readonly where?: Where;
  readonly why?: string;
  /** What to do next; if it is a command, it can be pasted. */
  readonly hint?: string;
  /** Plain data for `--json` and for tests. */
  readonly fields?: JsonObject;
}

export function problem(code: ProblemCode, parts: Omit<Problem, "code">): Problem {
  return { code, ...parts };
}

/** The same problem, told where it is; what is known already wins. */
export function at(where: Where, found: Problem): Problem {
  return { ...found, where: { ...where, ...found.where } };
}

/** Carries problems through code that must throw (user code, drivers, callbacks); the doors unpack it. */
export class ProblemError extends Error {
  readonly problems: readonly Problem[];
  /** The exit code where it is not that of the problems: a step's problem that is found before it starts. */
  readonly exit: number | null;
  constructor(problems: Problem | readonly Problem[], exit: number | null = null) {
    const list: readonly Problem[] = Array.isArray(problems) ? problems : [problems as Problem];
    super(list.map((each) => each.message).join("; "));
    this.name = "ProblemError";
    this.problems = list;
    this.exit = exit;
  }
}

const EXIT: Record<ExitClass, number> = { definition: 2, usage: 2, failed: 1, busy: 3, bug: 70 };

/** The exit code of a command that ends with these problems: the gravest first (70, 2, 3, 1). */
export function exitCodeOf(problems: readonly Problem[]): number {
  const codes = problems.map((each) => EXIT[PROBLEMS[each.code]]);
  return [70, 2, 3, 1].find((code) => codes.includes(code)) ?? 0;
}
