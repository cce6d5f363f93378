// What a binary is made of, as one hash: when it is equal, the binary at hand is fresh. The
// packages count by the lock file, which holds a hash of each.

import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { CHECKOUT } from "./packages.ts";

const PARTS = [
  "main.ts",
  "nycflow.config.ts",
  "src",
  "fixtures",
  "assets",
  "templates",
  "build",
  "deno.json",
  "deno.lock",
];

/** The hash of all files that a binary is made of. */
export function inputsHash(): string {
  const hash = createHash("sha256");
  const visit = (path: string) => {
    const found = statSync(join(CHECKOUT, path), { throwIfNoEntry: false });
    if (found?.isDirectory()) {
      for (const name of readdirSync(join(CHECKOUT, path)).sort()) {
        if (!name.startsWith(".") && name !== "node_modules") visit(`${path}/${name}`);
      }
    } else if (found?.isFile()) {
      hash.update(`${path}\0${found.size}\0`).update(readFileSync(join(CHECKOUT, path)));
    }
  };
  for (const part of PARTS) visit(part);
  return hash.digest("hex");
}
