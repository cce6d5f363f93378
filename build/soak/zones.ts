// The whole suite, wherever the machine stands: nothing that is shown, planned or built may depend on its time zone.

import { spawnSync } from "node:child_process";
import { join } from "node:path";
import process from "node:process";
import { CHECKOUT } from "../packages.ts";

const ZONES = ["America/New_York", "Europe/Berlin", "Australia/Lord_Howe"];

/** Gives what went wrong. */
export function zones(say: (line: string) => void): readonly string[] {
  const wrong: string[] = [];
  for (const zone of ZONES) {
    const began = performance.now();
    const done = spawnSync(process.execPath, ["run", "-A", join(CHECKOUT, "build", "test.ts")], {
      cwd: CHECKOUT,
      encoding: "utf8",
      // The programs that tests start are given the second one.
      env: { ...process.env, TZ: zone, NYCFLOW_TEST_TZ: zone },
      maxBuffer: 1e8,
    });
    say(
      `${zone}: ${done.status === 0 ? "passed" : "failed"}, ${
        Math.round((performance.now() - began) / 1000)
      } s`,
    );
    if (done.status === 0) continue;
    wrong.push(`with TZ=${zone} the tests end with ${done.status}\n${done.stdout.slice(-4000)}`);
  }
  return wrong;
}
