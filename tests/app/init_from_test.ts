// A project around one's own file: two commands from the file to a table and a chart, also of files as they
// come out of spreadsheets.

import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { bothWays, eitherWay, makeRig, oneWay, type Rig } from "../rig/program.ts";

/** 300 orders of a year, always the same. */
function orders(): string {
  const lines = ["order_id,Order Date,region,Amount (USD),qty,paid"];
  for (let i = 0; i < 300; i++) {
    const day = new Date(Date.UTC(2023, 0, 1 + (i * 37) % 180)).toISOString().slice(0, 10);
    const region = ["North", "South", "East"][i % 3];
    lines.push(
      `${1000 + i},${day},${region},${((i * 7919) % 90000) / 100},${1 + i % 8},${i % 4 > 0}`,
    );
  }
  return `${lines.join("\n")}\n`;
}

/** A project around these bytes; gives what `init` and `up` wrote, and the asset's text. */
async function around(rig: Rig, name: string, content: string | Uint8Array, asset: string) {
  writeFileSync(rig.path(name), content);
  const made = await rig.run(["init", "--from", name]);
  assert.equal(made.code, 0, made.stderr);
  assert.ok(made.stdout.includes(`cd ${asset} && nycflow up`), made.stdout);
  const up = await rig.run(["up"], { cwd: asset });
  assert.equal(up.code, 0, `${up.stderr}\n${rig.read(`${asset}/assets/${asset}.sql`)}`);
  return { made, up, sql: rig.read(`${asset}/assets/${asset}.sql`) };
}

async function rowsIn(rig: Rig, cwd: string, query: string) {
  return await rig.json(["sql", "--json", query], { cwd });
}

bothWays("init --from: a CSV to a table and a chart in two commands", async (rig) => {
  const { up, made, sql } = await around(rig, "sales.csv", orders(), "sales");
  assert.match(made.stdout, /sales\.csv: 300 rows, 6 columns/);
  assert.match(up.stdout, /Amount usd per week\n[^]*┤[^]*2023/);
  for (
    const line of [
      "  order_date: DATE",
      "  amount_usd: DECIMAL(18,2)",
      "  paid: BOOLEAN",
      "  - not_null: [order_id, order_date, region, amount_usd, qty, paid]",
      "  - unique: [order_id]",
      "  - { severity: warn, accepted_values: { column: region, values: [East, North, South] } }",
      "  - { severity: warn, range: { column: amount_usd, min: 0, max: 1000 } }",
      '  "Order Date" as order_date,',
      "from sales_file",
    ]
  ) assert.ok(sql.split("\n").includes(line), `${line}\n${sql}`);
  // What was suggested holds: none of the checks warns.
  const shown = await rig.json(["show", "sales", "--json"], { cwd: "sales" }) as {
    checks: { outcome: string }[];
  };
  assert.ok(shown.checks.length >= 9, JSON.stringify(shown.checks));
  assert.ok(
    shown.checks.every(({ outcome }) => outcome === "passed"),
    JSON.stringify(shown.checks),
  );
  // And nothing more to do; never overwritten either.
  const again = await rig.run(["up"], { cwd: "sales" });
  assert.match(again.stdout, /nothing to do/);
  const twice = await rig.run(["init", "--from", "sales.csv"]);
  assert.equal(twice.code, 2);
  assert.match(twice.stderr, /would overwrite[^]*init --from sales\.csv NAME/);
});

oneWay("init --from: spreadsheets' CSV", async (rig) => {
  const odd =
    '\ufeffDatum;Käufer;Umsatz €;2. Größe;select\r\n31.12.2023;"Jörg ""J""";1.234,50;10;a\r\n' +
    "01.01.2024;Ann;12,00;;b\r\n02.01.2024;Bob;7,25;3;c\r\n";
  const name = "2023 Sales (final).csv";
  const { sql } = await around(rig, name, odd, "data_2023_sales_final");
  assert.match(sql, /umsatz: DECIMAL\(18,2\)/);
  assert.deepEqual(
    await rowsIn(rig, "data_2023_sales_final", "from data_2023_sales_final order by Datum limit 1"),
    [{
      Datum: "2023-12-31",
      Käufer: 'Jörg "J"',
      umsatz: "1234.50",
      column_2_größe: 10,
      select_column: "a",
    }],
  );

  const latin = new Uint8Array(
    [..."Name;Straße\nJörg;Hauptstraße 1\nAnn;Nebenweg\n"].map((each) => each.charCodeAt(0)),
  );
  const { made } = await around(rig, "Kündén.csv", latin, "kündén");
  assert.match(made.stdout, /is Windows-1252: copied as UTF-8/);
  assert.deepEqual(await rowsIn(rig, "kündén", "from kündén order by Name desc limit 1"), [
    { Name: "Jörg", Straße: "Hauptstraße 1" },
  ]);

  const wide = new Uint8Array(
    new Uint16Array([..."\ufeffa\tb\n1\tü\n2\tx\n"].map((each) => each.charCodeAt(0))).buffer,
  );
  await around(rig, "wide.tsv", wide, "wide");
  assert.deepEqual(await rowsIn(rig, "wide", "from wide order by a"), [
    { a: 1, b: "ü" },
    { a: 2, b: "x" },
  ]);
});

oneWay("init --from: JSON and Parquet", async (rig) => {
  const json = JSON.stringify([
    { id: 1, when: "2023-01-01T10:00:00", price: 1.25, tags: ["*/"], who: { n: 1 } },
    { id: 2, when: "2023-01-01T11:00:00", price: 2.5, tags: [], who: null },
  ]);
  const { sql } = await around(rig, "order.json", json, "order_data");
  assert.match(sql, /when_column: TIMESTAMP/);
  assert.match(sql, /tags: VARCHAR\[\]/);
  await rig.run(["init", "empty", "."]);
  await rig.run(["up"]);
  const written = await rig.run(["sql", "--parquet", "visits.parquet", "from hello"]);
  assert.equal(written.code, 0, written.stderr);
  const made = await rig.run(["init", "--from", "visits.parquet", "from parquet"]);
  assert.match(made.stdout, /cd 'from parquet' && nycflow up/);
  const up = await rig.run(["up"], { cwd: "from parquet" });
  assert.match(up.stdout, /Visits over time\n[^]*┤/, up.stderr);
});

Deno.test("init --from: files with little in them", async () => {
  await using rig = makeRig({ via: eitherWay() });
  const { up } = await around(rig, "names_only.csv", "a,b\n", "names_only");
  assert.match(up.stdout, /no rows/);
  const { made } = await around(rig, "bare.csv", "1,2.5,x\n3,4.25,y\n", "bare");
  assert.match(made.stdout, /no line of names/);
  // What the first hundred thousand lines say of a column does not hold for the last.
  await around(rig, "late.csv", `v\n${"1\n".repeat(150_000)}abc\n`, "late");
  assert.deepEqual(await rowsIn(rig, "late", "select v from late where v > '2'"), [{ v: "abc" }]);
  // Lines above the table are left out, and told; of an answer of a service the list in it is the table.
  const report = await around(
    rig,
    "report.csv",
    "Report of 2024\n\nday,n\n2024-01-01,5\n2024-01-02,6\n",
    "report",
  );
  assert.match(report.made.stdout, /left out, since it is no part of the table: "Report of 2024"/);
  assert.deepEqual(await rowsIn(rig, "report", "select sum(n)::int as n from report"), [{ n: 11 }]);
  const answer = JSON.stringify({
    page: 1,
    items: [{ id: 1, at: "2024-01-01" }, { id: 2, at: "2024-01-02" }],
  });
  const listed = await around(rig, "answer.json", answer, "answer");
  assert.match(
    listed.made.stdout,
    /answer\.json: 2 rows, 2 columns[^]*its rows are the objects in "items"/,
  );
  assert.deepEqual(await rowsIn(rig, "answer", "select max(id) as id from answer"), [{ id: 2 }]);
  await around(rig, "one.csv", "what\n*/ select 'a'\n*/ select 'a'\n", "one");
});

Deno.test("init --from: what is no such file says what it is", async () => {
  await using rig = makeRig({ via: eitherWay() });
  rig.project({
    "empty.csv": "",
    "page.csv": "<!doctype html><title>Sign in</title>",
    "cut.parquet": "PAR1",
  });
  mkdirSync(rig.path("folder.csv"));
  const said = async (...args: string[]) => {
    const { code, stderr, stdout } = await rig.run(["init", "--from", ...args]);
    assert.notEqual(code, 0, stdout);
    assert.notEqual(code, 70, stderr);
    return stderr.replace(/\s+/g, " ");
  };
  assert.match(
    await said("none.csv"),
    /Cannot make a project from none\.csv why: there is no such file/,
  );
  assert.match(await said("empty.csv"), /it is empty/);
  assert.match(await said("folder.csv"), /it is no file/);
  assert.match(await said("page.csv"), /is a web page[^]*Sign in/);
  assert.match(await said("cut.parquet"), /cut short/);
  assert.match(await said("book.xlsx"), /save the sheet as CSV/);
  assert.match(await said("empty.csv", "a", "b"), /with --from only the folder is named/);
  const { stderr } = await rig.run(["init", "page.csv"]);
  assert.match(stderr, /nycflow init --from page\.csv/);
  // Nothing was made.
  assert.deepEqual(readdirSync(rig.folder).sort(), [
    "cut.parquet",
    "empty.csv",
    "folder.csv",
    "page.csv",
  ]);
});

Deno.test("init --from: a file of more than 100 MB is read where it is", async () => {
  await using rig = makeRig({ via: eitherWay() });
  const line =
    "2023-01-01,North,12.50,some words that make the line longer than it had to be otherwise\n";
  writeFileSync(rig.path("big.csv"), `day,region,amount,note\n${line.repeat(1_200_000)}`);
  const { sql, made } = await around(
    rig,
    "big.csv",
    `day,region,amount,note\n${line.repeat(1_200_000)}`,
    "big",
  );
  assert.match(made.stdout, /read where it is, not copied/);
  assert.match(sql, /from read_csv\('\.\.\/big\.csv'\)/);
  assert.ok(!existsSync(rig.path("big/assets/big_file.csv")));
  assert.deepEqual(
    await rowsIn(rig, "big", "select count(*) as n, sum(amount)::varchar as s from big"),
    [
      { n: 1_200_000, s: "15000000.00" },
    ],
  );
});
