// A user's project with packages of its own, in every shape that a package has: what the runner's
// children must be able to import, in both forms of the program.

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** What `out` of assets/a.ts is when everything resolved. */
export const ANSWER = {
  nycflow: "ours",
  commonjs: "cjs 42",
  esm: "esm sub",
  zod: "the project's own",
  local: 1,
};

const FILES: Readonly<Record<string, string>> = {
  "node_modules/cjs-pkg/package.json": '{"name":"cjs-pkg","version":"1.0.0","main":"index.js"}',
  "node_modules/cjs-pkg/index.js": 'module.exports = { hi: () => "cjs " + require("./lib") };',
  "node_modules/cjs-pkg/lib.js": "module.exports = 42;",
  "node_modules/esm-pkg/package.json":
    '{"name":"esm-pkg","version":"1.0.0","type":"module","exports":{".":"./a.js","./sub":"./b.js"}}',
  "node_modules/esm-pkg/a.js": 'export const e = "esm";',
  "node_modules/esm-pkg/b.js": 'export const s = "sub";',
  "node_modules/zod/package.json":
    '{"name":"zod","version":"0.0.1","type":"module","exports":"./a.js"}',
  "node_modules/zod/a.js": 'export const z = "the project\'s own";',
  "assets/_local.ts": "export const local: number = 1;",
  "assets/a.ts": `import { asset, type Context } from "nycflow";
    import cjs from "cjs-pkg";
    import { e } from "esm-pkg";
    import { s } from "esm-pkg/sub";
    import { z } from "zod";
    import { local } from "./_local.ts";
    export type Unused = Context;
    export const out = { nycflow: asset(), commonjs: cjs.hi(), esm: e + " " + s, zod: z, local };`,
};

/** Writes the project, with more files or other ones, and gives its folder. */
export function writeProject(folder: string, more: Readonly<Record<string, string>> = {}): string {
  for (const [path, text] of Object.entries({ ...FILES, ...more })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}
