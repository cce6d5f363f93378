/** Inputs, partitions, shell assets, code checks, sensors and sources: everything else that a runner is asked. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { CheckDefinition } from "../../src/core/definition.ts";
import type { AssetKey, PartitionKey } from "../../src/core/key.ts";
import type { Candidate, InputTable, StepOrder, StepResult } from "../../src/core/order.ts";
import type { StepHooks } from "../../src/ports/executor.ts";
import type { VersionRef } from "../../src/core/version.ts";
import { definitionOf, TestProject } from "./project.ts";

const HOOKS: StepHooks = {
  signal: new AbortController().signal,
  graceMs: 500,
  progress: () => {},
  log: () => {},
};

function made(result: StepResult): Candidate {
  if (result.kind !== "made") throw new Error(JSON.stringify(result, null, 1));
  return result.candidates[0]!;
}

/** A candidate as if it had been published. */
function published(order: StepOrder, candidate: Candidate): VersionRef {
  const { version } = order.outputs[0]!;
  return {
    asset: candidate.asset,
    partition: order.partition,
    version,
    dataVersion: version,
    output: candidate.output,
    file: candidate.file,
    rows: candidate.rows,
    schema: candidate.schema,
    ordered: candidate.ordered,
    at: 1,
  };
}

async function publish(project: TestProject, asset: string, partition = ""): Promise<VersionRef> {
  const order = project.order(asset, { partition: partition as PartitionKey });
  return published(order, made((await project.run(order)).result));
}

function table(...versions: VersionRef[]): InputTable {
  return { asset: versions[0]!.asset, versions, schema: versions[0]!.schema, view: null };
}

const MODULE = `
import { asset, check, sensor, shell, source, resource, skip, staticKeys, monthly } from "nycflow";
export const zones = asset({ run: () => [{ id: 1, zone: "a" }, { id: 2, zone: "b" }] });
export const joined = asset({
  deps: { places: zones },
  run: async ({ upstream, db }) => {
    const rows = await upstream.places.rows();
    return db.sql\`select id, \${rows.length} as n, \${upstream.places.partitions.join()} as parts from \${upstream.places} where zone in (select zone from zones)\`;
  },
});
export const month = asset({
  partitions: monthly({ timezone: "America/New_York" }),
  run: ({ partition }) => [partition as never],
});
export const sh = shell({ deps: [zones], command: "echo made {partition} >&2; cp {upstream.zones} {output}; test -f \\"$NYCFLOW_UPSTREAM_ZONES\\"", outputs: "o.parquet" });
export const words = shell({ command: ["sh", "-c", "printf 'x\\\\n%s\\\\n' \\"$1\\" > \\"$0\\"", "{output}", "{partition}'s"], outputs: "w.csv" });
export const breaks = shell({ command: "echo why >&2; exit 3" });
export const lazy = shell({ command: "true", outputs: "never.csv" });
export const old = shell({ command: "true", outputs: "exports/old.csv" });
export const two = shell({ command: "printf 'a\\\\n1\\\\n' > {output.one}; printf 'a\\\\n2\\\\n' > {output.other}", outputs: { one: "1.csv", other: { file: "2.csv" } } });
export const sleeps = shell({ command: "echo up; sleep 300 & wait" });
export const no_b = check({ asset: zones, run: ({ db }) => db.sql\`from zones where zone = 'b'\` });
export const all_ids = check({ asset: zones, run: async ({ candidate }) => (await candidate.rows()).every((row) => row.id) });
export const told = check({ asset: zones, severity: "warn", run: () => ({ passed: false, text: "so so", failing: 7 }) });
export const errs = check({ asset: zones, run: () => { throw new Error("no idea"); } });
export const senses = sensor({ select: "zones", evaluate: ({ cursor, env }) => {
  env("NYCFLOW_T_NONE", "");
  if (cursor === 2) return { skip: "nothing new" };
  return { requests: [{ key: "k1", config: { a: 1 } }, { key: "k2", select: [zones] }], cursor: 2 };
} });
const answers = {
  text: "what", keyless: { requests: [{ id: 3 }] }, typo: { request: [] }, cursor: { cursor: () => 1 },
  skip: { skip: true }, partition: { requests: [{ key: "k", partition: 3 }] },
  config: { requests: [{ key: "k", config: [1] }] }, more: { requests: [{ key: "k", settings: {} }] },
};
export const bad_sensor = sensor({ evaluate: ({ cursor }) => answers[cursor as never] });
export const hangs = sensor({ evaluate: () => new Promise<void>(() => {}) });
export const throws = sensor({ evaluate: () => { throw new Error("the API is down"); } });
export const looked = source({ observe: ({ now }) => ({ dataVersion: now.getTime(), metadata: { size: 3 } }) });
const db = resource({ open: () => ({}), close: async () => { (await import("node:fs")).writeFileSync("closed.txt", "yes"); } });
export const holds = asset({ resources: { db }, run: () => {} });
`;

Deno.test("what a runner is asked besides plain steps", async (t) => {
  await using project = new TestProject({ "assets/main.ts": MODULE });
  const zones = await publish(project, "zones");

  await t.step("upstream by its alias and by its name, as rows and in SQL", async () => {
    const order = project.order("joined", { inputs: [table(zones)] });
    const candidate = made((await project.run(order)).result);
    strictEqual(candidate.rows, 2);
    deepStrictEqual(candidate.schema.map((each) => each.name), ["id", "n", "parts"]);
  });
  await t.step(
    "the partition of a month, with offsets on either side of a change of clocks",
    async () => {
      const base = definitionOf("month" as AssetKey, "assets/main.ts");
      const definition = {
        ...base,
        partitions: {
          type: "time",
          unit: "month",
          start: "2023-01",
          end: null,
          timezone: "America/New_York",
          weekStart: 1,
          includeCurrent: false,
          availableMs: 0,
        },
      } as const;
      const window = {
        startLocal: "2023-03-01T00:00:00",
        endLocal: "2023-04-01T00:00:00",
        start: Date.parse("2023-03-01T05:00:00Z"),
        end: Date.parse("2023-04-01T04:00:00Z"),
        timezone: "America/New_York",
      };
      const order = project.order("month", {
        definition,
        window,
        partition: "2023-03" as PartitionKey,
      });
      const version = published(order, made((await project.run(order)).result));
      const again = project.order("copy", { inputs: [table(version)], file: "assets/copy.ts" });
      project.write(
        "assets/copy.ts",
        `import { asset } from "nycflow";
export const copy = asset({ deps: ["month"], run: async ({ upstream, log }) => { log.info(JSON.stringify(await upstream.month.one())); } });`,
      );
      const { log } = await project.run(again);
      deepStrictEqual(JSON.parse(log[0]!.text), {
        key: "2023-03",
        start: "2023-03-01T00:00:00-05:00",
        end: "2023-04-01T00:00:00-04:00",
        timezone: "America/New_York",
      });
    },
  );
  await t.step("a command's file, its log and what is put into it", async () => {
    const inputs = [table(zones)];
    const definition = {
      ...definitionOf("sh" as AssetKey, "assets/main.ts"),
      partitions: { type: "static", keys: ["it's; rm x"] },
    } as const;
    const order = project.order("sh", {
      inputs,
      definition,
      partition: "it's; rm x" as PartitionKey,
    });
    const { result, log } = await project.run(order);
    strictEqual(made(result).rows, 2);
    deepStrictEqual(log.map(({ stream, text }) => [stream, text]), [["stderr", "made it's; rm x"]]);
    const words = {
      ...definition,
      ...definitionOf("words" as AssetKey, "assets/main.ts"),
      partitions: definition.partitions,
    };
    const second = await project.run(
      project.order("words", { definition: words, partition: "k" as PartitionKey }),
    );
    strictEqual(
      readFileSync(join(project.folder, made(second.result).file!.path), "utf8"),
      "x\nk's\n",
    );
  });
  await t.step("a command that fails, or makes nothing", async () => {
    project.write("exports/old.csv", "a\n1\n");
    for (
      const [asset, why] of [["breaks", /ended with 3/], ["lazy", /made no file never.csv/], [
        "old",
        /did not write old.csv anew/,
      ]] as const
    ) {
      const { result } = await project.run(project.order(asset));
      ok(result.kind === "failed", asset);
      match(result.problem.why!, why);
      strictEqual(result.problem.where?.file, "assets/main.ts");
    }
  });
  await t.step("a command that makes several assets", async () => {
    const definition = definitionOf("one" as AssetKey, "assets/main.ts", {
      together: ["one", "other"] as AssetKey[],
      origin: { file: "assets/main.ts", line: 1, exportName: "two" },
    });
    const { result } = await project.run(project.order("one", { definition }));
    ok(result.kind === "made");
    deepStrictEqual(result.candidates.map((each) => each.asset), ["one", "other"]);
  });
  await t.step("a cancelled command is ended", async () => {
    const stop = new AbortController();
    const order = project.order("sleeps");
    const { result } = await project.run(order, {
      signal: stop.signal,
      graceMs: 60_000,
      log: () => stop.abort("cancel"),
    });
    deepStrictEqual(result, { kind: "cancelled", by: "cancel" });
  });
  await t.step("checks that are code, in the order of the definition", async () => {
    const check = (name: string, severity: "warn" | "error" = "error"): CheckDefinition => ({
      name,
      kind: "code",
      columns: [],
      expect: { file: "assets/main.ts", exportName: name },
      severity,
      blocking: severity === "error",
      scope: "partition",
      warnAt: null,
      errorAt: null,
      reads: [],
    });
    const rows: CheckDefinition = { ...check("rows"), kind: "rows", expect: { min: 1, max: null } };
    const checks = [check("no_b"), rows, check("all_ids"), check("told", "warn"), check("errs")];
    const definition = definitionOf("zones" as AssetKey, "assets/main.ts", { checks });
    const candidate = made((await project.run(project.order("zones", { definition }))).result);
    deepStrictEqual(
      candidate.checks.map(({ name, outcome, failing, text }) => [name, outcome, failing, text]),
      [
        ["no_b", "failed", 1, "1 row fails"],
        ["rows", "passed", null, "2 rows"],
        ["all_ids", "passed", null, "it holds"],
        ["told", "warned", 7, "so so"],
        ["errs", "errored", null, "no idea"],
      ],
    );
    deepStrictEqual(candidate.checks[0]!.sample, [{ id: 2, zone: "b" }]);

    const step = project.order("zones", { definition, action: "check" });
    const outputs = step.outputs.map((each) => ({ ...each, previous: zones }));
    const { result } = await project.run({ ...step, outputs });
    ok(result.kind === "checked");
    deepStrictEqual(result.checks.map((each) => each.outcome), [
      "failed",
      "passed",
      "passed",
      "warned",
      "errored",
    ]);

    const alone = await project.client.check(
      { step, candidate: zones, checks: [checks[2]!] },
      HOOKS,
    );
    deepStrictEqual(alone.map((each) => each.outcome), ["passed"]);
  });
  await t.step("code checks of a SQL step, of a view too", async () => {
    const file = "assets/sql_checks.ts";
    project.write(
      file,
      `import { check } from "nycflow";
export const few = check({ asset: "q", run: async ({ candidate, db }) => ({
  passed: false, text: (await candidate.rows()).length + " " + (await db.sql\`select max(n) as m from q\`.one()).m,
}) });`,
    );
    for (const materialized of ["table", "view"] as const) {
      const definition = definitionOf("q" as AssetKey, "assets/q.sql", {
        kind: "sql",
        origin: { file: "assets/q.sql", line: 1, exportName: null },
        materialized,
        sql: {
          text: "select $config.n as n from zones",
          line: 1,
          ordered: false,
          parameters: ["config.n"],
          files: [],
          volatile: false,
        },
        checks: [{
          name: "few",
          kind: "code",
          columns: [],
          expect: { file, exportName: "few" },
          severity: "error",
          blocking: true,
          scope: "partition",
          warnAt: null,
          errorAt: null,
          reads: [],
        }],
      });
      const order = project.order("q", { definition, inputs: [table(zones)], settings: { n: 7 } });
      const { result } = await project.run(order);
      const candidate = made(result);
      strictEqual(candidate.output, materialized);
      deepStrictEqual(candidate.checks.map(({ outcome, text }) => [outcome, text]), [[
        "failed",
        "2 7",
      ]]);
      ok(result.kind === "made" && result.reads.some((read) => read.name === "n"));
    }
  });
  const sensing = (name: string, cursor: number | string | null) => ({
    project: project.folder,
    file: "assets/main.ts",
    exportName: name,
    name,
    cursor,
    now: 5,
    lastRunAt: null,
    settings: {},
  });
  await t.step("a sensor's answer, its cursor, and one that is none", async () => {
    const first = await project.client.sensor(sensing("senses", null), 10_000);
    deepStrictEqual(first.ok && first.value, {
      requests: [
        { key: "k1", select: null, partition: null, config: { a: 1 } },
        { key: "k2", select: "zones", partition: null, config: {} },
      ],
      skip: null,
      cursor: 2,
      reads: [{ kind: "env", name: "NYCFLOW_T_NONE", digest: null }],
    });
    const second = await project.client.sensor(sensing("senses", 2), 10_000);
    ok(second.ok && second.value.skip === "nothing new" && second.value.cursor === 2);
    const why: Record<string, string | undefined> = {};
    const wrong = ["text", "keyless", "typo", "cursor", "skip", "partition", "config", "more"];
    for (const name of wrong) {
      const bad = await project.client.sensor(sensing("bad_sensor", name), 10_000);
      ok(!bad.ok && bad.error.code === "result-invalid", name);
      strictEqual(bad.error.where?.file, "assets/main.ts");
      why[name] = bad.error.why;
    }
    deepStrictEqual(why, {
      text: 'evaluate returned "what"',
      keyless: "evaluate returned an object as a request; each has a key",
      typo: "evaluate returned request, which means nothing here",
      cursor: "evaluate returned a function as cursor, which could not be kept",
      skip: "evaluate returned true as skip; it is a text",
      partition: "evaluate returned 3 as partition; it is a text",
      config: "evaluate returned a list as config; it is an object",
      more: "evaluate returned a request with settings, which means nothing",
    });
    const thrown = await project.client.sensor(sensing("throws", null), 10_000);
    ok(!thrown.ok && thrown.error.message === "Cannot evaluate throws");
    const late = await project.client.sensor(sensing("hangs", null), 50);
    ok(!late.ok && late.error.code === "timeout");
    strictEqual(late.error.why, "it did not answer within 50ms");
    // Its runner was ended; the next order gets another.
    ok((await project.client.sensor(sensing("senses", 2), 10_000)).ok);
  });
  await t.step("a source that is looked at", async () => {
    const found = await project.client.observe({
      project: project.folder,
      file: "assets/main.ts",
      exportName: "looked",
      asset: "looked",
      now: 5,
      settings: {},
    }, 10_000);
    deepStrictEqual(found, {
      ok: true,
      value: { dataVersion: "5", metadata: { size: 3 }, reads: [] },
    });
  });
  await t.step(
    "resources are closed when the runner is, and what it was asked is cancelled",
    async () => {
      writeFileSync(join(project.folder, "closed.txt"), "no");
      made((await project.run(project.order("holds"))).result);
      const asked = project.client.sensor(sensing("hangs", null), 60_000);
      await project.client.close();
      strictEqual(readFileSync(join(project.folder, "closed.txt"), "utf8"), "yes");
      const broken = await asked;
      ok(!broken.ok && broken.error.code === "cancelled", JSON.stringify(broken));
    },
  );
});
