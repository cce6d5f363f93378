import assert from "node:assert/strict";
import { makeRig } from "./program.ts";
import { makePuppets, type Puppets } from "./puppets.ts";

/** A program that runs the assets it is told of, side by side, and prints what became of them. */
function rigOf(puppets: Puppets, names: readonly string[]) {
  const assets = names.map((name) => [`assets/${name}.ts`, puppets.asset(name, "deps: [],")]);
  return makeRig({
    via: "deno",
    files: {
      ...Object.fromEntries(assets),
      "map.json": '{"imports":{"nycflow":"./mod.ts"}}',
      "mod.ts": "export const asset = (spec: unknown) => spec;",
      "program.ts": `import process from "node:process";
        await Promise.all(process.argv.slice(2).map(async (name) => {
          const { [name]: { run } } = await import("./assets/" + name + ".ts");
          try { console.log(name, JSON.stringify(await run({ partition: { key: "k" } }))); }
          catch (error) { console.log(name, "failed:", (error as Error).message); }
        }));`,
    },
    command: [Deno.execPath(), "run", "-A", "--no-config", "--import-map=map.json", "program.ts"],
  });
}

Deno.test("puppets start, print, end and fail when they are told", async () => {
  await using puppets = await makePuppets();
  await using rig = rigOf(puppets, ["a", "b"]);
  const live = rig.start(["a", "b"]);
  const b = await puppets.started("b");
  const a = await puppets.started();
  assert.deepEqual([a.name, a.partition, a.pid, b.pid], ["a", "k", live.pid, live.pid]);
  b.print("hello");
  await live.until(/hello/);
  b.fail("on purpose");
  await b.gone;
  a.end([{ x: 1 }]);
  const { code, stdout } = await live.ended;
  assert.equal(code, 0);
  assert.equal(stdout, 'hello\nb failed: on purpose\na [{"x":1}]\n');
});

Deno.test("a puppet that spins is gone when its process is killed", async () => {
  await using puppets = await makePuppets();
  await using rig = rigOf(puppets, ["a"]);
  const live = rig.start(["a"]);
  const a = await puppets.started("a");
  a.spin();
  live.kill("SIGKILL");
  await a.gone;
  assert.equal((await live.ended).signal, "SIGKILL");
});
