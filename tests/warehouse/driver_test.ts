import assert from "node:assert/strict";
import { problem, ProblemError } from "../../src/core/problem/problem.ts";
import { Cancelled, openDuckDb } from "../../src/warehouse/driver.ts";
import { lake, LIMITS } from "./lake.ts";

Deno.test("limits, time zone and isolation are set on every connection", async () => {
  await lake(async ({ db, project }) => {
    const settings = async () =>
      await db.use(async (session) => {
        const names = [
          "memory_limit",
          "threads",
          "temp_directory",
          "TimeZone",
          "preserve_insertion_order",
          "autoinstall_known_extensions",
          "autoload_known_extensions",
          "allow_community_extensions",
        ];
        const { rows } = await session.rows(
          `select ${names.map((each) => `current_setting('${each}')::varchar`).join(", ")}`,
        );
        return rows[0];
      });
    assert.deepEqual(await settings(), [
      "381.4 MiB",
      "2",
      `${project}/scratch`,
      "America/New_York",
      "false",
      "false",
      "false",
      "false",
    ]);
    await db.limit({ memoryMb: 200, threads: 1, scratch: "" });
    assert.deepEqual((await settings())!.slice(0, 2), ["190.7 MiB", "1"]);
    await db.limit({ ...LIMITS, scratch: "" });
  });
});

Deno.test("connections do not see each other's views, and a view is made once", async () => {
  await lake(async ({ db, session }) => {
    await session.view("t", "select 1 as n");
    await session.view("t", "select 1 as n");
    await assert.rejects(() => db.use((other) => other.rows("from t")), /does not exist/);
    await session.view("t", "select 2 as n");
    await session.view("u", "select 3 as n");
    assert.deepEqual((await session.rows("from t")).rows, [[2]]);
    await session.dropViews(new Set(["u"]));
    await assert.rejects(() => session.rows("from t"), /does not exist/);
    assert.deepEqual((await session.rows("from u")).rows, [[3]]);
  });
});

Deno.test("a query that does not end within its grace is given up, with its connection", async () => {
  await lake(async ({ db }) => {
    const stop = new AbortController();
    let lost: unknown;
    await assert.rejects(
      db.use((session) => {
        lost = session;
        // Stands for work in the engine that looks for no interrupt.
        const deaf = new Promise<never>(() => {});
        const watched = session.watched({ signal: stop.signal, graceMs: 10 }, () => deaf);
        stop.abort("timeout");
        return watched;
      }),
      (error) => error instanceof Cancelled && error.by === "timeout",
    );
    await db.use((session) => {
      assert.notEqual(session, lost);
      return Promise.resolve();
    });
  });
});

Deno.test("an engine that cannot be loaded is a problem with its reason", async () => {
  const opening = openDuckDb({
    limits: { ...LIMITS, scratch: "" },
    timezone: "UTC",
    prepare: () => Promise.reject(new Error("libstdc++.so.6: cannot open shared object file")),
  });
  await assert.rejects(opening, (error) => {
    assert.ok(error instanceof ProblemError);
    assert.deepEqual(
      error.problems[0],
      problem("engine-missing", {
        message: "Cannot start DuckDB",
        why: "libstdc++.so.6: cannot open shared object file",
        hint: "nycflow doctor",
      }),
    );
    return true;
  });
});
