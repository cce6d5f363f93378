/** The loop on a terminal that it must give back, whatever happens. */
import { equal, match, ok } from "node:assert/strict";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { makeRig } from "../rig/program.ts";

const script = fileURLToPath(new URL("./crashing.ts", import.meta.url));
const config = fileURLToPath(new URL("../../deno.json", import.meta.url));

Deno.test("loop: a bug in the middle of it gives the terminal back, and is told there", async () => {
  await using rig = makeRig({
    via: "deno",
    command: [process.execPath, "run", "-A", "--no-check", "--config", config, script],
  });
  const screen = rig.screen([], { columns: 80, rows: 24 });
  equal(await screen.ended, 70);
  ok(screen.raw.includes("\x1b[?1049h"), "it had the terminal");
  ok(!screen.alternate, "and has given it back");
  ok(screen.raw.lastIndexOf("\x1b[?25h") > screen.raw.lastIndexOf("\x1b[?25l"), "with its cursor");
  match(screen.text(), /told: a bug that nobody awaits/);
});
