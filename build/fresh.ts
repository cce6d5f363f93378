// The binary that the tests drive: made only when what it is made of has changed since.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hostTarget, makeBinary } from "./binary.ts";
import { inputsHash } from "./inputs.ts";
import { CHECKOUT, ensureInstalled } from "./packages.ts";

/** The path of a binary of the sources as they are; says so when it has to make it. */
export async function freshBinary(say: (line: string) => void): Promise<string> {
  ensureInstalled();
  const target = hostTarget();
  const path = join(CHECKOUT, "dist", target.executable);
  const mark = join(CHECKOUT, "dist", ".inputs");
  const wanted = inputsHash();
  if (existsSync(path) && existsSync(mark) && readFileSync(mark, "utf8") === wanted) return path;
  const made = await makeBinary(target, path);
  writeFileSync(mark, wanted);
  say(`compiled ${path} in ${made.seconds.toFixed(1)} s`);
  return path;
}
