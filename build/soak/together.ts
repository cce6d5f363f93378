// Several `up`s at once in one empty project: between them they make everything, and everything once.

import { start } from "./start.ts";
import { type Contents, differences, verify } from "./verify.ts";

export interface TogetherOptions {
  readonly command: readonly string[];
  readonly fresh: () => string;
  readonly processes: number;
  readonly rounds: number;
  readonly say: (line: string) => void;
}

/** Gives what went wrong. */
export async function together(options: TogetherOptions): Promise<readonly string[]> {
  const wrong: string[] = [];
  let wanted: Contents | null = null;
  for (let round = 1; round <= options.rounds; round++) {
    const project = options.fresh();
    const runs = Array.from(
      { length: options.processes },
      () => start(options.command, project).ended,
    );
    for (const { code, text } of await Promise.all(runs)) {
      if (code !== 0) wrong.push(`round ${round}: an up ended with ${code}\n${text}`);
    }
    const found = await verify(project);
    wanted ??= found.contents;
    wrong.push(
      ...[...found.wrong, ...differences(found.contents, wanted)]
        .map((each) => `round ${round}: ${each}`),
    );
    for (const [asset, times] of Object.entries(found.made)) {
      if (times !== 1) wrong.push(`round ${round}: ${asset} was made ${times} times`);
    }
    if (found.claims + found.open > 0) {
      wrong.push(`round ${round}: ${found.claims} claims and ${found.open} runs are left`);
    }
  }
  options.say(`${options.processes} at once, ${options.rounds} rounds: ${wrong.length} faults`);
  return wrong;
}
