/** Several processes want the same work at once, with pools, while another one reads: each thing is made once. */
import { deepEqual, equal, ok } from "node:assert/strict";
import { openSqliteStore } from "../../src/stores/sqlite/open.ts";
import { eitherWay, makeRig } from "../rig/program.ts";
import { assertSound, timesMade } from "./sound.ts";

function files(count: number): Record<string, string> {
  const found: Record<string, string> = {
    "nycflow.config.ts":
      'import { defineConfig } from "nycflow";\nexport default defineConfig({ pools: { few: 2 } });\n',
    "assets/base.sql": "select range as n from range(1000)",
  };
  for (let at = 0; at < count; at++) {
    const pool = at % 4 === 0 ? "/* @asset\npool: few\n*/\n" : "";
    found[`assets/t${at}.sql`] = `${pool}select n + ${at} as n from base`;
  }
  found["assets/last.sql"] = Array.from({ length: count }, (_, at) => `select n from t${at}`)
    .join(" union all ");
  return found;
}

for (const [processes, assets] of [[2, 12], [5, 24]] as const) {
  Deno.test(`race: ${processes} processes at once make each of ${assets} assets once`, async () => {
    await using rig = makeRig({ via: eitherWay(), files: files(assets) });
    const runs = Array.from({ length: processes }, () => rig.run(["up", "--quiet"]));
    let reading = true;
    const reader = (async () => {
      let reads = 0;
      while (reading) {
        const store = await openSqliteStore(rig.path(".nycflow", "state.db"), { readOnly: true });
        await store.load();
        await store.close();
        reads++;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      return reads;
    })();
    const ended = await Promise.all(runs);
    reading = false;
    ok(await reader > 0, "no read met a lock");
    deepEqual(ended.map(({ code, stderr }) => [code, stderr]), ended.map(() => [0, ""]));
    const { events } = await assertSound(rig.folder, {
      settled: true,
      pools: { few: 2 },
      deps: { t1: ["base"], last: ["t0", "t1"] },
    });
    const times = timesMade(events);
    equal(Object.keys(times).length, assets + 2);
    deepEqual([...new Set(Object.values(times))], [1]);
  });
}
