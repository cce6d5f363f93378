/** Definitions at run time: frozen, marked, and saying what is wrong with them instead of throwing. */
import { deepStrictEqual, match, ok, strictEqual, throws } from "node:assert/strict";
import process from "node:process";
import {
  asset,
  assets,
  check,
  env,
  fatal,
  monthly,
  resource,
  schedule,
  sensor,
  shell,
  source,
  staticKeys,
  twoDimensions,
  weekly,
} from "nycflow";
import { z } from "zod";
import { ProblemError } from "../../src/core/problem/problem.ts";
import { describe } from "../../src/define/describe.ts";
import { partitionsOf } from "../../src/define/partitions.ts";
import { plain } from "../../src/define/plain.ts";
import { isFatal } from "../../src/define/results.ts";
import { definitionOf } from "../../src/define/spec.ts";
import { describeConfig, validate } from "../../src/define/standard.ts";

function problems(definition: unknown): readonly (readonly [string, string | null])[] {
  const found = definitionOf(definition)!.problems;
  // Each says what to do next.
  ok(found.every(({ hint }) => hint !== null && hint !== ""), JSON.stringify(found));
  return found.map(({ path, why }) => [path, why]);
}

Deno.test("definitions are frozen, and told from what only looks like one", () => {
  const options = { description: "x", run: () => [] };
  const made = asset(options);
  ok(Object.isFrozen(made) && Object.isFrozen(definitionOf(made)!.options));
  options.description = "y";
  strictEqual(definitionOf(made)!.options["description"], "x");
  strictEqual(definitionOf({ kind: "asset", options: {} }), null);
  strictEqual(definitionOf(null), null);
});

Deno.test("what is wrong is collected, with its path", () => {
  const bad = (value: unknown) => value as never;
  deepStrictEqual(problems(asset(bad(3))), [
    ["", "expected an object"],
  ]);
  deepStrictEqual(
    problems(asset({
      deps: bad([3, { asset: "a", lookbak: 1 }, { assets: "a" }]),
      when: bad(3),
      resources: bad({ db: 3 }),
      run: bad("x"),
    })).map(([path]) => path),
    ["deps[0]", "deps[1].lookbak", "deps[2].asset", "when", "resources.db", "run"],
  );
  deepStrictEqual(problems(asset({ deps: bad("trips"), run: () => {} })).map(([path]) => path), [
    "deps",
  ]);
  deepStrictEqual(problems(assets(bad({ run: () => ({}) }))), [["", "it is missing"]]);
  deepStrictEqual(problems(assets(bad({ outputs: {}, run: () => ({}) }))).map(([path]) => path), [
    "outputs",
  ]);
  deepStrictEqual(problems(shell(bad({ command: [], outputs: { a: 3 } }))).map(([path]) => path), [
    "command",
    "outputs.a",
  ]);
  deepStrictEqual(problems(source({})).map(([path]) => path), [""]);
  deepStrictEqual(problems(check(bad({ asset: 3, run: () => true }))).map(([path]) => path), [
    "asset",
  ]);
  deepStrictEqual(problems(schedule(bad({ cron: "@daily", select: 3 }))).map(([path]) => path), [
    "select",
  ]);
  // What is not there at all is told by the loader, once.
  deepStrictEqual(problems(schedule(bad({ cron: "@daily" }))), []);
  deepStrictEqual(problems(shell(bad({}))), []);
  deepStrictEqual(
    problems(asset({ deps: bad([undefined]), run: () => {} }))[0]?.[1],
    "no import has that name, or two modules import each other",
  );
  deepStrictEqual(problems(sensor({})).map(([, why]) => why), ["it is missing"]);
  deepStrictEqual(problems(sensor({ watch: "a/*", evaluate: () => {} })).map(([path]) => path), [
    "",
    "evaluate",
  ]);
  deepStrictEqual(problems(resource(bad({ close: 3 }))).map(([path]) => path), ["", "close"]);
});

Deno.test("partitions say what a SQL header would say", () => {
  const scheme = (value: unknown) => partitionsOf(value)!.scheme;
  deepStrictEqual(scheme(monthly({ start: "2023-01" })), { monthly: { start: "2023-01" } });
  deepStrictEqual(scheme(weekly({ weekStart: "sunday" })), { weekly: { weekStart: "sunday" } });
  deepStrictEqual(scheme(twoDimensions({ month: monthly(), side: staticKeys(["l"]) })), {
    multi: { month: { monthly: {} }, side: { static: ["l"] } },
  });
  match(partitionsOf(twoDimensions({ one: monthly() }))!.problems[0]!.why!, /found 1/);
});

Deno.test("a definition as JSON: functions left out, names found, misspelled keys kept for the loader", async () => {
  const upstream = asset({ run: () => [] });
  const made = asset({
    deps: { zones: upstream },
    tags: { pii: true, team: "x" },
    retires: 3,
    run: () => [],
  } as never);
  const found = await describe(
    definitionOf(made)!,
    (live) => live === definitionOf(upstream) ? ["zones_raw"] : null,
  );
  deepStrictEqual(found, {
    kind: "asset",
    name: null,
    options: { retires: 3, tags: ["pii=true", "team=x"].map((each) => each.replace("=true", "")) },
    deps: [{ asset: "zones_raw", mapping: null, lookback: null, lookahead: null }],
    outputs: null,
    config: null,
    code: ["run"],
    problems: [],
  });
});

Deno.test("config: a schema's issues, or defaults that give texts their type", async () => {
  const schema = z.object({ limit: z.coerce.number().int().default(3) });
  deepStrictEqual(await validate(schema, { limit: "7" }), { ok: true, value: { limit: 7 } });
  const refused = await validate(schema, { limit: "x" });
  ok(!refused.ok && refused.issues[0]!.path === "limit");
  deepStrictEqual((await describeConfig(schema)).spec?.defaults, { limit: 3 });
  const defaults = { limit: 3, on: false, name: "a" };
  deepStrictEqual(await validate(defaults, { limit: "7", on: "true" }), {
    ok: true,
    value: { limit: 7, on: true, name: "a" },
  });
  const wrong = await validate(defaults, { limit: "many", on: 1, nme: "b" });
  deepStrictEqual(!wrong.ok && wrong.issues.map((each) => each.path), ["limit", "on", "nme"]);
  strictEqual((await describeConfig(3)).problems[0]!.path, "config");
});

Deno.test("env: the value, the default, or an error that names it", () => {
  process.env["NYCFLOW_T_ENV"] = "";
  try {
    strictEqual(env("NYCFLOW_T_ENV"), "", "set to nothing is set");
    strictEqual(env("NYCFLOW_T_NONE", "x"), "x");
    throws(() => env("NYCFLOW_T_NONE"), (error) => {
      ok(error instanceof ProblemError);
      const [{ code, hint }] = error.problems as [ProblemError["problems"][0]];
      strictEqual(code, "environment-missing");
      match(hint!, /NYCFLOW_T_NONE=… to \.env/);
      return true;
    });
  } finally {
    delete process.env["NYCFLOW_T_ENV"];
  }
});

Deno.test("fatal is seen through causes", () => {
  ok(isFatal(fatal("no")));
  ok(isFatal(new Error("outer", { cause: fatal(new Error("inner")) })));
  ok(!isFatal(new Error("no")));
});

Deno.test("anything becomes JSON", () => {
  const circle: Record<string, unknown> = {};
  circle["self"] = circle;
  ok(JSON.stringify(plain(circle)).length < 1000);
  deepStrictEqual(
    plain({ a: undefined, b: 10n, c: new Date(0), d: () => 1, e: [NaN, null], f: new Date(NaN) }),
    { b: "10", c: "1970-01-01T00:00:00.000Z", d: true, e: ["NaN", null], f: null },
  );
});
