// What becomes of amounts and dates in the spellings that files come in, asked of the reader itself.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { castsOf } from "../../src/warehouse/spelling.ts";
import { sniffCsv, sniffJson } from "../../src/warehouse/sniff.ts";
import { lake } from "./lake.ts";

/** By column's name, the type that it is kept as and its values then. */
async function kept(columns: Readonly<Record<string, readonly string[]>>) {
  const found: Record<string, string> = {};
  await lake(async ({ session }) => {
    const names = Object.keys(columns);
    const rows = columns[names[0]!]!.map((_, at) =>
      `(${names.map((name) => `'${columns[name]![at]}'`).join(", ")})`
    );
    const from = `(values ${rows.join(", ")}) t(${names.join(", ")})`;
    const schema = names.map((name) => ({ name, type: "VARCHAR" }));
    for (const [name, { type, sql }] of await castsOf(session, schema, from)) {
      const { rows } = await session.rows(`select string_agg((${sql})::varchar, ' ') from ${from}`);
      found[name] = `${type}: ${rows[0]![0]}`;
    }
  });
  return found;
}

Deno.test("amounts in other countries' spellings become exact decimals", async () => {
  assert.deepEqual(
    await kept({
      comma: ["1.234,50", "-7,25"],
      point: ["1,234.50", "-7.25"],
      dollar: ["$1,234.5", "-$7.25"],
      euro: ["1.234,50 €", "7,25€"],
      whole: ["£5", "£1,500"],
      words: ["1,5", "one"],
      version: ["1.2.3", "1.2.4"],
      sign: ["$", "$"],
    }),
    {
      comma: "DECIMAL(18,2): 1234.50 -7.25",
      point: "DECIMAL(18,2): 1234.50 -7.25",
      dollar: "DECIMAL(18,2): 1234.50 -7.25",
      euro: "DECIMAL(18,2): 1234.50 7.25",
      whole: "DECIMAL(18,2): 5.00 1500.00",
    },
  );
});

Deno.test("a date is one where every value fits one format, and no value could be read in two ways", async () => {
  assert.deepEqual(
    await kept({
      european: ["31/12/2023", "01/02/2023"],
      american: ["12/31/2023", "01/02/2023"],
      either: ["01/02/2023", "03/04/2023"],
      neither: ["31/12/2023", "12/31/2023"],
      dotted: ["31.12.2023", "1.2.2023"],
      words: ["31-Dec-2023", "01-Feb-2023"],
      long: ["December 31, 2023", "February 1, 2023"],
      time: ["12/31/2023 11:05 PM", "01/02/2023 1:00 AM"],
      short: ["31/12/23", "01/02/23"],
      wrong: ["30/02/2023", "01/02/2023"],
    }),
    {
      european: "DATE: 2023-12-31 2023-02-01",
      american: "DATE: 2023-12-31 2023-01-02",
      dotted: "DATE: 2023-12-31 2023-02-01",
      words: "DATE: 2023-12-31 2023-02-01",
      long: "DATE: 2023-12-31 2023-02-01",
      time: "TIMESTAMP: 2023-12-31 23:05:00 2023-01-02 01:00:00",
    },
  );
});

Deno.test("a CSV whose lines differ names the line; one with a title says how many to skip", async () => {
  await lake(async ({ session, project }) => {
    const why = async (text: string) => {
      const path = join(project, "x.csv");
      writeFileSync(path, text);
      const found = await sniffCsv(session, path, "Cannot read x.csv", true);
      return found.ok ? "read" : found.error.why;
    };
    assert.equal(
      await why("a,b,c\n1,2,3\n4,5\n6,7,8,9\n"),
      "line 3 has 2 columns, and the first line has 3",
    );
    assert.match(
      await why(`Report of the year\n\na,b,c\n${"1,2,3\n".repeat(20)}`) ?? "",
      /^the first [12] lines do not fit the rest|^read$/,
    );
    assert.equal(await why("a,b,c\n1,2,3\n"), "read");
  });
});

Deno.test("a JSON array behind a byte order mark is its rows, not one value", async () => {
  await lake(async ({ session, project }) => {
    const columns = async (text: string) => {
      const path = join(project, "x.json");
      writeFileSync(path, text);
      const { schema, reader } = await sniffJson(session, path, false);
      return `${schema.map(({ name, type }) => `${name} ${type}`)} ${reader["format"]}`;
    };
    assert.equal(await columns('\ufeff [{"a":1}]'), "a BIGINT array");
    assert.equal(await columns('[{"a":1}]'), "a BIGINT auto");
    assert.equal(await columns('\ufeff{"a":1}\n{"a":2}\n'), "a BIGINT auto");
  });
});
