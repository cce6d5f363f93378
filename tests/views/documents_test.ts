import { deepEqual, equal, ok } from "node:assert/strict";
import type { AssetDefinition } from "../../src/core/definition.ts";
import type { VersionId } from "../../src/core/key.ts";
import type { Plan } from "../../src/core/plan.ts";
import {
  eventDocument,
  idleDocument,
  listDocument,
  planDocument,
  rowObjects,
  runDocument,
  showDocument,
  whyDocument,
} from "../../src/views/documents.ts";
import { trendsOf } from "../../src/core/trend.ts";
import * as S from "./samples.ts";

const monthly: NonNullable<AssetDefinition["partitions"]> = {
  type: "time",
  unit: "month",
  start: "2023-01",
  end: null,
  timezone: null,
  weekStart: 1,
  includeCurrent: false,
  availableMs: 0,
};

function listed() {
  const trips = S.status("taxi_trips", [
    {
      partition: S.part("2023-01"),
      head: S.head("taxi_trips", "2023-01", { published: S.published(68211) }),
    },
    { partition: S.part("2023-02"), state: "missing" },
    {
      partition: S.part("2023-03"),
      state: "failed",
      head: S.head("taxi_trips", "2023-03", { published: S.published(5, { at: 1 }) }),
    },
  ], {
    reasons: [S.assetReason("missing", "never materialized", { partitions: "2023-02" })],
    freshness: "late",
    last: S.head("taxi_trips", "2023-01", { published: S.published(68211) }),
  });
  const zones = S.status("zones", [{ state: "missing" }]);
  return {
    statuses: [trips, zones],
    defs: new Map([
      [trips.asset, S.definition("taxi_trips", { partitions: monthly, group: "taxi" })],
      [zones.asset, S.definition("zones", { kind: "csv" })],
    ]),
    view: { now: S.NOW, layout: { timezone: S.ZONE } },
  };
}

Deno.test("ls --json: the promised fields, instants with the project's offset", () => {
  const document = listDocument(listed());
  equal(document["nycflow"], 1);
  const [trips, zones] = document["assets"] as Record<string, unknown>[];
  deepEqual(trips?.["partitions"], {
    scheme: "monthly",
    total: 3,
    materialized: 2,
    stale: 0,
    failed: 1,
    missing: 1,
    running: 0,
  });
  deepEqual(trips?.["last"], {
    run: S.RUN,
    at: "2026-01-05T07:57:00-05:00",
    rows: 68211,
    seconds: 1.2,
  });
  equal(trips?.["state"], "failed");
  equal(trips?.["freshness"], "late");
  equal(trips?.["group"], "taxi");
  deepEqual((trips?.["reasons"] as Record<string, unknown>[])[0], {
    kind: "missing",
    text: "never materialized",
    held: null,
    of: null,
    partitions: "2023-02",
  });
  equal(zones?.["partitions"], null);
  equal(zones?.["last"], null);
  equal(zones?.["kind"], "csv");
});

Deno.test("plan --json: kinds are the seven reasons, held ones included; until is an instant", () => {
  const plan: Plan = {
    fresh: 2,
    steps: [{
      key: "a" as never,
      asset: S.asset("a"),
      partition: S.part(""),
      action: "materialize",
      reasons: [S.reason("upstream", "if b changes", "b")],
      certain: false,
      after: [],
      afterAny: [],
      needs: "all",
      priority: 0,
      together: [S.asset("a")],
    }],
    held: [
      ["failed", "failed"],
      ["retry", "failed"],
      ["upstream", "upstream"],
      ["pinned", "code"],
      ["manual", "code"],
    ].map(([hold]) => ({
      asset: S.asset("h"),
      partition: S.part("2023-01"),
      reasons: [S.reason("code", "its definition changed")],
      held: { kind: hold as "failed", text: "why", until: S.NOW },
    })),
  };
  const document = planDocument(plan, { timezone: S.ZONE });
  deepEqual(document["steps"], [{
    asset: "a",
    partition: null,
    reasons: [{ kind: "upstream", text: "if b changes", of: "b" }],
    certain: false,
    action: "materialize",
  }]);
  const held = document["held"] as Record<string, unknown>[];
  deepEqual(held.map((each) => each["kind"]), ["failed", "failed", "upstream", "code", "code"]);
  deepEqual(held.map((each) => each["hold"])[1], "retry");
  equal(held[0]?.["until"], "2026-01-05T08:00:00-05:00");
  equal(held[0]?.["partition"], "2023-01");
});

Deno.test("why --json: the chain in its order", () => {
  const link = { version: null, file: null, at: null };
  const document = whyDocument({
    asset: S.asset("b"),
    state: "stale",
    partition: S.part(""),
    chain: [
      {
        ...link,
        asset: S.asset("a"),
        partition: S.part("2023-01"),
        kind: "materialized",
        text: "made",
        at: Date.UTC(2026, 6, 1),
      },
      { ...link, asset: S.asset("b"), partition: S.part(""), kind: "upstream", text: "a changed" },
    ],
  }, S.ZONE);
  const chain = document["chain"] as Record<string, unknown>[];
  deepEqual(chain.map((each) => [each["asset"], each["partition"], each["at"]]), [
    ["a", "2023-01", "2026-06-30T20:00:00-04:00"],
    ["b", null, null],
  ]);
});

Deno.test("events: kind, at, run, asset, partition on every line; nothing internal", () => {
  const log = S.log();
  const retry = eventDocument(log.say(S.failed("a", "2023-01", 1, S.NOW + 4000)), S.ZONE);
  equal(retry["kind"], "attempt-failed");
  equal(retry["retryAt"], "2026-01-05T08:00:04-05:00");
  equal(retry["partition"], "2023-01");
  const made = eventDocument(log.say(S.made("a", "", 7)), "UTC");
  equal(made["partition"], null);
  equal(made["at"], "2026-01-05T13:00:00+00:00");
  equal(made["rows"], 7);
  ok(!JSON.stringify(made).includes("secret inputs"));
  const start = eventDocument(log.say(S.started([["a", ""]])), "UTC");
  deepEqual((start["steps"] as Record<string, unknown>[])[0]?.["partition"], null);
  const end = eventDocument(log.say(S.over("failed", { failed: 1 })), "UTC");
  equal(end["kind"], "run-ended");
  equal(end["outcome"], "failed");
  equal(end["asset"], null);
  deepEqual(Object.keys(end["steps"] as object).sort(), [
    "blocked",
    "cancelled",
    "failed",
    "interrupted",
    "skipped",
    "succeeded",
    "unchanged",
  ]);
  equal(idleDocument()["kind"], "idle");
});

Deno.test("rows as objects: two columns of one name lose nothing", () => {
  deepEqual(
    rowObjects({
      columns: [{ name: "a", type: "INTEGER" }, { name: "a", type: "INTEGER" }],
      rows: [[1, "12345678901234567890"]],
      total: 1,
    }),
    [{ a: 1, a_1: "12345678901234567890" }],
  );
});

Deno.test("show --json: an asset's columns, checks, keys; a run's attempts", () => {
  const { statuses, defs } = listed();
  const status = statuses[0];
  const def = status && defs.get(status.asset);
  ok(status && def);
  const told = S.log();
  const history = [10, 30].map((rows) => told.after(1000).say(S.made("trips", "", rows)));
  const trends = trendsOf(false, status, history);
  const shown = showDocument({ status, def, preview: null, trends }, S.ZONE);
  const rows = (shown["trends"] as Record<string, unknown>[])[1];
  deepEqual(
    [rows?.["name"], rows?.["of"], rows?.["last"], rows?.["change"], rows?.["min"], rows?.["max"]],
    ["rows", "rows", 30, 20, 10, 30],
  );
  equal((rows?.["values"] as unknown[]).length, 2);
  deepEqual((shown["columns"] as unknown[])[0], {
    name: "period",
    type: "DATE",
    description: null,
  });
  equal((shown["keys"] as unknown[]).length, 3);
  const log = S.log();
  const events = [
    log.say(S.started([["a", ""]])),
    log.after(10).say(S.attempt("a", "")),
    log.after(10).say(S.failed("a", "", 1, S.NOW + 100)),
    log.after(80).say(S.attempt("a", "", 2)),
    log.after(10).say(S.made("a", "", 3, { attempt: "a//2" as never, version: "v" as VersionId })),
    log.after(10).say(S.over("succeeded", { succeeded: 1 })),
  ];
  const run = runDocument(
    {
      run: S.RUN,
      state: "succeeded",
      trigger: "up",
      selection: "",
      holder: null,
      command: "",
      requestedAt: S.NOW,
      startedAt: S.NOW,
      endedAt: S.NOW + 120,
      planned: 1,
      steps: {},
    },
    events,
    "UTC",
  );
  const work = (run["work"] as Record<string, unknown>[])[0];
  equal(work?.["outcome"], "succeeded");
  const tries = work?.["attempts"] as Record<string, unknown>[];
  deepEqual(tries.map((each) => each["error"] === null), [false, true]);
  equal(run["seconds"], 0.12);
  equal(work?.["critical"], true);
  deepEqual((run["criticalPath"] as Record<string, unknown>[])[0]?.["because"], "start");
});
