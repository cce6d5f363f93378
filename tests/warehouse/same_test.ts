import assert from "node:assert/strict";
import { isSame } from "../../src/warehouse/same.ts";
import { sameRowGroups } from "../../src/warehouse/row_groups.ts";
import { type Lake, lake } from "./lake.ts";

async function same(made: Lake, one: string, other: string, ordered = false): Promise<boolean> {
  const previous = made.version(await made.make(one, { ordered }));
  const staged = await made.make(other, { ordered });
  return await isSame(made.session, made.project, staged, previous);
}

Deno.test("the same rows in another sequence are the same, unless order is content", async () => {
  await lake(async (made) => {
    const up = "select i, i::varchar as s from range(5000) t(i) order by i";
    const down = "select i, i::varchar as s from range(5000) t(i) order by i desc";
    assert.equal(await same(made, up, down, false), true);
    assert.equal(await same(made, up, down, true), false);
    assert.equal(await same(made, up, up, true), true);
  });
});

Deno.test("what is different in one value, name, type, place or count is different", async () => {
  await lake(async (made) => {
    const base =
      "select i, i::double / 7 as d, [i::double] as l, {'x': i, 'f': 0.1} as s from range(1000) t(i)";
    assert.equal(await same(made, base, base), true);
    for (
      const other of [
        base.replace("select i,", "select case when i = 500 then 501 else i end as i,"),
        base.replace("i::double / 7", "case when i = 500 then 0 else i::double / 7 end"),
        base.replace("i::double / 7", "i::double / 7 + 1e-7"),
        base.replace("[i::double]", "case when i = 500 then [i::double, 1] else [i::double] end"),
        base.replace("[i::double]", "case when i = 500 then null else [i::double] end"),
        base.replace("'f': 0.1", "'f': case when i = 3 then null else 0.1 end"),
        base.replace(" as d", " as dd"),
        base.replace("select i,", "select i::integer as i,"),
        base.replace("range(1000)", "range(1001)"),
        // Two rows exchanged for two that are alike: what xor would not see.
        base.replace(
          "range(1000)",
          "(select case when i = 1 then 0 else i end from range(1000) u(i))",
        ),
      ]
    ) assert.equal(await same(made, base, other), false, other);
    assert.equal(
      await same(made, "select 1 as a, 2 as b", "select 2 as a, 1 as b"),
      false,
    );
    assert.equal(
      await same(made, "values (1), (1), (2), (2)", "values (1), (1), (1), (1)"),
      false,
    );
  });
});

Deno.test("floating point: 12 digits, one zero, one NaN; infinities and huge values stay apart", async () => {
  await lake(async (made) => {
    const one = (value: string, type = "double") => `select 1 as k, (${value})::${type} as v`;
    const equal = async (a: string, b: string, type?: string) =>
      await same(made, one(a, type), one(b, type));
    assert.equal(await equal("0.1 + 0.2::double", "0.3"), true);
    assert.equal(await equal("'-0.0'", "'0.0'"), true);
    assert.equal(await equal("'nan'", "'inf'::double - 'inf'::double"), true);
    assert.equal(await equal("'inf'", "'-inf'"), false);
    assert.equal(await equal("'inf'", "'nan'"), false);
    assert.equal(await equal("1e305", "2e305"), false);
    assert.equal(await equal("1e305", "'inf'"), false);
    assert.equal(await equal("1.00000000001", "1.00000000002"), false);
    assert.equal(await equal("null", "0"), false);
    assert.equal(await equal("5e-324", "1e-320"), false);
    assert.equal(await equal("'nan'", "'nan'", "float"), true);
    assert.equal(await equal("['inf'::double, 1]", "['-inf'::double, 1]", "double[]"), false);
    assert.equal(await equal("[0.1 + 0.2::double]", "[0.3]", "double[]"), true);
    assert.equal(
      await equal("map {'a': 0.1 + 0.2::double}", "map {'a': 0.3}", "map(varchar, double)"),
      true,
    );
    assert.equal(await equal("map {'a': 0.1}", "map {'b': 0.1}", "map(varchar, double)"), false);
    assert.equal(
      await equal(
        "{'a': {'b': [0.3]}}",
        "{'a': {'b': [0.1 + 0.2::double]}}",
        "struct(a struct(b double[]))",
      ),
      true,
    );
    assert.equal(
      await equal("{'a': {'b': [0.3]}}", "{'a': {'b': null}}", "struct(a struct(b double[]))"),
      false,
    );
  });
});

Deno.test("a value on both sides of where its digits are cut is still the same", async () => {
  await lake(async (made) => {
    // Neighbouring doubles around many magnitudes: some lie on both sides of a cut.
    const noisy = (bits: number) =>
      `select i, (1 + i / 4096.0::double) * (1 + 4.547473508864641e-13) * (1 + ${bits} * 2.22e-16::double) as v, [v] as l from range(4096) t(i)`;
    assert.equal(await same(made, noisy(0), noisy(3)), true);
    assert.equal(await same(made, noisy(0), noisy(1e7)), false);
    // Without any exact column to lay them side by side.
    const alone = (bits: number) => `select v from (${noisy(bits)})`;
    assert.equal(await same(made, alone(0), alone(3)), true);
  });
});

Deno.test("the same query with sums of doubles, rebuilt ten times by several threads, is the same", async () => {
  await lake(async (made) => {
    await made.make("select 1 as warm");
    const source = made.version(
      await made.make(
        "select (hash(i) % 97)::int as k, (hash(i * 7) % 10007) / 131.0::double as x from range(600000) t(i)",
      ),
      { key: "src" },
    );
    const about = { inputs: [made.input("src", [source])] };
    const sql =
      "select k, sum(x) as s, avg(x) as a, stddev(x) as sd, sum(x) / count(*) as q, [sum(x)] as l from src group by k";
    const first = made.version(await made.make(sql, about));
    for (let at = 0; at < 10; at++) {
      const again = await made.make(sql, about);
      assert.equal(await isSame(made.session, made.project, again, first), true);
    }
  });
});

Deno.test("row groups in another sequence are recognised byte for byte; ordered ones are not mixed", async () => {
  await lake(async (made) => {
    const sql = (order: string) =>
      `select i // 122880 as g, hash(i) as h from range(400000) t(i) order by g ${order}, i`;
    const up = await made.make(sql("asc"), { ordered: true });
    const down = await made.make(
      `select g, h from (select i // 122880 as g, hash(i) as h, i from range(368640) t(i)) order by g desc, i`,
      { ordered: true },
    );
    const whole = await made.make(
      `select g, h from (select i // 122880 as g, hash(i) as h, i from range(368640) t(i)) order by g asc, i`,
      { ordered: true },
    );
    const groups = (a: typeof up, b: typeof up, ordered: boolean) =>
      sameRowGroups(made.session, made.project, a.file!, b.file!, ordered);
    assert.equal(await groups(whole, down, false), true);
    assert.equal(await groups(whole, down, true), false);
    assert.equal(await groups(up, whole, false), false);
    assert.equal(await groups(up, up, true), true);
  });
});

Deno.test("a version whose file does not hold its rows is an error, not a difference", async () => {
  await lake(async (made) => {
    const previous = made.version(await made.make("select i from range(10) t(i)"));
    const staged = await made.make("select i + 1 as i from range(10) t(i)");
    const lying = await made.make("select i from range(9) t(i)");
    await assert.rejects(
      () => isSame(made.session, made.project, staged, { ...previous, file: lying.file }),
      /9 of 10 rows/,
    );
  });
});
