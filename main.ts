/** argv and the real host to the command line or, in a child of ours, to the runner; exits with its code. */
import process from "node:process";
import { roleOf } from "./src/host/self.ts";

const { role, args } = roleOf(process.argv.slice(2));
if (role === "runner") {
  const { runRunner } = await import("./src/runner/main.ts");
  await runRunner();
} else {
  const { main } = await import("./src/cli/main.ts");
  process.exit(await main(args));
}
