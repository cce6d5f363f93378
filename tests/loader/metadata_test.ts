/** `metadata:` of a SQL asset: what it becomes, what it belongs to, and a mistake in it. */
import assert from "node:assert/strict";
import { Project, told } from "./project.ts";

const asset = (metadata: string) =>
  `/* @asset\ndescription: Trips\n${metadata}*/\nselect 1 as fare`;

Deno.test("metadata is part of the definition and of its code", async () => {
  const one = asset('metadata: { strays: "count(*) filter (where fare < 0)" }\n');
  const two = asset("metadata:\n  strays: |\n    count(*) filter (where fare < 1)\n");
  await using project = new Project({
    "assets/one.sql": one,
    "assets/two.sql": two,
    "assets/none.sql": asset(""),
    "assets/plain.sql": "select 1 as fare",
  });
  const made = async (key: string) => await project.asset(key);
  assert.deepEqual((await made("one")).metadata, { strays: "count(*) filter (where fare < 0)" });
  assert.deepEqual((await made("two")).metadata, { strays: "count(*) filter (where fare < 1)" });
  assert.equal((await made("none")).metadata, undefined);
  assert.equal((await made("none")).codeVersion, (await made("plain")).codeVersion);
  const versions = await Promise.all(
    ["one", "two", "none"].map(async (key) => (await made(key)).codeVersion),
  );
  assert.equal(new Set(versions).size, 3);
});

Deno.test("a mistake in metadata is told where it stands", async () => {
  await using project = new Project({
    "assets/a.sql": asset('metadata: { strays: "count(* filter" }\n'),
  });
  const found = (await project.problems()).map(told);
  assert.equal(found.length, 1);
  assert.match(found[0] ?? "", /^sql-syntax assets\/a\.sql:3:/);
});
