import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { AssetKind } from "../../src/core/definition.ts";
import { formatOf } from "../../src/warehouse/file_proof.ts";
import { isSameFile, stageDataFile, stageFile } from "../../src/warehouse/files.ts";
import { type Lake, lake } from "./lake.ts";

async function dataFile(
  made: Lake,
  name: string,
  content: string | Uint8Array,
  columns: Record<string, string> = {},
) {
  writeFileSync(join(made.project, name), content);
  const order = made.order({
    definition: {
      kind: formatOf(name) as AssetKind,
      dataFile: name,
      columns: Object.entries(columns).map(([name, type]) => ({
        name,
        type,
        description: null,
        nullable: true,
      })),
    },
  });
  return await stageDataFile(made.session, order, order.outputs[0]!);
}

Deno.test("a CSV becomes a table of the types of all its lines", async () => {
  await lake(async (made) => {
    const read = async (content: string | Uint8Array, name = "x.csv", columns = {}) => {
      const staged = await dataFile(made, name, content, columns);
      assert.ok(staged.ok, JSON.stringify(staged));
      const rows = await made.rows(made.input("t", [made.version(staged.value)]), "limit 3");
      return {
        types: staged.value.schema.map((each) => each.type).join(" "),
        rows,
        count: staged.value.rows,
      };
    };
    const plain = await read('id,name,day\n1,"a, ""b""",2023-01-31\n2,é,2023-02-28\n');
    assert.equal(plain.types, "BIGINT VARCHAR DATE");
    assert.deepEqual(plain.rows, [[1, 'a, "b"', "2023-01-31"], [2, "é", "2023-02-28"]]);
    // The type of the last line decides too.
    const late = await read(`a,b\n${"1,2\n".repeat(150_000)}x,2\n`);
    assert.deepEqual([late.types, late.count], ["VARCHAR BIGINT", 150_001]);
    assert.equal((await read("id;v\n007;1,5\n008;2,5\n")).types, "VARCHAR VARCHAR");
    assert.deepEqual((await read("a,b\r\n1,2\r\n")).rows, [[1, 2]]);
    assert.deepEqual((await read(gzipSync("a,b\n1,2\n"), "x.csv.gz")).rows, [[1, 2]]);
    assert.deepEqual((await read("a,b\n")).count, 0);
    const declared = await read("ID,b\n1,2\n", "x.csv", { id: "varchar", b: "decimal(9, 2)" });
    assert.deepEqual([declared.types, declared.rows], ["VARCHAR DECIMAL(9,2)", [["1", "2.00"]]]);
  });
});

Deno.test("a file that is not what it says is told in words", async () => {
  await lake(async (made) => {
    const refused = async (
      name: string,
      content: string | Uint8Array,
      code: string,
      why: RegExp,
      columns = {},
    ) => {
      const staged = await dataFile(made, name, content, columns);
      assert.ok(!staged.ok, name);
      assert.equal(staged.error.code, code, JSON.stringify(staged.error));
      assert.match(staged.error.why!, why);
      assert.equal(staged.error.message, `Cannot read ${name}`);
      assert.equal(staged.error.where!.file, name);
      assert.ok(staged.error.hint);
    };
    const page = "<!DOCTYPE html><html><head><title>404 Not\n Found</title></head></html>";
    await refused("a.csv", page, "not-the-format", /web page.*"404 Not Found"/);
    await refused("a.parquet", page, "not-the-format", /web page/);
    await refused("b.csv", "", "not-the-format", /empty \(0 bytes\)/);
    await refused(
      "c.csv",
      "a,b\r\n1,2\n3,4\r\n",
      "not-the-format",
      /mixes line endings: 2 × \\r\\n, 1 × \\n/,
    );
    await refused("d.csv", "a,b\n1,2\n3\n4,5,6\n", "not-the-format", /./);
    await refused(
      "e.csv",
      Uint8Array.of(97, 44, 98, 10, 233, 44, 50, 10),
      "not-the-format",
      /line 2 is not UTF-8/,
    );
    await refused(
      "f.csv",
      "a,b\n1,x\n2,y\nz,w\n",
      "not-the-format",
      /line 4, column a: "z" is no/,
      { a: "integer" },
    );
    await refused(
      "g.csv.gz",
      gzipSync("a,b\n1,2\n".repeat(1000)).subarray(0, 30),
      "not-the-format",
      /cannot be unpacked/,
    );
    await refused("h.json", '[{"a": 1}, {"a": ]', "not-the-format", /no JSON/);
    await refused("i.csv", "PAR1 and more\n1\n", "not-the-format", /is Parquet/);
    const order = made.order({ definition: { kind: "csv", dataFile: "gone.csv" } });
    const gone = await stageDataFile(made.session, order, order.outputs[0]!);
    assert.ok(!gone.ok && gone.error.code === "source-missing");
  });
});

async function parquet(made: Lake, name: string, sql: string): Promise<Uint8Array> {
  await made.session.run(`copy (${sql}) to '${made.project}/${name}' (format parquet)`);
  return readFileSync(join(made.project, name));
}

Deno.test("Parquet: cut short, with a hole, with a wrong end", async () => {
  await lake(async (made) => {
    const whole = await parquet(
      made,
      "w.parquet",
      "select range as i, md5(range::varchar) as h from range(200000)",
    );
    const stage = async (bytes: Uint8Array) => {
      writeFileSync(join(made.project, "p.parquet"), bytes);
      const order = made.order();
      return await stageFile(made.session, order, order.outputs[0]!, {
        path: join(made.project, "p.parquet"),
        expect: null,
        move: false,
      });
    };
    const good = await stage(whole);
    assert.ok(good.ok, JSON.stringify(good));
    assert.equal(good.value.rows, 200_000);
    assert.deepEqual(readFileSync(join(made.project, good.value.file!.path)), Buffer.from(whole));
    const why = async (bytes: Uint8Array) => {
      const found = await stage(bytes);
      assert.ok(!found.ok);
      assert.equal(found.error.code, "not-the-format");
      return found.error.why!;
    };
    assert.match(await why(whole.subarray(0, whole.length - 1000)), /cut short/);
    assert.match(await why(whole.subarray(0, 6)), /cut short/);
    const half = Math.floor(whole.length / 2);
    const hole = new Uint8Array([...whole.subarray(0, 1000), ...whole.subarray(half)]);
    assert.match(await why(hole), /damaged/);
    const end = Uint8Array.from(whole);
    end.fill(9, whole.length - 200, whole.length - 8);
    assert.match(await why(end), /damaged/);
  });
});

Deno.test("a returned file is kept byte for byte, moved or copied, and read by its name", async () => {
  await lake(async (made) => {
    const stage = async (
      name: string,
      content: string | Uint8Array,
      move: boolean,
      expect: "csv" | null = null,
    ) => {
      const path = join(made.project, name);
      writeFileSync(path, content);
      const order = made.order();
      const staged = await stageFile(made.session, order, order.outputs[0]!, {
        path,
        expect,
        move,
      });
      assert.ok(staged.ok, JSON.stringify(staged));
      assert.deepEqual(
        readFileSync(join(made.project, staged.value.file!.path)),
        Buffer.from(content),
      );
      assert.equal(existsSync(path), !move);
      return staged.value;
    };
    const csv = await stage("trips.csv.gz", gzipSync("a;b\n1;x\n2;y\n"), true);
    assert.match(csv.file!.path, /\.csv\.gz$/);
    assert.deepEqual([csv.rows, csv.output, csv.file!.format], [2, "file", "csv"]);
    assert.deepEqual(await made.rows(made.input("t", [made.version(csv)]), "order by a"), [
      [1, "x"],
      [2, "y"],
    ]);
    const named = await stage("data", "a,b\n1,2\n", false, "csv");
    assert.equal(named.rows, 1);
    const other = await stage("notes.pdf", "%PDF-1.4", false);
    assert.deepEqual([other.file!.format, other.rows, other.schema.length], ["other", 0, 0]);
    // Same bytes are the same version, whatever came before.
    const again = await stage("copy.csv.gz", gzipSync("a;b\n1;x\n2;y\n"), false);
    assert.equal(await isSameFile(made.project, again, made.version(csv)), true);
    const changed = await stage("copy.csv.gz", gzipSync("a;b\n1;x\n2;z\n"), false);
    assert.equal(await isSameFile(made.project, changed, made.version(csv)), false);
    const json = await stage("x.jsonl", '{"a": 1}\n{"a": 2, "b": {"c": "é"}}\n', false);
    assert.deepEqual(await made.rows(made.input("t", [made.version(json)]), "order by a"), [[
      1,
      null,
    ], [2, { c: "é" }]]);
  });
});

Deno.test("whole numbers too long for an integer keep all their digits, as text", async () => {
  await lake(async (made) => {
    const read = async (content: string, columns: Record<string, string> = {}) => {
      const staged = await dataFile(made, "x.csv", content, columns);
      assert.ok(staged.ok, JSON.stringify(staged));
      const { schema, notes } = staged.value;
      const rows = await made.rows(made.input("t", [made.version(staged.value)]), "order by 2");
      return [schema.map(({ type }) => type).join(" "), JSON.stringify(rows[0]), notes.length];
    };
    assert.deepEqual(await read("id,n\n92612999989013415168,1\n5,2\n"), [
      "VARCHAR BIGINT",
      '["92612999989013415168",1]',
      1,
    ]);
    assert.deepEqual(await read("x,n\n1e300,1\n1.5,2\n"), ["DOUBLE BIGINT", "[1e+300,1]", 0]);
    const declared = await read("id,n\n92612999989013415168,1\n", { id: "DOUBLE" });
    assert.equal(declared[0], "DOUBLE BIGINT");
  });
});
