/** The machine as the use cases see it: environment, clock, ids. Made once by `main.ts`'s callees, faked by tests. */
import process from "node:process";
import { maskedCommand } from "../core/mask.ts";
import { clockFrom } from "../host/clock.ts";
import { idsFrom } from "../host/ids.ts";
import type { Clock, Ids } from "../ports/clock.ts";

export interface AppHost {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly random: () => number;
  /** As typed, for history, without secrets: `nycflow up --quiet`. */
  readonly command: string;
  readonly pid: number;
}

export function realHost(argv: readonly string[]): AppHost {
  const clock = clockFrom(process.env);
  return {
    cwd: process.cwd(),
    env: process.env,
    clock,
    ids: idsFrom(process.env, () => clock.now()),
    random: Math.random,
    command: maskedCommand(["nycflow", ...argv]).slice(0, 500),
    pid: process.pid,
  };
}
