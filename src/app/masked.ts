/** An executor whose results and logs hold no secret: what it gives goes into the state, onto the screen and into logs. */
import { type Mask, maskAll, maskProblem } from "../core/mask.ts";
import type { StepResult } from "../core/order.ts";
import type { StepExecutor } from "../ports/executor.ts";

/** `mask` is asked at each text, so that it may learn of secrets. */
export function maskedExecutor(inner: StepExecutor, mask: Mask): StepExecutor {
  return {
    async execute(order, hooks) {
      const result = await inner.execute(order, {
        ...hooks,
        log: (line) => hooks.log({ ...line, text: mask(line.text) }),
        progress: (progress) =>
          hooks.progress(
            progress.text === undefined ? progress : { ...progress, text: mask(progress.text) },
          ),
      });
      return maskedResult(result, mask);
    },
    close: () => inner.close(),
  };
}

function maskedResult(result: StepResult, mask: Mask): StepResult {
  switch (result.kind) {
    case "failed":
      return { ...result, problem: maskProblem(result.problem, mask) };
    case "skipped":
      return { ...result, text: mask(result.text) };
    case "checked":
      return { ...result, checks: maskAll(result.checks, mask) };
    case "made":
      return {
        ...result,
        candidates: result.candidates.map((each) => ({
          ...each,
          checks: maskAll(each.checks, mask),
          metadata: maskAll(each.metadata, mask),
          notes: maskAll(each.notes, mask),
        })),
      };
    case "cancelled":
      return result;
  }
}
