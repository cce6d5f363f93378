/** What `run` says of upstreams that failed and are held. */
import { deepEqual } from "node:assert/strict";
import { failedUpstreams } from "../../src/app/stale_upstreams.ts";
import type { HeldStep } from "../../src/core/plan.ts";
import type { AssetKey, PartitionKey } from "../../src/core/key.ts";

const held = (asset: string, partition: string, kind: HeldStep["held"]["kind"]): HeldStep => ({
  asset: asset as AssetKey,
  partition: partition as PartitionKey,
  reasons: [],
  held: { kind, text: "", until: null },
});

Deno.test("upstreams that failed are named once; targets and other holds are not", () => {
  const plan = {
    steps: [],
    fresh: 0,
    held: [
      held("files", "2023-03", "failed"),
      held("files", "2023-04", "failed"),
      held("zones", "", "pinned"),
      held("stats", "", "failed"),
    ],
  };
  deepEqual(failedUpstreams({ plan, targets: new Set(["stats" as AssetKey]) }), ["files"]);
});
