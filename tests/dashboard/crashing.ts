// A dashboard with a bug: what is thrown in the middle of it must not cost the terminal.
import process from "node:process";
import { keyMap } from "../../src/dashboard/bindings.ts";
import { firstModel } from "../../src/dashboard/first.ts";
import { startLoop } from "../../src/dashboard/loop.ts";
import { plainStyle } from "../../src/term/style.ts";

const clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  sleep: () => new Promise<void>(() => {}),
};
const loop = startLoop({
  first: firstModel({
    columns: 80,
    rows: 24,
    style: plainStyle,
    now: Date.now(),
    role: { kind: "looks", by: "" },
    readOnly: true,
    keys: keyMap(),
    clock: false,
    mouse: true,
    filter: "",
    memory: null,
  }),
  clock,
  perform: () => {},
  lend: () => Promise.resolve(),
});
setTimeout(() => void Promise.reject(new Error("a bug that nobody awaits")), 20);
try {
  await loop.ended;
} catch (error) {
  console.log(`told: ${error instanceof Error ? error.message : error}`);
  process.exit(70);
}
