// Makes one mistake in a rig and gives what the program said, with what differs between machines and runs taken out.

import assert from "node:assert/strict";
import process from "node:process";
import type { Rig } from "../rig/program.ts";
import type { Mistake } from "./mistakes.ts";

export interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Is this user held back by permissions at all? */
export const IS_ROOT = process.getuid?.() === 0;

/** `rig` must be empty; the mistake's files are written into it. */
export async function makeMistake(
  rig: Rig,
  mistake: Mistake,
  more: readonly string[] = [],
): Promise<Said> {
  rig.project(mistake.files);
  const env = mistake.env ?? {};
  for (const args of mistake.before ?? []) {
    const before = await rig.run(args, { env });
    assert.equal(before.code, 0, `${args.join(" ")}\n${before.stderr}`);
  }
  mistake.prepare?.(rig);
  try {
    const { code, stdout, stderr } = await rig.run([...mistake.args ?? ["up"], ...more], { env });
    return { code, stdout, stderr };
  } finally {
    mistake.restore?.(rig);
  }
}

/** As the reader sees it, durations and temporary folders apart. */
export function page(stderr: string): string {
  return stderr.trimEnd()
    .replaceAll(/\/\S*nycflow-rig-\w+/g, "RIG")
    .replaceAll(/(?<=after |in | {2})\d+(?:\.\d+)? m?s\b/g, "… ms");
}

export interface ToldProblem {
  readonly code: string;
  readonly message: string;
  readonly where: { readonly file?: string; readonly line?: number } | null;
  readonly why: string | null;
  readonly hint: string | null;
}

/** The problems of a command with `--json`: of its error document, or of the steps that failed. */
export function problemsOf(stdout: string): readonly ToldProblem[] {
  return stdout.trim().split("\n").filter((line) => line !== "").flatMap((line) => {
    const told = JSON.parse(line) as {
      readonly errors?: readonly ToldProblem[];
      readonly kind?: string;
      readonly problem?: ToldProblem | null;
    };
    if (told.errors) return told.errors;
    return told.kind === "attempt-failed" && told.problem ? [told.problem] : [];
  });
}
