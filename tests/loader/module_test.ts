/** What TypeScript modules export, given as the runner describes it. */
import assert from "node:assert/strict";
import type { JsonObject } from "../../src/core/json.ts";
import { problem } from "../../src/core/problem/problem.ts";
import type { AssetSpec, DependencySpec, Spec } from "../../src/core/spec.ts";
import type { DescribedExport, OptionPlace } from "../../src/ports/loader.ts";
import { Project, told } from "./project.ts";

function spec(more: Partial<AssetSpec> & { readonly options?: JsonObject } = {}): AssetSpec {
  return {
    kind: "asset",
    name: null,
    problems: [],
    options: {},
    deps: [],
    outputs: null,
    config: null,
    code: ["run"],
    ...more,
  };
}

function dep(asset: string, more: Partial<DependencySpec> = {}): DependencySpec {
  return { asset, mapping: null, lookback: null, lookahead: null, ...more };
}

function exported(
  exportName: string,
  of: Spec,
  line = 1,
  places: Readonly<Record<string, OptionPlace>> = {},
): DescribedExport {
  return { exportName, line, column: 14, spec: of, places };
}

function at(line: number, column: number, length: number): OptionPlace["key"] {
  return { line, column, length };
}

Deno.test("modules: names, groups, dependencies, several assets of one function", async () => {
  await using project = new Project({ "assets/zones.sql": "select 1 as x" });
  project.module("assets/taxi/trips.ts", {
    exports: [
      exported(
        "trips",
        spec({
          options: {
            partitions: { monthly: { start: "2023-01" } },
            timeout: 90_000,
            retry: { attempts: 2, delay: "2s", maxDelay: 60_000 },
            uniqueKey: "id",
            materialized: "incremental",
          },
          deps: [dep("ZONES", { mapping: "latest" }), dep("split_a", { lookback: 2 })],
          config: { schema: { type: "object" }, defaults: { a: 1 } },
          code: ["run", "when"],
        }),
      ),
      exported("default", spec({ name: "named" })),
      exported(
        "both",
        spec({
          kind: "assets",
          options: { owner: "ana", description: "shared" },
          outputs: { split_a: { description: "first" }, split_b: {} },
        }),
      ),
      exported(
        "sh",
        spec({
          kind: "shell",
          options: { command: ["python", "x.py"], outputs: "x.csv" },
          code: [],
        }),
      ),
      exported(
        "inbox",
        spec({ kind: "source", options: { path: "inbox/a.csv", freshness: "1d" } }),
      ),
    ],
  });
  const { project: { assets } } = await project.loaded();
  const by = new Map(assets.map((each) => [String(each.key), each]));
  assert.deepEqual([...by.keys()].sort(), [
    "inbox",
    "named",
    "sh",
    "split_a",
    "split_b",
    "trips",
    "zones",
  ]);
  const trips = by.get("trips");
  assert.equal(trips?.group, "taxi");
  assert.equal(trips?.kind, "typescript");
  assert.equal(trips?.timeoutMs, 90_000);
  assert.equal(trips?.retry?.maxDelayMs, 60_000);
  assert.equal(trips?.when, "code");
  assert.equal(trips?.strategy, "window");
  assert.deepEqual(trips?.config?.defaults, { a: 1 });
  assert.deepEqual(
    trips?.deps.map((each) => [each.asset, each.mapping.type, each.lookback]),
    [["zones", "latest", 0], ["split_a", "default", 2]],
  );
  assert.deepEqual(by.get("split_b")?.together, ["split_a", "split_b"]);
  assert.deepEqual(
    [by.get("split_a")?.description, by.get("split_b")?.description, by.get("split_b")?.owner],
    ["first", "shared", "ana"],
  );
  assert.equal(by.get("sh")?.kind, "shell");
  assert.equal(by.get("inbox")?.kind, "source");
});

Deno.test("modules: schedules, sensors, and a check that stands apart", async () => {
  await using project = new Project({
    "assets/zones.sql": "select 1 as x",
    "assets/b.sql": "select 1 as x",
  });
  const before = await project.asset("zones");
  project.module("assets/around.ts", {
    exports: [
      exported("mornings", {
        kind: "schedule",
        name: null,
        problems: [],
        options: { cron: "0 6 * * *", select: "zones", overlap: "queue" },
      }),
      exported("inbox", {
        kind: "sensor",
        name: "watching",
        problems: [],
        options: { watch: "requests/*.json", every: "5s" },
        code: [],
      }),
      exported("no_gaps", {
        kind: "check",
        name: null,
        asset: "zones",
        problems: [],
        options: { severity: "warn" },
        deps: [dep("b")],
      }, 7),
    ],
  });
  const { project: made } = await project.loaded();
  assert.deepEqual(
    made.schedules.map(({ name, cron, catchUp, overlap }) => [name, cron, catchUp, overlap]),
    [
      ["mornings", "0 6 * * *", "latest", "queue"],
    ],
  );
  assert.deepEqual(made.sensors.map(({ name, watch, everyMs }) => [name, watch, everyMs]), [
    ["watching", "requests/*.json", 5000],
  ]);
  const zones = made.assets.find((each) => each.key === "zones");
  assert.deepEqual(zones?.checks, [{
    name: "no_gaps",
    kind: "code",
    columns: [],
    expect: { exportName: "no_gaps", file: "assets/around.ts" },
    severity: "warn",
    blocking: false,
    scope: "partition",
    warnAt: null,
    errorAt: null,
    reads: ["b"],
    line: 7,
  }]);
  assert.notEqual(zones?.checksVersion, before.checksVersion);
  assert.equal(zones?.codeVersion, before.codeVersion);
});

Deno.test("modules: what is wrong is told at the option's own place", async () => {
  await using project = new Project();
  const text = [
    `export const trips = asset({`,
    `  descripton: "x",`,
    `  retry: { attempts: 0 },`,
    `  deps: ["zonse"],`,
    `  schedule: "0 25 * * *",`,
    `});`,
    ``,
  ].join("\n");
  project.write("assets/zones.sql", "select 1 as x");
  project.module("assets/trips.ts", {
    exports: [exported(
      "trips",
      spec({
        options: { descripton: "x", retry: { attempts: 0 }, schedule: "0 25 * * *" },
        problems: [{
          path: "deps",
          message: "Cannot use x as deps",
          why: "expected a list",
          hint: null,
        }],
      }),
      1,
      {
        descripton: { key: at(2, 3, 10), value: at(2, 15, 3) },
        retry: { key: at(3, 3, 5), value: at(3, 10, 15) },
        "retry.attempts": { key: at(3, 12, 8), value: at(3, 22, 1) },
        deps: { key: at(4, 3, 4), value: at(4, 9, 9) },
      },
    )],
  }, text);
  assert.deepEqual((await project.problems()).map(told), [
    'definition-invalid assets/trips.ts:1:14 «trips» Cannot use "0 25 * * *" as schedule | hour: 25 is not within 0 to 23 | hour is 0 to 23, *, or lists and ranges of these'
      .replace("definition-invalid", "cron-invalid"),
    'definition-invalid assets/trips.ts:2:3 «descripton» Cannot use "descripton" as a key of asset() | no such key | did you mean description?',
    "definition-invalid assets/trips.ts:3:22 «0» Cannot use 0 as retry.attempts | expected a whole number, 1 or more | write attempts: 3",
    'definition-invalid assets/trips.ts:4:9 «["zonse"]» Cannot use x as deps | expected a list | undefined',
  ]);
});

Deno.test("modules: two of one name in one file", async () => {
  await using project = new Project();
  project.module("assets/m.ts", {
    exports: [exported("a", spec({ name: "x" }), 3), exported("b", spec({ name: "X" }), 9)],
  });
  assert.deepEqual((await project.problems()).map(({ code, why }) => [code, why]), [[
    "duplicate-asset",
    "they stand in assets/m.ts:3 and assets/m.ts:9 (x, X: case makes no difference)",
  ]]);
});

Deno.test("modules: what a broken module may define is not told as unknown", async () => {
  await using project = new Project({
    "assets/a.sql": "from trips",
    "assets/b.sql": "from nowhere",
  });
  const thrown = problem("module-throws", {
    message: "Cannot import assets/m.ts",
    where: { file: "assets/m.ts", line: 1 },
  });
  project.module("assets/m.ts", { problems: [thrown] }, "export const trips = asset(boom());\n");
  assert.deepEqual(
    (await project.problems()).map((each) => [each.code, each.fields?.["unknown"] ?? null]),
    [["module-throws", null], ["unknown-dependency", "nowhere"]],
  );
});

Deno.test("modules: of a module with a mistake names and dependencies are judged all the same", async () => {
  await using project = new Project({ "assets/a.sql": "from trips join trisp using (x)" });
  project.module("assets/m.ts", {
    exports: [
      exported("trips", spec({ options: { timeout: "soon" }, deps: [dep("nowhere")] })),
      exported("fine", spec({ deps: [dep("trips")] })),
    ],
  }, "// trisp\n");
  assert.deepEqual(
    (await project.problems()).map((
      each,
    ) => [each.code, each.where?.asset, each.fields?.["unknown"]]),
    [
      ["definition-invalid", "trips", undefined],
      ["unknown-dependency", "a", "trisp"],
      ["unknown-dependency", "trips", "nowhere"],
    ],
  );
});

Deno.test("modules: a project of modules without assets says so", async () => {
  await using project = new Project();
  project.module("assets/lib.ts", {});
  const [found] = await project.problems();
  assert.equal(found?.code, "no-assets");
  assert.equal(found?.why, "no module in assets/ exports an asset");
});

Deno.test("config: everything, and what holds where nothing is said", async () => {
  await using project = new Project({ "assets/a.sql": "select $config.borough as x" });
  project.env = { TOKEN: "x" };
  const options = {
    name: "taxi",
    timezone: "America/New_York",
    concurrency: 3,
    pools: { downloads: 2 },
    notify: [{ command: "mail", on: "failure" }, { webhook: "${URL}", shape: "slack" }],
    warehouse: { mirror: true, memory: "4GB", threads: 2 },
    settings: { borough: "Queens" },
    env: { TOKEN: { secret: true }, MISSING: "the shop", HAS: { default: "1" } },
    secrets: ["OTHER"],
    dashboard: { keys: { run: "ctrl+r", quit: ["Q", "q"] }, clock: false },
    defaults: { timeout: "1m", retry: 2 },
  };
  project.module("nycflow.config.ts", {
    exports: [exported("default", { kind: "config", name: null, problems: [], options })],
  });
  const { project: made, warnings } = await project.loaded();
  const { assets, ...rest } = made;
  assert.deepEqual(rest, {
    name: "taxi",
    timezone: "America/New_York",
    concurrency: 3,
    pools: { downloads: 2 },
    notify: [
      { kind: "command", options: { command: "mail" }, on: ["failure"], draw: [] },
      {
        kind: "webhook",
        options: { url: "${URL}", shape: "slack" },
        on: ["failure", "late", "recovery", "reminder"],
        draw: [],
      },
    ],
    warehouse: {
      mirror: "warehouse.duckdb",
      memoryMb: 4096,
      threads: 2,
      scratch: null,
      budgetBytes: null,
    },
    settings: { borough: "Queens" },
    secrets: ["OTHER", "TOKEN"],
    variables: { HAS: "1" },
    dashboard: { keys: { run: ["ctrl+r"], quit: ["Q", "q"] }, clock: false, mouse: true },
    schedules: [],
    sensors: [],
  });
  assert.equal(assets[0]?.timeoutMs, 60_000);
  assert.equal(assets[0]?.retry?.attempts, 2);
  assert.deepEqual(warnings.map((each) => [each.code, each.fields]), [[
    "environment-missing",
    { name: "MISSING" },
  ]]);
});

Deno.test("config: misspelled keys and wrong types, with the nearest", async () => {
  await using project = new Project({ "assets/a.sql": "select 1 as x" });
  project.module("nycflow.config.ts", {
    exports: [exported(
      "default",
      {
        kind: "config",
        name: null,
        problems: [],
        options: { timezon: "UTC", concurrency: "four", warehouse: { memory: "lots" } },
      },
      3,
      { timezon: { key: at(4, 3, 7), value: at(4, 12, 5) } },
    )],
  }, '\n\nexport default defineConfig({\n  timezon: "UTC",\n});\n');
  assert.deepEqual((await project.problems()).map(told), [
    'config-invalid nycflow.config.ts:3:14 «t» Cannot use "four" as concurrency | expected a whole number, 1 or more | write concurrency: 4',
    'config-invalid nycflow.config.ts:3:14 «t» Cannot use "lots" as warehouse.memory | expected an amount of memory such as "4GB" or "512MB" | write memory: "4GB"',
    'config-invalid nycflow.config.ts:4:3 «timezon» Cannot use "timezon" as a key of nycflow.config.ts | no such key | did you mean timezone?',
  ]);
});
