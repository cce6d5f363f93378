/**
 * Sends each step to where its kind is executed: SQL and files to this process, everything else to a runner; and
 * gives each its share of memory and threads, which is less while other processes work in this project.
 */
import { setImmediate } from "node:timers";
import type { AssetDefinition, AssetKind } from "../core/definition.ts";
import type { Limits } from "../core/order.ts";
import { collectNowAndThen } from "../host/memory.ts";
import type { StepExecutor } from "../ports/executor.ts";
import type { Shares } from "./limits.ts";

const IN_PROCESS: ReadonlySet<AssetKind> = new Set(["sql", "csv", "parquet", "json"]);
/** How often a long step looks whether others have come or gone. */
const LOOK_MS = 500;

/** Does this process execute it? Everything else takes a runner. */
export function isOwn(definition: AssetDefinition): boolean {
  return IN_PROCESS.has(definition.kind) &&
    definition.checks.every((check) => check.kind !== "code");
}

/** An executor whose engine takes other limits while it works. */
export interface LimitedExecutor extends StepExecutor {
  limit(limits: Limits): Promise<void>;
  /** Opens the engine; that it cannot be opened is told by the first step. */
  warm(): Promise<void>;
}

/**
 * Each side is opened at its first step, since opening DuckDB or a runner costs more than a small step. `both`: steps
 * of both sides will come.
 */
export function routeSteps(
  shares: () => Promise<Shares>,
  openOwn: () => Promise<LimitedExecutor>,
  openRunner: () => Promise<StepExecutor>,
  both = false,
): StepExecutor {
  let own: Promise<LimitedExecutor> | null = null;
  let runner: Promise<StepExecutor> | null = null;
  let working = 0;
  const collect = collectNowAndThen();
  let timer: ReturnType<typeof setInterval> | undefined;
  const look = async () => {
    const { own: limits } = await shares();
    await (await own)?.limit(limits);
  };
  const begin = () => {
    if (working++ === 0) timer = setInterval(() => void look().catch(() => {}), LOOK_MS);
  };
  const end = () => {
    if (--working === 0) clearInterval(timer);
  };
  return {
    async execute(order, hooks) {
      collect();
      const codeChecks = order.outputs.some((each) =>
        each.checks.some((check) => check.kind === "code")
      );
      const here = IN_PROCESS.has(order.definition.kind) && !codeChecks;
      const checking = order.action === "check" && !codeChecks;
      const share = await shares();
      if (!here && !checking) {
        const side = await (runner ??= openRunner());
        // While the runner works this process can load its own engine, where it will need it.
        if (both && own === null) setImmediate(() => void openOwn().then((each) => each.warm()));
        return await side.execute({ ...order, limits: share.runner }, hooks);
      }
      const side = await (own ??= openOwn());
      begin();
      try {
        return await side.execute({ ...order, limits: share.own }, hooks);
      } finally {
        end();
      }
    },
    async close() {
      clearInterval(timer);
      for (const each of [own, runner]) await (await each)?.close();
    },
  };
}
