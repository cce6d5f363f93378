// An environment over an empty production is a store like any other; over one that holds something it shows both.
import assert from "node:assert/strict";
import type { Event } from "../../src/core/event.ts";
import type { AttemptId, HolderId, PartitionKey, RunId, VersionId } from "../../src/core/key.ts";
import { layeredStore } from "../../src/stores/layered.ts";
import { createMemoryLog, openMemoryStore } from "../../src/stores/memory/store.ts";
import { key } from "../kit/definitions.ts";

const WHOLE = "" as PartitionKey;

function made(asset: string, version: string, rows: number): readonly Event[] {
  const of = {
    run: `run of ${version}` as RunId,
    asset: key(asset),
    partition: WHOLE,
    attempt: `attempt of ${version}` as AttemptId,
    code: "c",
    inputs: "",
  };
  return [{
    kind: "attempt-started",
    ...of,
    number: 1,
    holder: "h" as HolderId,
    action: "materialize",
    reasons: [],
    pool: null,
  }, {
    kind: "materialized",
    ...of,
    version: version as VersionId,
    dataVersion: version as VersionId,
    output: "table",
    file: null,
    rows,
    schema: [],
    ordered: false,
    checksVersion: "",
    reads: [],
    checks: [],
    metadata: {},
    notes: [],
    seconds: 0,
  }];
}

async function layers() {
  const base = openMemoryStore(createMemoryLog());
  await base.commit(await base.load(), 1, () => [...made("a", "a1", 1), ...made("b", "b1", 1)]);
  const log = createMemoryLog();
  return { base, own: openMemoryStore(log), open: () => layeredStore(base, openMemoryStore(log)) };
}

Deno.test("layered: shows production until there is something of its own, and writes only there", async () => {
  const { base, own, open } = await layers();
  const store = open();
  const state = await store.load();
  const rows = (name: string) => state.heads.get(key(name))?.get(WHOLE)?.published?.rows;
  assert.deepEqual([rows("a"), rows("b")], [1, 1]);
  await store.commit(state, 2, (seen) => {
    assert.equal(seen.heads.get(key("a"))?.get(WHOLE)?.published?.rows, 1);
    return made("a", "a2", 2);
  });
  assert.deepEqual([rows("a"), rows("b")], [2, 1]);
  // Whatever compares the order of events finds production's before its own.
  const events = [...state.heads.values()].flatMap((each) => [...each.values()]);
  assert.deepEqual(events.map((each) => (each.published?.event ?? 0) > 0), [true, false]);
  assert.equal((await base.load()).heads.get(key("a"))?.get(WHOLE)?.published?.rows, 1);
  assert.equal((await own.load()).heads.size, 1);
  const again = await open().load();
  assert.deepEqual(again.heads.get(key("a")), state.heads.get(key("a")));
});

Deno.test("layered: another process's commits are seen in decide, and production's history before its own", async () => {
  const { open } = await layers();
  const [one, other] = [open(), open()];
  const state = await one.load();
  await other.commit(await other.load(), 2, () => made("a", "a2", 2));
  let seen = 0;
  await one.commit(state, 3, (current) => {
    seen = current.heads.get(key("a"))?.get(WHOLE)?.published?.rows ?? 0;
    return [];
  });
  assert.equal(seen, 2);
  const found = await one.events({ asset: key("a"), kinds: ["materialized"] });
  assert.deepEqual(found.map(({ id }) => id > 0), [false, true]);
  assert.ok(found.every(({ id }, at) => at === 0 || id > (found[at - 1]?.id ?? 0)));
  const [last] = await one.events({
    asset: key("a"),
    kinds: ["materialized"],
    reverse: true,
    limit: 1,
  });
  assert.equal(last?.event.kind === "materialized" && last.event.version, "a2");
  const [begun] = await one.events({ asset: key("a"), kinds: ["attempt-started"], after: 0 });
  assert.equal(begun?.event.kind === "attempt-started" && begun.event.base, 4);
});
