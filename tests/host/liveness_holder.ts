/** A process that holds its liveness lock; runs under Deno and Bun. Prints its id, then waits for its end. */
import { createLiveness } from "../../src/host/liveness.ts";

const [dir = "", id = "", mode = "wait"] = process.argv.slice(2);
const liveness = createLiveness(dir, { command: "nycflow up", newId: () => id, now: () => 1234 });
console.log(await liveness.hold());
process.stdin.on("end", async () => {
  await liveness.release();
  process.exit(0);
});
process.stdin.resume();
if (mode === "spin") { while (true); }
