import assert from "node:assert/strict";
import { type Lake, lake, type OrderAbout } from "./lake.ts";
import { finish } from "../../src/warehouse/finish.ts";

async function finished({ make, order, session }: Lake, sql: string, about: OrderAbout) {
  const staged = await make(sql, about);
  const given = order(about);
  return await finish(session, given, given.outputs[0]!, staged);
}

Deno.test("metadata is worked out over the candidate's rows, with the partition's parameters", async () => {
  await lake(async (all) => {
    const found = await finished(all, "select unnest([-1, 2, 3]) as fare", {
      partition: "x",
      definition: {
        partitions: { type: "static", keys: ["x"] },
        metadata: {
          strays: "count(*) filter (where fare < 0)",
          key: "any_value($partition_key)",
          none: "max(fare) filter (where fare > 9) -- nothing",
        },
      },
    });
    assert.ok(found.ok, JSON.stringify(found));
    assert.deepEqual(found.value.metadata, { strays: 1, key: "x", none: null });
  });
});

Deno.test("metadata that cannot be worked out is told with its names, and nothing is published", async () => {
  await lake(async (all) => {
    const found = await finished(all, "select 1 as fare", {
      definition: { metadata: { strays: "count(fares)" } },
    });
    assert.ok(!found.ok);
    assert.equal(found.error.message, "Cannot tell strays of t");
    assert.match(found.error.why ?? "", /fares/);
    assert.equal(found.error.where?.file, "assets/t.sql");
  });
});
