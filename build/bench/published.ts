// A project whose partitions count as published without ever having been run: the log that a run would have left,
// without its files. For what only looks at the state, where making a hundred thousand files would take an hour.
//
//   published.ts FOLDER    FOLDER is a project; whatever it is missing becomes published

import process from "node:process";
import { realHost } from "../../src/app/host.ts";
import { Session } from "../../src/app/session.ts";
import type { Event } from "../../src/core/event.ts";
import { digestInputs } from "../../src/core/inputs.ts";
import type { AttemptId, HolderId, RunId, VersionId } from "../../src/core/key.ts";

const [folder = "."] = process.argv.slice(2);
const session = new Session(realHost(["bench"]), folder, true);
const { layout, state, now } = await session.view();
const store = await session.store();
const newId = () => session.host.ids.next();
const run = newId() as RunId;
const holder = newId() as HolderId;

for (const asset of layout.graph.keys) {
  const def = layout.def(asset);
  await store.commit(state, now, () => {
    const events: Event[] = [];
    for (const partition of layout.keys(asset)) {
      if (state.heads.get(asset)?.get(partition)?.published) continue;
      const version = newId() as VersionId;
      const attempt = newId() as AttemptId;
      const inputs = digestInputs(layout, state, asset, partition);
      const of = { run, asset, partition, attempt };
      events.push({
        kind: "attempt-started",
        ...of,
        number: 1,
        holder,
        action: "materialize",
        reasons: [],
        code: def.codeVersion,
        inputs,
        pool: null,
      }, {
        kind: "materialized",
        ...of,
        version,
        dataVersion: version,
        output: "table",
        file: {
          path: `.nycflow/lake/${asset}/${encodeURIComponent(partition)}/${version}.parquet`,
          format: "parquet",
          bytes: 800,
        },
        rows: 100,
        schema: [{ name: "x", type: "BIGINT" }, { name: "y", type: "BIGINT" }],
        ordered: false,
        code: def.codeVersion,
        checksVersion: def.checksVersion,
        inputs,
        reads: [],
        checks: [],
        metadata: {},
        notes: [],
        seconds: 0.01,
      });
    }
    return events;
  }, { durable: false });
}
await session[Symbol.asyncDispose]();
process.exit(0);
