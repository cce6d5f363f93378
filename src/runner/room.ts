/** What the runner lends to one order: modules, engine, environment, and where news goes. */
import type { LogLine, Progress } from "../core/order.ts";
import type { Engine } from "./engine.ts";
import type { Environment } from "./environment.ts";
import type { Modules } from "./modules.ts";
import type { Resources } from "./resources.ts";

export interface StepRoom {
  readonly modules: Modules;
  readonly environment: Environment;
  readonly engine: Engine;
  readonly resources: Resources;
  /** Aborted with reason `"timeout"` or `"cancel"`. */
  readonly signal: AbortSignal;
  readonly progress: (progress: Progress) => void;
  readonly log: (line: LogLine) => void;
}
