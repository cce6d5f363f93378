/** Random events for properties of the stores. */
import fc from "fast-check";
import type { Event } from "../../src/core/event.ts";
import {
  asset,
  check,
  checked,
  ended,
  exported,
  failed,
  made,
  part,
  requested,
  runEnded,
  runStarted,
  started,
  versionId,
  versionSet,
} from "../kit/events.ts";

/** Few names, so that events meet: claims are held, lost, published upon, late. */
const anyAt = fc.record({
  asset: fc.constantFrom("a", "b"),
  partition: fc.constantFrom("", "p"),
  run: fc.constantFrom("r1", "r2"),
  attempt: fc.constantFrom("t1", "t2"),
});
const anyOutcome = fc.constantFrom(
  "unchanged" as const,
  "skipped" as const,
  "blocked" as const,
  "cancelled" as const,
  "interrupted" as const,
);
const anyVersion = fc.constantFrom("v1", "v2", "v3");

export const anyEvent: fc.Arbitrary<Event> = fc.oneof(
  { weight: 4, arbitrary: anyAt.map((at) => started(at)) },
  {
    weight: 4,
    arbitrary: fc.tuple(anyAt, anyVersion, anyVersion, fc.boolean()).map(([at, v, data, view]) =>
      made(at, v, {
        dataVersion: versionId(data),
        metadata: view ? {} : { n: 1 },
        ...(view ? { file: null, output: "view" } : {
          file: { path: `x/${v}`, format: "csv", bytes: 1, reader: { delim: ";" } },
        }),
      })
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(anyAt, fc.option(fc.nat())).map(([at, retryAt]) => failed(at, { retryAt })),
  },
  fc.tuple(anyAt, anyVersion, fc.boolean()).map(([at, version, good]) =>
    checked(at, version, [check(good ? "passed" : "failed")])
  ),
  fc.tuple(anyAt, anyOutcome, fc.boolean()).map(([at, outcome, begun]) =>
    ended(outcome, { ...at, begun })
  ),
  fc.constantFrom<Event>(
    requested("r1"),
    requested("r2", { requestKey: "k" }),
    runStarted("r1"),
    runStarted("r2"),
    runEnded("r1"),
    runEnded("r2"),
  ),
  anyAt.map((at) => exported(at)),
  fc.tuple(
    anyAt,
    fc.constantFrom("rollback" as const, "unpin" as const, "mark" as const),
    anyVersion,
  )
    .map(([at, action, version]) =>
      versionSet(action, at, {
        version: versionId(version),
        restored: { at: 5, event: made(at, version) },
      })
    ),
  anyAt.map((at) => versionSet("wipe", at)),
  anyAt.map((at): Event => ({
    kind: "observed",
    asset: asset(at.asset),
    partition: part(at.partition),
    dataVersion: versionId("seen"),
    metadata: { etag: 1 },
  })),
  fc.nat(9).map((due): Event => ({
    kind: "ticked",
    source: "nightly",
    due,
    outcome: due % 2 ? "seen" : "failed",
    text: "",
    runs: [],
    cursor: due,
    problem: null,
  })),
  fc.constantFrom<Event>(
    { kind: "notified", about: "a", of: "failure", sink: "mail", problem: null },
    { kind: "switched", source: "nightly", on: false },
    { kind: "partition-added", asset: asset("a"), partition: part("k"), payload: { x: 1 } },
    { kind: "forgotten", fact: "partition:a:k" },
  ),
);
