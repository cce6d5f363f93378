/** A lake in a temp folder, orders for it, and short ways to make and read versions: what tests of this floor share. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AssetDefinition, CheckDefinition } from "../../src/core/definition.ts";
import type { JsonObject } from "../../src/core/json.ts";
import type { AssetKey, AttemptId, PartitionKey, RunId, VersionId } from "../../src/core/key.ts";
import type { InputTable, OrderOutput, StepOrder, Window } from "../../src/core/order.ts";
import type { VersionRef } from "../../src/core/version.ts";
import { type DuckDb, openDuckDb, type Session } from "../../src/warehouse/driver.ts";
import { finish } from "../../src/warehouse/finish.ts";
import { makeTable, type Staged } from "../../src/warehouse/make.ts";
import { relation } from "../../src/warehouse/read.ts";
import { plainAsset } from "../kit/plain_asset.ts";

export const LIMITS = { memoryMb: 400, threads: 2 };

export interface Lake {
  readonly project: string;
  readonly db: DuckDb;
  readonly session: Session;
  order(about?: OrderAbout): StepOrder;
  /** Stages a query and fails the test where that is refused. */
  make(sql: string, about?: OrderAbout): Promise<Staged>;
  version(staged: Staged, about?: { key?: string; partition?: string; at?: number }): VersionRef;
  input(key: string, versions: readonly VersionRef[], view?: InputTable["view"]): InputTable;
  rows(table: InputTable, tail?: string): Promise<readonly (readonly unknown[])[]>;
}

export interface OrderAbout {
  readonly key?: string;
  readonly partition?: string;
  readonly window?: Window;
  readonly inputs?: readonly InputTable[];
  readonly checks?: readonly CheckDefinition[];
  readonly checkInputs?: readonly InputTable[];
  readonly previous?: VersionRef;
  readonly others?: readonly VersionRef[];
  readonly ordered?: boolean;
  readonly settings?: JsonObject;
  readonly definition?: Partial<AssetDefinition>;
  readonly now?: number;
}

export async function lake(
  work: (lake: Lake) => Promise<void>,
  folder = "lake",
): Promise<void> {
  const base = mkdtempSync(join(tmpdir(), "lake-"));
  const project = join(base, folder);
  mkdirSync(project);
  const scratch = join(project, "scratch");
  const db = await openDuckDb({
    limits: { ...LIMITS, scratch },
    timezone: "America/New_York",
    folder: project,
    prepare: () => Promise.resolve(),
  });
  let count = 0;
  try {
    await db.use(async (session) => {
      const order = (about: OrderAbout = {}) => orderFor(project, scratch, ++count, about);
      const made: Lake = {
        project,
        db,
        session,
        order,
        async make(sql, about = {}) {
          const given = order(about);
          const staged = await makeTable(session, given, given.outputs[0]!, {
            sql,
            ordered: about.ordered ?? false,
            inputs: given.inputs,
            place: { file: "assets/t.sql", line: 1, text: sql },
          });
          assert.ok(staged.ok, JSON.stringify(staged));
          return staged.value;
        },
        version: (staged, about = {}) => ({
          asset: (about.key ?? "t") as AssetKey,
          partition: (about.partition ?? "") as PartitionKey,
          version: `v${++count}` as VersionId,
          dataVersion: `v${count}` as VersionId,
          output: staged.output,
          file: staged.file,
          rows: staged.rows,
          schema: staged.schema,
          ordered: staged.ordered,
          at: about.at ?? count,
        }),
        input: (key, versions, view = null) => ({
          asset: key as AssetKey,
          versions,
          schema: null,
          view,
        }),
        async rows(table, tail = "") {
          return (await session.rows(`select * from (${relation(table, project)}) ${tail}`)).rows;
        },
      };
      await work(made);
    });
  } finally {
    db.close();
    rmSync(base, { recursive: true });
  }
}

function orderFor(project: string, scratch: string, count: number, about: OrderAbout): StepOrder {
  const key = (about.key ?? "t") as AssetKey;
  const partition = (about.partition ?? "") as PartitionKey;
  const output: OrderOutput = {
    asset: key,
    version: `v${count}` as VersionId,
    target: `.nycflow/lake/${key}/${encodeURIComponent(partition) || "_"}/v${count}`,
    checks: about.checks ?? [],
    previous: about.previous ?? null,
    others: about.others ?? [],
  };
  return {
    run: "r1" as RunId,
    attempt: `a${count}` as AttemptId,
    number: 1,
    action: "materialize",
    project,
    definition: definition(key, about.definition),
    partition,
    window: about.window ?? null,
    payload: {},
    inputs: about.inputs ?? [],
    checkInputs: about.checkInputs ?? [],
    outputs: [output],
    settings: about.settings ?? {},
    projectSettings: {},
    timezone: "America/New_York",
    inputsDigest: "i1",
    limits: { ...LIMITS, scratch },
    now: about.now ?? Date.UTC(2023, 0, 15),
  };
}

export function definition(key: AssetKey, about: Partial<AssetDefinition> = {}): AssetDefinition {
  return { ...plainAsset(key), codeVersion: "c1", ...about };
}

export function check(
  about: Partial<CheckDefinition> & Pick<CheckDefinition, "kind">,
): CheckDefinition {
  return {
    name: about.name ?? about.kind,
    columns: [],
    expect: {},
    severity: "error",
    blocking: true,
    scope: "partition",
    warnAt: null,
    errorAt: null,
    reads: [],
    ...about,
  };
}

export { finish };
