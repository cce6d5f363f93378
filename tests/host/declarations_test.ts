// The declarations that editors read: made from the sources, whole in type, nothing left out.

import { deepEqual, equal, match, ok } from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readDeclarations } from "../../src/host/declarations.ts";
import { CHECKOUT } from "../rig/environment.ts";

const text = readDeclarations(`${CHECKOUT}/`);

Deno.test("every name that the module exports is declared and exported, and no other", () => {
  const listed = [
    ...readFileSync(join(CHECKOUT, "src/mod.ts"), "utf8")
      .matchAll(/export (?:type )?\{([^}]*)\}/g),
  ]
    .flatMap(([, names = ""]) => names.split(","))
    .map((name) => name.trim().replace(/^type /, "")).filter((name) => name !== "");
  const exported = [
    ...text.matchAll(/^export (?:declare )?(?:function|interface|type|const) (\w+)/gm),
  ]
    .map(([, name = ""]) => name);
  deepEqual([...new Set(exported)].sort(), [...new Set(listed)].sort());
});

Deno.test("it has no body, no import but the tables', and its comments", () => {
  deepEqual([...text.matchAll(/^import .*$/gm)].map(([line]) => line), [
    'import type { ProjectTables } from "./tables.d.ts";',
  ]);
  ok(!/^ {2}return /m.test(text));
  match(text, /\* An asset that TypeScript makes\./);
  match(text, /export interface Tables extends ProjectTables \{\}/);
});

Deno.test("a project with it alone is checked: a wrong column, option or return is an error", () => {
  const folder = mkdtempSync(join(tmpdir(), "nycflow-types-"));
  try {
    const put = (path: string, content: string) => {
      mkdirSync(join(folder, path, ".."), { recursive: true });
      writeFileSync(join(folder, path), content);
    };
    put("nycflow.d.ts", text);
    put("tables.d.ts", "export interface ProjectTables { readonly trips: { readonly n: number } }");
    put("deno.json", JSON.stringify({ imports: { nycflow: "./nycflow.d.ts" } }));
    const module = (name: string, body: string) =>
      put(`assets/${name}.ts`, `import { asset, chart, monthly, skip } from "nycflow";\n${body}`);
    module(
      "good",
      `export const a = asset({
  deps: ["trips"],
  partitions: monthly(),
  run: async ({ upstream, partition, db, log }) => {
    const rows = await upstream.trips.rows();
    if (rows.length === 0) return skip("none");
    log.info(partition.start);
    return chart({ type: "line", x: "n" }, db.sql<{ n: number }>\`from trips\`);
  },
});`,
    );
    const wrong: readonly (readonly [string, RegExp])[] = [
      [
        "run: async ({ upstream }) => (await upstream.trips.one()).nn",
        /Property 'nn' does not exist/,
      ],
      ["run: ({ upstream }) => upstream.zones.rows()", /Property 'zones' does not exist/],
      ["run: ({ partition }) => partition", /Property 'partition' does not exist/],
      ["retry: { atempts: 3 }, run: () => []", /'atempts' does not exist/],
      ["run: () => 42", /number/],
    ];
    for (const [at, [options]] of wrong.entries()) {
      module(`wrong${at}`, `export const a = asset({ deps: ["trips"], ${options} });`);
    }
    // All at once: the checker takes a second to start.
    const names = ["good", ...wrong.keys().map((at) => `wrong${at}`)];
    const done = spawnSync(
      Deno.execPath(),
      ["check", ...names.map((each) => `assets/${each}.ts`)],
      {
        cwd: folder,
        encoding: "utf8",
        env: { ...Deno.env.toObject(), NO_COLOR: "1" },
      },
    );
    equal(done.status, 1, done.stderr);
    const errors = done.stderr.split(/^(?=TS\d+ )/m).filter((each) => each.startsWith("TS"));
    const said = (name: string) => errors.filter((each) => each.includes(`assets/${name}.ts`));
    deepEqual(said("good"), []);
    for (const [at, [, words]] of wrong.entries()) match(said(`wrong${at}`).join(""), words);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
