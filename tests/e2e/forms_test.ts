// Every form of asset, made and read through the real program, both ways.

import assert from "node:assert/strict";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { bothWays, oneWay, type Rig } from "../rig/program.ts";

const nycflow = (names: string) => `import { ${names} } from "nycflow";\n`;

async function up(rig: Rig, ...args: string[]) {
  const ended = await rig.run(["up", ...args]);
  assert.equal(ended.code, 0, `${ended.stdout}\n${ended.stderr}`);
  return ended;
}

async function rows(rig: Rig, query: string) {
  return await rig.json(["sql", "--json", query]) as Record<string, unknown>[];
}

/** What ran, by name. */
const made = ({ stderr }: { stderr: string }) =>
  [...stderr.matchAll(/^✓ (\S+) /gm)].map(([, name]) => name ?? "").sort();

oneWay("forms: files as tables, and views over them", async (rig) => {
  rig.project({
    "assets/people.json":
      '[{"name":"Ann","age":41,"born":"1982-03-04"},{"name":"Bob","age":7,"born":"2016-01-02"}]',
    "assets/clicks.json":
      '{"clicked":"2023-01-01T10:00:00","who":{"id":1}}\n{"clicked":"2023-01-01T11:00:00","who":{"id":2}}\n',
    "assets/adults.sql": "/* @asset\nmaterialized: view\n*/\nselect * from people where age >= 18",
  });
  const written = await rig.run([
    "sql",
    "--parquet",
    "assets/measures.parquet",
    "select range as id, range * 1.5 as value from range(5)",
  ]);
  assert.equal(written.code, 0, written.stderr);
  rig.project({
    "assets/names.sql": "select name, value from adults join measures on id = 3",
  });
  await up(rig);
  assert.deepEqual(
    await rows(
      rig,
      "select name, born::varchar as born, typeof(born) as type from people order by name",
    ),
    [
      { name: "Ann", born: "1982-03-04", type: "DATE" },
      { name: "Bob", born: "2016-01-02", type: "DATE" },
    ],
  );
  assert.deepEqual(
    await rows(rig, "select sum(who.id)::int as ids, typeof(max(clicked)) as type from clicks"),
    [
      { ids: 3, type: "TIMESTAMP" },
    ],
  );
  assert.deepEqual(await rows(rig, "from names"), [{ name: "Ann", value: "4.5" }]);
  // A view has no rows of its own: what it stands on changes, and so does it, and what reads it.
  rig.project({ "assets/people.json": '[{"name":"Cleo","age":30,"born":"1990-01-01"}]' });
  const again = await up(rig);
  assert.deepEqual(made(again).filter((name) => name === "measures" || name === "clicks"), []);
  assert.deepEqual(await rows(rig, "select name from names"), [{ name: "Cleo" }]);
});

bothWays("forms: several assets of one function, factories, branches", async (rig) => {
  rig.project({
    "assets/orders.csv": "id,country,paid\n1,de,true\n2,fr,false\n3,de,false\n",
    "assets/split.ts": nycflow("assets") + `
export const split = assets({
  deps: ["orders"],
  outputs: { paid: { description: "Paid orders", checks: [{ unique: ["id"] }] }, open: {}, disputed: {} },
  run: ({ db }) => ({ paid: db.sql\`from orders where paid\`, open: db.sql\`from orders where not paid\` }),
});`,
    "assets/countries.ts": nycflow("asset") + `
export const countries = ["de", "fr"].map((code) => asset({
  name: \`orders_\${code}\`,
  description: \`Orders from \${code}\`,
  deps: ["orders"],
  run: ({ db }) => db.sql\`from orders where country = \${code}\`,
}));`,
    "assets/after.sql": "select count(*) as n from disputed",
  });
  const { stderr } = await up(rig);
  assert.match(stderr, /disputed +.*skipped/);
  assert.match(stderr, /after +.*skipped/);
  assert.deepEqual(
    await rows(
      rig,
      "select (select count(*) from paid)::int as paid, (select count(*) from open)::int as open",
    ),
    [
      { paid: 1, open: 2 },
    ],
  );
  assert.deepEqual(await rows(rig, "select id from orders_de order by id"), [{ id: 1 }, { id: 3 }]);
  const { assets } = await rig.json(["ls", "--json"]) as {
    assets: { key: string; description: string }[];
  };
  assert.equal(assets.find(({ key }) => key === "orders_fr")?.description, "Orders from fr");
});

oneWay("forms: sources are observed, and what stands on them follows", async (rig) => {
  rig.project({
    "inbox/prices.csv": "item,price\na,1\n",
    "stamp.txt": "one",
    "assets/prices.ts": nycflow("asset, source") + `
import { readFileSync } from "node:fs";
export const prices = source({ path: "inbox/*.csv", description: "The shop's price list", freshness: { within: "1d" } });
export const stamp = source({ observe: () => ({ dataVersion: readFileSync("stamp.txt", "utf8"), metadata: { seen: true } }) });
export const stamped = asset({ deps: [stamp], run: ({ now }) => [{ at: now }] });
export const newest = asset({ deps: [prices], run: ({ db }) => db.query("select * from read_csv('inbox/*.csv')") });`,
    "assets/total.sql": "select sum(price) as total from newest",
  });
  assert.deepEqual(made(await up(rig)).filter((name) => name !== "prices"), [
    "newest",
    "stamped",
    "total",
  ]);
  assert.match((await up(rig)).stdout, /nothing to do/);
  rig.project({ "inbox/more.csv": "item,price\nb,2\n" });
  assert.deepEqual(made(await up(rig)), ["newest", "total"]);
  assert.deepEqual(await rows(rig, "from total"), [{ total: 3 }]);
  rig.project({ "stamp.txt": "two" });
  assert.deepEqual(made(await up(rig)), ["stamped"]);
  const { assets } = await rig.json(["ls", "--json"]) as {
    assets: { key: string; kind: string; state: string; reasons: unknown[] }[];
  };
  const source = assets.find(({ key }) => key === "prices");
  assert.deepEqual([source?.kind, source?.state, source?.reasons], ["source", "fresh", []]);
  // What is gone is told, and what was made of it stays.
  rmSync(rig.path("inbox"), { recursive: true });
  const gone = await rig.run(["up"]);
  assert.match(gone.stderr + gone.stdout, /Cannot look at inbox/);
  assert.deepEqual(await rows(rig, "from total"), [{ total: 3 }]);
});

oneWay("forms: a source that is a file is read by its name", async (rig) => {
  rig.project({
    "inbox/prices.csv": "item,price\na,1\nb,2\n",
    "assets/prices.ts": nycflow("source") +
      `export const prices = source({ path: "inbox/prices.csv" });`,
    "assets/total.sql": "select sum(price)::int as total from prices",
  });
  await up(rig);
  assert.deepEqual(await rows(rig, "from total"), [{ total: 3 }]);
  rig.project({ "inbox/prices.csv": "item,price\na,1\nb,2\nc,10\n" });
  await up(rig);
  assert.deepEqual(await rows(rig, "from total"), [{ total: 13 }]);
});

bothWays("forms: any program as an asset", async (rig) => {
  rig.project({
    "assets/numbers.ts": nycflow("shell") + `
export const numbers = shell({ command: "echo making numbers; printf 'a,b\\\\n1,2\\\\n3,4\\\\n' > {output}", outputs: "numbers.csv" });
export const sorted = shell({ deps: ["numbers"], command: "tail -n +2 {upstream.numbers} | sort -r > {output.lines} && wc -l < {upstream.numbers} > {output.count}", outputs: { lines: "lines.csv", count: { file: "count.csv", description: "How many" } } });
export const done = shell({ deps: ["sorted_sum"], command: ["sh", "-c", "echo done > done.txt"] });`,
    "assets/sorted_sum.sql": "select sum(a + b)::int as total from numbers",
  });
  await up(rig);
  assert.deepEqual(await rows(rig, "from sorted_sum"), [{ total: 10 }]);
  assert.deepEqual(await rows(rig, "select column0 as a from lines"), [{ a: 3 }, { a: 1 }]);
  assert.equal(rig.read("done.txt"), "done\n");
  rig.project({
    "assets/broken.ts": nycflow("shell") +
      `export const broken = shell({ command: "echo no such luck >&2; exit 3", outputs: "x.csv" });`,
  });
  const failed = await rig.run(["up"]);
  assert.equal(failed.code, 1);
  assert.match(failed.stderr, /its command failed[^]*ended with 3/);
});

oneWay("forms: charts from TypeScript, exports of every format", async (rig) => {
  rig.project({
    "assets/people.csv": "name,age,place\nAnn,41,POINT (1 2)\nBob,7,POINT (3 4)\n",
    "assets/ages.ts": nycflow("asset, chart, result") + `
export const ages = asset({
  deps: ["people"],
  run: ({ db }) => result(chart({ type: "bar", x: "name", y: "age", title: "Ages" }, db.sql\`select name, age from people\`), { metadata: { drawn: 2 } }),
});`,
    "assets/places.sql": `/* @asset
export: [exports/places.csv, exports/places.parquet, exports/places.json, { path: exports/places.geojson }]
*/
select name, age, place as geometry from people order by age`,
  });
  const { stdout } = await up(rig);
  assert.match(stdout, /Ages\nAnn █+ 41\nBob █+\S* 7/);
  assert.match((await rig.run(["chart", "ages"])).stdout, /Ann █+ 41/);
  assert.equal(
    rig.read("exports/places.csv"),
    "name,age,geometry\nBob,7,POINT (3 4)\nAnn,41,POINT (1 2)\n",
  );
  assert.deepEqual(
    (JSON.parse(rig.read("exports/places.json")) as { name: string }[]).map(({ name }) => name),
    ["Bob", "Ann"],
  );
  const map = JSON.parse(rig.read("exports/places.geojson")) as {
    features: { geometry: unknown; properties: unknown }[];
  };
  assert.deepEqual(map.features[0], {
    type: "Feature",
    properties: { name: "Bob", age: 7 },
    geometry: { type: "Point", coordinates: [3, 4] },
  });
  assert.equal(readFileSync(rig.path("exports/places.parquet")).subarray(0, 4).toString(), "PAR1");
  assert.deepEqual(await rows(rig, "select count(*)::int as n from 'exports/places.parquet'"), [{
    n: 2,
  }]);
  // A file that was deleted is written again, without a run.
  rmSync(rig.path("exports/places.csv"));
  await up(rig);
  assert.ok(existsSync(rig.path("exports/places.csv")));
});

bothWays("forms: resources are opened once and closed", async (rig) => {
  rig.project({
    "assets/shop.ts": nycflow("asset, resource") + `
import { appendFileSync } from "node:fs";
export const shop = resource({
  pool: { name: "shop", slots: 1 },
  open: ({ env, log }) => { appendFileSync("trace.txt", "open\\n"); return { url: env("SHOP_URL", "none"), n: 0 }; },
  close: () => appendFileSync("trace.txt", "close\\n"),
});
export const first = asset({ resources: { shop }, run: ({ resources }) => [{ url: resources.shop.url, n: ++resources.shop.n }] });
export const second = asset({ deps: [first], resources: { shop }, run: ({ resources }) => [{ n: ++resources.shop.n }] });`,
    "nycflow.config.ts": nycflow("defineConfig") +
      "export default defineConfig({ pools: { shop: 1 } });",
    ".env": "SHOP_URL=http://shop.example\n",
  });
  await up(rig);
  assert.deepEqual(
    await rows(rig, "select f.url, f.n as first, s.n as second from first f, second s"),
    [
      { url: "http://shop.example", first: 1, second: 2 },
    ],
  );
  assert.equal(rig.read("trace.txt"), "open\nclose\n");
  // What a resource read belongs to what its users were built from.
  rig.project({ ".env": "SHOP_URL=http://other.example\n" });
  assert.match((await rig.run(["plan"])).stdout, /first +SHOP_URL changed/);
});

oneWay("forms: columns are a contract", async (rig) => {
  rig.project({
    "assets/raw.csv": "id,amount\n1,2.50\n2,3.75\n",
    "assets/typed.sql": `/* @asset
columns:
  id: BIGINT
  amount: { type: "decimal(18, 2)", description: What it cost, nullable: false }
*/
select id, amount::decimal(18,2) as amount from raw`,
  });
  await up(rig);
  const shown = await rig.run(["show", "typed"]);
  assert.match(shown.stdout, /amount[^\n]*DECIMAL\(18,2\)[^\n]*What it cost/);
  rig.project({
    "assets/typed.sql": rig.read("assets/typed.sql").replace("amount::decimal(18,2)", "amount"),
  });
  const type = await rig.run(["up"]);
  assert.notEqual(type.code, 0);
  assert.match(
    type.stderr.replace(/\s+/g, " "),
    /column amount is DOUBLE[^]*declares it as DECIMAL\(18,2\)/,
  );
  rig.project({
    "assets/typed.sql": rig.read("assets/typed.sql").replace(
      "amount as amount",
      "nullif(amount, 2.5)::decimal(18,2) as amount",
    ),
  });
  const empty = await rig.run(["up"]);
  assert.equal(empty.code, 1, empty.stdout);
  assert.match(empty.stderr, /not_null|null/);
  writeFileSync(
    rig.path("assets/typed.sql"),
    rig.read("assets/typed.sql").replace(/nullif[^\n]* as amount/, "1 as other"),
  );
  const missing = await rig.run(["up"]);
  assert.match(missing.stderr, /no column amount/);
});
