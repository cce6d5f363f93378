/** What is kept of a source's data version. */
import { equal, match, notEqual } from "node:assert/strict";
import { versionWithout } from "../../src/app/observe.ts";
import { masker } from "../../src/core/mask.ts";

Deno.test("a data version that holds a secret is kept as a digest, which differs when it does", () => {
  const mask = masker(["hunter22"]);
  equal(versionWithout("2024-05-01", mask, "salt"), "2024-05-01");
  const kept = versionWithout("v1-hunter22", mask, "salt");
  match(kept, /^\w{8,}$/);
  equal(kept, versionWithout("v1-hunter22", mask, "salt"));
  notEqual(kept, versionWithout("v2-hunter22", mask, "salt"));
  // Without the project's salt a short secret could be guessed from its digest.
  notEqual(kept, versionWithout("v1-hunter22", mask, "other"));
});
