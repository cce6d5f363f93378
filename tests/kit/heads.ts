/** Heads for tests that stand below the store. */
import type { Failure, Head, Published } from "../../src/core/heads.ts";
import type { AttemptId, PartitionKey, RunId, VersionId } from "../../src/core/key.ts";
import { problem } from "../../src/core/problem/problem.ts";
import { key, NOW } from "./definitions.ts";

export function head(name: string, partition = "", parts: Partial<Head> = {}): Head {
  return {
    asset: key(name),
    partition: partition as PartitionKey,
    published: null,
    failure: null,
    skip: null,
    interrupted: null,
    pinned: null,
    since: 1,
    event: 1,
    ...parts,
  };
}

/** A published head, made by `asset(name)` of `definitions.ts` from no inputs. */
export function published(
  name: string,
  partition = "",
  parts: Partial<Published> = {},
  rest: Partial<Head> = {},
): Head {
  return head(name, partition, {
    published: {
      version: "v1" as VersionId,
      dataVersion: "v1" as VersionId,
      output: "table",
      file: { path: `.nycflow/lake/${name}/_/v1.parquet`, format: "parquet", bytes: 10 },
      rows: 1,
      schema: [],
      ordered: false,
      code: `code of ${name}`,
      checksVersion: "",
      inputs: "",
      reads: [],
      checks: [],
      metadata: {},
      run: "run1" as RunId,
      seconds: 0,
      at: NOW - 60_000,
      event: 1,
      ...parts,
    },
    ...rest,
  });
}

export function failure(name: string, parts: Partial<Failure> = {}): Failure {
  return {
    run: "run1" as RunId,
    attempt: "attempt1" as AttemptId,
    at: NOW - 1000,
    problem: problem("step-failed", { message: "it broke" }),
    code: `code of ${name}`,
    inputs: "",
    reads: [],
    checks: [],
    inARow: 1,
    retryAt: null,
    tries: 1,
    seconds: 0,
    rejected: null,
    rejectedSchema: [],
    ...parts,
  };
}
