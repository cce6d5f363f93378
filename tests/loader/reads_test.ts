import assert from "node:assert/strict";
import { digest } from "../../src/core/digest.ts";
import { envDigest, settingDigest } from "../../src/core/read_digest.ts";
import { readDigester } from "../../src/loader/reads.ts";
import { Project } from "./project.ts";

Deno.test("a recorded read has the digest that the recorder gave it, until its value differs", async () => {
  await using project = new Project({ "in/a.csv": "x\n1\n", "in/b.csv": "x\n2\n" });
  const digester = () =>
    readDigester(project.folder, { A: "1" }, { settings: { borough: ["Queens"] } }, "salt");
  const now = digester();
  const of = (kind: "env" | "config" | "file", name: string) => now({ kind, name, digest: null });
  assert.equal(of("env", "A"), envDigest("1", "salt"));
  assert.equal(of("env", "B"), null);
  assert.equal(of("config", "borough"), settingDigest(["Queens"], "salt"));
  assert.equal(of("config", "toString"), null);
  assert.equal(of("file", "in/a.csv"), digest("x\n1\n"));
  assert.equal(of("file", "in/none.csv"), null);
  assert.equal(of("file", "https://example.org/a.csv"), null);
  const own = { config: { schema: null, defaults: { borough: "Bronx" } } };
  assert.equal(
    now({ kind: "config", name: "borough", digest: null }, own),
    settingDigest("Bronx", "salt"),
  );
  const all = of("file", "in/*.csv");
  assert.match(all ?? "", /^[0-9a-f]{32}$/);
  project.write("in/c.csv", "x\n3\n");
  assert.equal(of("file", "in/*.csv"), all, "one evaluation sees one state");
  assert.notEqual(digester()({ kind: "file", name: "in/*.csv", digest: null }), all);
});
