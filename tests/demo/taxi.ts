// The taxi project in a rig, made by `init` as a stranger makes it, and what tests ask of it.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import process from "node:process";
import { CHECKOUT } from "../rig/environment.ts";
import type { Finished } from "../rig/live.ts";
import { eitherWay, makeRig, type Rig, type RigOptions } from "../rig/program.ts";

/** Where published TLC files lie, to try them on; null where there are none, and then tests on them are ignored. */
export const TLC_DATA: string | null = [
  process.env["NYCFLOW_TLC_DATA"],
  join(CHECKOUT, "../shared/data"),
].map((folder) => folder ? resolve(folder) : null)
  .find((folder) => folder && existsSync(join(folder, "green_tripdata_2023-01.parquet"))) ?? null;

/** Fills the rig's empty project. */
export async function initTaxi(rig: Rig): Promise<void> {
  const made = await rig.run(["init", "taxi", "."]);
  assert.equal(made.code, 0, made.stderr);
}

/** A rig with the taxi project, in the form that starts faster. */
export async function taxiRig(env: RigOptions["env"] = {}): Promise<Rig> {
  const rig = makeRig({ via: eitherWay(), env });
  await initTaxi(rig);
  return rig;
}

/** Takes the pauses between tries out of the rig's own copy of the demo. */
export function hurry(rig: Rig): void {
  for (const path of ["assets/files/taxi_trips_file.ts", "assets/files/taxi_zones_file.ts"]) {
    const text = rig.read(path);
    assert.ok(text.includes('delay: "2s"'), path);
    rig.project({ [path]: text.replace('delay: "2s"', 'delay: "1ms"') });
  }
}

export type Env = Readonly<Record<string, string>>;

/** `up`, which must end with this code; what it wrote where it does not. */
export async function up(rig: Rig, env: Env = {}, code = 0): Promise<Finished> {
  const ended = await rig.run(["up"], { env });
  assert.equal(ended.code, code, `${ended.stdout}\n${ended.stderr}`);
  return ended;
}

/** The rows of a query over what is published. */
export async function rowsOf(rig: Rig, sql: string, env: Env = {}) {
  return await rig.json(["sql", "--json", sql], { env }) as Record<string, unknown>[];
}

/** What would run, as `asset[partition] reason`, those that only may run left out. */
export async function certain(rig: Rig, env: Env = {}): Promise<string[]> {
  const { steps } = await rig.json(["plan", "--json"], { env }) as {
    steps: {
      asset: string;
      partition: string | null;
      certain: boolean;
      reasons: { kind: string }[];
    }[];
  };
  return steps.filter((step) => step.certain).map((step) => {
    const of = step.partition === null ? step.asset : `${step.asset}[${step.partition}]`;
    return `${of} ${step.reasons.map((reason) => reason.kind).join(",")}`;
  });
}
