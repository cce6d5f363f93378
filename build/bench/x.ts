import { mkdirSync, rmSync } from "node:fs";
const { DuckDBInstance } = await import("@duckdb/node-api");
const dir = process.argv[2]!;
const meta = JSON.stringify({format:1,asset:"s0001",partition:"",version:"01m83qrpwsdrzw5xjbrwm1eynk",run:"01m83qrpwsdrzw5xjbrwm1eynk",attempt:"01m83qrpwsdrzw5xjbrwm1eynk",code:"f326d55a8a29b55cb50c095dbb68c91d",checks:"",inputs:"x",inputVersions:[["s0001","","01m83qrpwsdrzw5xjbrwm1eynk"]],schema:[["x","BIGINT"],["y","BIGINT"]]});
async function go(name: string, o: any) {
  rmSync(dir, { recursive: true, force: true }); mkdirSync(dir, { recursive: true });
  const inst = await DuckDBInstance.create(":memory:", { preserve_insertion_order: "false", temp_directory: dir, memory_limit: "2000MB", ...(o.json ? { errors_as_json: "true" } : {}), ...(o.threads ? { threads: o.threads } : {}) });
  const c = await inst.connect();
  if (o.progress) await c.run("set enable_progress_bar = true; set enable_progress_bar_print = false");
  const t = performance.now(); const cpu = process.cpuUsage();
  for (let i = 0; i < 1000; i++) {
    const read = `read_parquet('${dir}/${i - 1}.parquet', hive_partitioning=false)`;
    const sql = i === 0 ? "select range as x, range*2 as y from range(100)" : o.cte ? `with "s" as not materialized (select "x", "y" from ${read}\n) select x, y+1 as y from s` : `select x, y+1 as y from ${read}`;
    if (o.prepare) { const p = await c.prepare(sql); p.columnName(0); p.columnType(0); p.destroySync(); }
    await c.run(`copy (${sql}\n) to '${dir}/${i}.parquet' (format parquet${o.kv ? `, kv_metadata {nycflow: '${meta}'}` : ""})`);
  }
  const u = process.cpuUsage(cpu);
  console.log(name.padEnd(20), (performance.now() - t).toFixed(0), "cpu", ((u.user) / 1000).toFixed(0), (u.system/1000).toFixed(0));
  c.closeSync(); inst.closeSync();
}
for (let r = 0; r < 2; r++) {
await go("plain", {}); await go("cte", { cte: true }); await go("prepare", { prepare: true }); await go("kv", { kv: true }); await go("progress", { progress: true }); await go("threads1", { threads: "1" });await go("threads2", { threads: "2" });await go("json", { json: true });
await go("all", { cte: true, prepare: true, kv: true, progress: true });
}
rmSync(dir, { recursive: true, force: true });
