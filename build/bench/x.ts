const { DuckDBInstance } = await import("@duckdb/node-api");
for (const opts of [{}, {threads:"1"}]) {
const inst = await DuckDBInstance.create(":memory:", { preserve_insertion_order: "false", ...opts });
const c = await inst.connect();
async function go(name: string, f: () => Promise<unknown>) {
  for (let i = 0; i < 50; i++) await f();
  const t = performance.now(); const cpu = process.cpuUsage();
  for (let i = 0; i < 500; i++) await f();
  const u = process.cpuUsage(cpu);
  console.log(name.padEnd(30), ((performance.now() - t)/500).toFixed(3), "ms; cpu", (u.user / 500000).toFixed(3), (u.system/500000).toFixed(3));
}
const cte = `with "s" as not materialized (select null::BIGINT as "x", null::BIGINT as "y" where false\n) select x, y+1 as y from s`;
await go("hop: await new Promise(setImmediate)", () => new Promise((r) => setImmediate(r)));
await go("prepare select 1", async () => { const p = await c.prepare("select 1"); p.destroySync(); });
await go("prepare cte", async () => { const p = await c.prepare(cte); p.columnName(0); p.columnType(0); p.columnName(1); p.columnType(1); p.destroySync(); });
await go("run select 1", () => c.run("select 1"));
await go("run cte limit 0", () => c.run(cte + " limit 0"));
await go("run readall", () => c.runAndReadAll(cte + " limit 0"));
c.closeSync(); inst.closeSync();
}
