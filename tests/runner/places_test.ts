/** Reading a module's places must end whatever the text is: half of what is typed does not parse. */
import { ok } from "node:assert/strict";
import fc from "fast-check";
import { exportPlaces } from "../../src/runner/places.ts";
import { tokensOf } from "../../src/runner/tokens.ts";

const MODULE = `import { asset, monthly } from "nycflow";
export default defineConfig({ name: "x", pools: { a: [1, { b: 2 }], }, ...rest, [key]: 1, run() {}, async *go() {} });
export const a = asset({ partitions: monthly({ start: "2023-01" }), run: ({ db }) => db.sql\`select \${1}\` }), b = [1];
export { a as c, b };
`;

Deno.test("exportPlaces: every beginning of a module, and a module less any stretch, is read to its end", () => {
  for (let length = 0; length <= MODULE.length; length++) {
    ok(exportPlaces(tokensOf(MODULE.slice(0, length))) instanceof Map);
  }
  fc.assert(fc.property(fc.nat(MODULE.length), fc.nat(20), (from, length) => {
    exportPlaces(tokensOf(MODULE.slice(0, from) + MODULE.slice(from + length)));
  }));
});
