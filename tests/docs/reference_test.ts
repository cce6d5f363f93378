// The reference is what the code says: the committed pages equal what is made from it, and nothing is undocumented.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { REFERENCE, referencePages } from "../../build/reference.ts";
import { editorSchemas } from "../../src/loader/json_schema.ts";
import { CHECKOUT } from "../rig/environment.ts";

Deno.test("reference: the committed pages are those made from the code", async () => {
  const folder = join(CHECKOUT, REFERENCE);
  const pages = await referencePages();
  assert.deepEqual(readdirSync(folder).sort(), Object.keys(pages).sort());
  for (const [name, text] of Object.entries(pages)) {
    assert.equal(readFileSync(join(folder, name), "utf8"), text, `${name}: deno task reference`);
  }
});

Deno.test("reference: every export has words of its own", async () => {
  const { "api.md": page = "" } = await referencePages();
  const bare = page.split(/^## /m).slice(1).filter((each) => /^\w+\n\n```/.test(each))
    .map((each) => each.split("\n")[0]);
  assert.deepEqual(bare, []);
});

Deno.test("reference: the schemas hold what the tables hold", () => {
  const { "header.schema.json": header, "config.schema.json": config } = editorSchemas();
  const properties = (schema: unknown): Record<string, { description?: string }> => {
    const { $ref, $defs } = schema as {
      $ref: string;
      $defs: Record<string, { properties: never }>;
    };
    return $defs[$ref.split("/").at(-1) ?? ""]?.properties ?? {};
  };
  const keys = properties(header);
  assert.match(keys["description"]?.description ?? "", /What it holds/);
  assert.ok("unique_key" in keys && "uniqueKey" in keys && !("deps" in keys));
  assert.ok("timezone" in properties(config));
});
