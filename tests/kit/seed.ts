/**
 * Loaded before every test file: properties look at the same examples each time, so that the gate says the same of the
 * same tree. NYCFLOW_TEST_SEED takes another seed; `random` explores, as `deno task soak` may.
 */
import process from "node:process";
import fc from "fast-check";

const said = process.env["NYCFLOW_TEST_SEED"];
if (said !== "random") {
  fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(said ?? 20261123) });
}
