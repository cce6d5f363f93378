// `deno task compile`: makes dist/nycflow, one file that holds the program, DuckDB and the demo.
//   --out FILE      another place
//   --target NAME   another machine (build/targets.ts), as dist/nycflow-NAME
//   --all           every machine, and dist/SHA256SUMS, which `sha256sum -c` reads
// What is made for another machine than this one cannot be tried here: it is verified by its bytes.

import { writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { hostTarget, makeBinary } from "./binary.ts";
import { CHECKOUT, ensureInstalled } from "./packages.ts";
import { type Target, TARGETS } from "./targets.ts";

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      all: { type: "boolean", default: false },
      out: { type: "string" },
      target: { type: "string" },
      entry: { type: "string" }, // another program than main.ts, to try the compiler with
    },
  });
  const jobs = values.all ? TARGETS.map(named) : [one(values.target, values.out)];
  ensureInstalled();
  let failures = 0;
  const sums: string[] = [];
  for (const { target, out } of jobs) {
    try {
      const made = await makeBinary(target, out, values.entry && resolve(values.entry));
      const size = (made.bytes / 1e6).toFixed(1);
      console.log(`${made.path}  ${target.name}  ${size} MB  ${made.seconds.toFixed(1)} s`);
      const signed = made.pages > 0 ? `, signature true over ${made.pages} pages` : "";
      console.log(`  ${made.machine}, DuckDB whole in it${signed}`);
      sums.push(`${made.sha256}  ${basename(made.path)}\n`);
    } catch (error) {
      failures++;
      console.error(wordsOf(error));
    }
  }
  if (values.all && failures === 0) {
    const list = join(CHECKOUT, "dist", "SHA256SUMS");
    writeFileSync(list, sums.join(""));
    console.log(list);
  }
  return failures === 0 ? 0 : 1;
}

function one(name: string | undefined, out: string | undefined) {
  const target = name === undefined ? hostTarget() : TARGETS.find((each) => each.name === name);
  if (!target) {
    throw new Error(
      `no target "${name}"; there are ${TARGETS.map((each) => each.name).join(", ")}`,
    );
  }
  if (out !== undefined) return { target, out: resolve(out) };
  if (name !== undefined) return named(target);
  return { target, out: join(CHECKOUT, "dist", target.executable) };
}

function named(target: Target) {
  const file = target.executable.replace("nycflow", `nycflow-${target.name}`);
  return { target, out: join(CHECKOUT, "dist", file) };
}

function wordsOf(error: unknown): string {
  return `compile: ${error instanceof Error ? error.message : String(error)}`;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(wordsOf(error));
  process.exitCode = 2;
}
