/** Sends each step to where its kind is executed: SQL and files to this process, everything else to a runner. */
import type { AssetKind } from "../core/definition.ts";
import type { Limits } from "../core/order.ts";
import type { StepExecutor } from "../ports/executor.ts";

const IN_PROCESS: ReadonlySet<AssetKind> = new Set(["sql", "csv", "parquet", "json"]);

/**
 * Each side is opened at its first step, since opening DuckDB or a runner costs more than a small step. An order's
 * limits are a runner's share; what works in this process has `ownLimits`.
 */
export function routeSteps(
  ownLimits: Limits,
  openOwn: () => Promise<StepExecutor>,
  openRunner: () => Promise<StepExecutor>,
): StepExecutor {
  const opened = new Map<"own" | "runner", Promise<StepExecutor>>();
  const get = (side: "own" | "runner") => {
    const known = opened.get(side);
    if (known !== undefined) return known;
    const fresh = side === "own" ? openOwn() : openRunner();
    opened.set(side, fresh);
    return fresh;
  };
  return {
    async execute(order, hooks) {
      const codeChecks = order.outputs.some((each) =>
        each.checks.some((check) => check.kind === "code")
      );
      const own = IN_PROCESS.has(order.definition.kind) && !codeChecks;
      const checking = order.action === "check" && !codeChecks;
      if (!own && !checking) return await (await get("runner")).execute(order, hooks);
      return await (await get("own")).execute({ ...order, limits: ownLimits }, hooks);
    },
    async close() {
      for (const each of opened.values()) await (await each).close();
    },
  };
}
