import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { StepOrder, StepResult } from "../../src/core/order.ts";
import type { StepExecutor, StepHooks } from "../../src/ports/executor.ts";
import { createSqlExecutor } from "../../src/warehouse/executor.ts";
import { check, type Lake, lake, LIMITS, type OrderAbout } from "./lake.ts";

const HOOKS: StepHooks = {
  signal: new AbortController().signal,
  graceMs: 5000,
  progress: () => {},
  log: () => {},
};

async function executing(work: (made: Lake, executor: StepExecutor) => Promise<void>) {
  await lake(async (made) => {
    const executor = createSqlExecutor({
      project: made.project,
      limits: { ...LIMITS, scratch: join(made.project, "scratch") },
      timezone: "America/New_York",
      prepare: () => Promise.resolve(),
    });
    try {
      await work(made, executor);
    } finally {
      await executor.close();
    }
  });
}

function order(made: Lake, text: string, about: OrderAbout = {}, ordered = false): StepOrder {
  const sql = { text, line: 4, ordered, parameters: [], files: [], volatile: false };
  return made.order({ ...about, definition: { sql, ...about.definition } });
}

function candidate(result: StepResult) {
  assert.equal(result.kind, "made", JSON.stringify(result));
  return (result as Extract<StepResult, { kind: "made" }>).candidates[0]!;
}

Deno.test("a SQL step gives a candidate: written, audited, compared, not published", async () => {
  await executing(async (made, executor) => {
    const checks = [
      check({ kind: "not_null", columns: ["i"] }),
      check({ kind: "holds", severity: "warn", expect: { condition: "i < 5" } }),
    ];
    const first = candidate(
      await executor.execute(
        order(made, "select sum(i) as i from range(4) t(i)", { checks }),
        HOOKS,
      ),
    );
    assert.equal(first.same, false);
    assert.deepEqual(first.notes, ["i: HUGEINT is kept as BIGINT"]);
    assert.deepEqual(first.checks.map((each) => each.outcome), ["passed", "warned"]);
    assert.ok(existsSync(join(made.project, first.file!.path)));
    const previous = made.version({ ...first, notes: [], metadata: {} });
    const again = candidate(
      await executor.execute(order(made, "select 6::bigint as i", { previous, checks }), HOOKS),
    );
    assert.equal(again.same, true);
    const changed = candidate(
      await executor.execute(order(made, "select 7::bigint as i", { previous }), HOOKS),
    );
    assert.equal(changed.same, false);
  });
});

Deno.test("what fails is a result with a place, never an exception", async () => {
  await executing(async (made, executor) => {
    const result = await executor.execute(order(made, "select 1 as a,\n nope"), HOOKS);
    assert.ok(result.kind === "failed");
    assert.deepEqual(
      [
        result.problem.code,
        result.problem.where!.asset,
        result.problem.where!.file,
        result.problem.where!.line,
        result.problem.where!.column,
      ],
      ["sql-bind", "t", "assets/t.sql", 5, 2],
    );
    const lost = await executor.execute(
      order(made, "from gone", { inputs: [made.input("gone", [])] }),
      HOOKS,
    );
    assert.ok(lost.kind === "failed" && lost.problem.code === "source-missing");
  });
});

Deno.test("settings and files that a query reads are recorded by digest, paths from the project", async () => {
  await executing(async (made, executor) => {
    writeFileSync(join(made.project, "x.csv"), "a\n1\n");
    const sql = {
      text: "select *, $config.n as n from read_csv('x.csv')",
      line: 1,
      ordered: false,
      parameters: ["config.n"],
      files: ["x.csv", "none-*.csv", "https://example.org/x"],
      volatile: false,
    };
    const run = async (settings: { n: number }) => {
      const result = await executor.execute(made.order({ settings, definition: { sql } }), HOOKS);
      assert.ok(result.kind === "made", JSON.stringify(result));
      return result.reads;
    };
    const one = await run({ n: 1 });
    assert.deepEqual(one.map((each) => [each.kind, each.name]), [
      ["config", "n"],
      ["file", "x.csv"],
      ["file", "none-*.csv"],
      ["file", "https://example.org/x"],
    ]);
    assert.deepEqual(one.map((each) => each.digest === null), [false, false, true, true]);
    assert.deepEqual(await run({ n: 1 }), one);
    assert.notEqual((await run({ n: 2 }))[0]!.digest, one[0]!.digest);
    writeFileSync(join(made.project, "x.csv"), "a\n2\n");
    assert.notEqual((await run({ n: 1 }))[1]!.digest, one[1]!.digest);
  });
});

Deno.test("data files become tables", async () => {
  await executing(async (made, executor) => {
    writeFileSync(join(made.project, "z.csv"), "id,zone\n1,Midtown\n");
    const make = (previous?: ReturnType<Lake["version"]>) =>
      executor.execute(
        made.order({
          definition: { kind: "csv", dataFile: "z.csv" },
          ...(previous ? { previous } : {}),
        }),
        HOOKS,
      );
    const first = candidate(await make());
    assert.deepEqual([first.output, first.rows, first.schema[0]!.type], ["table", 1, "BIGINT"]);
    assert.equal(
      candidate(await make(made.version({ ...first, notes: [], metadata: {} }))).same,
      true,
    );
  });
});

Deno.test("a view is bound and checked, and holds no file", async () => {
  await executing(async (made, executor) => {
    const trips = made.input("trips", [
      made.version(await made.make("select i from range(10) t(i)")),
    ]);
    const checks = [
      check({ kind: "rows", expect: { min: 5 } }),
      check({ kind: "holds", expect: { condition: "j > 0" } }),
    ];
    const view = { inputs: [trips], checks, definition: { materialized: "view" as const } };
    const made_ = candidate(
      await executor.execute(
        order(made, "select i + $config.by as j from trips", { ...view, settings: { by: 1 } }),
        HOOKS,
      ),
    );
    assert.deepEqual([made_.output, made_.file, made_.schema], ["view", null, [{
      name: "j",
      type: "BIGINT",
    }]]);
    assert.deepEqual(made_.checks.map((each) => each.outcome), ["passed", "passed"]);
    const bad = await executor.execute(order(made, "select nope from trips", view), HOOKS);
    assert.ok(bad.kind === "failed" && bad.problem.where!.column === 8);
  });
});

Deno.test("checks run again on what is published", async () => {
  await executing(async (made, executor) => {
    const previous = made.version(await made.make("select 1 as id union all select null"));
    const checks = [check({ kind: "not_null", columns: ["id"] })];
    const again = { ...made.order({ previous, checks }), action: "check" as const };
    const result = await executor.execute(again, HOOKS);
    assert.ok(result.kind === "checked");
    assert.deepEqual(result.checks.map((each) => [each.outcome, each.failing]), [["failed", 1]]);
    const nothing = await executor.execute({ ...made.order({ checks }), action: "check" }, HOOKS);
    assert.ok(nothing.kind === "failed" && nothing.problem.code === "source-missing");
  });
});

Deno.test("cancel and timeout are told apart, and steps side by side do not see each other", async () => {
  await executing(async (made, executor) => {
    const stop = new AbortController();
    const slow =
      "select count(*) as n from range(1000000) a, range(1000000) b where (a.range * b.range) % 7 = 3";
    let told = 0;
    const spinning = executor.execute(order(made, slow), {
      ...HOOKS,
      signal: stop.signal,
      progress: () => {
        told += 1;
        stop.abort("timeout");
      },
    });
    const results = await Promise.all(Array.from({ length: 8 }, async (_, at) => {
      const table = made.input("t", [made.version(await made.make(`select ${at} as n`))]);
      const sql = at % 2
        ? "with x as (from t) select n + 1 as n from x"
        : "select n + 1 as n from t";
      const one = candidate(await executor.execute(order(made, sql, { inputs: [table] }), HOOKS));
      return await made.rows(made.input("t", [made.version({ ...one, notes: [], metadata: {} })]));
    }));
    assert.deepEqual(results, Array.from({ length: 8 }, (_, at) => [[at + 1]]));
    assert.deepEqual(await spinning, { kind: "cancelled", by: "timeout" });
    assert.ok(told > 0);
    const before = await executor.execute(order(made, "select 1 as a"), {
      ...HOOKS,
      signal: AbortSignal.abort("cancel"),
    });
    assert.deepEqual(before, { kind: "cancelled", by: "cancel" });
  });
});
