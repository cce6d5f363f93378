/**
 * Named places at which a test may end this process: `NYCFLOW_TEST_CRASH=published:SIGKILL` (or `:throw`), at the
 * n-th time with `published#3:SIGKILL`. Without the variable it costs one comparison.
 */
import process from "node:process";
import type { CrashPoint } from "../engine/context.ts";

export function crashPoint(
  env: Readonly<Record<string, string | undefined>>,
): (name: CrashPoint) => void {
  const wanted = env["NYCFLOW_TEST_CRASH"];
  if (!wanted) return () => {};
  const [, name, nth, how] = /^([a-z-]+)(?:#(\d+))?:(SIGKILL|SIGTERM|throw)$/.exec(wanted) ?? [];
  let left = Number(nth ?? 1);
  return (point) => {
    if (point !== name || --left > 0) return;
    left = Number.POSITIVE_INFINITY;
    if (how === "throw") throw new Error(`ended at ${point}, as a test asked`);
    if (how === "SIGKILL" || how === "SIGTERM") process.kill(process.pid, how);
  };
}
