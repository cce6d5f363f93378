import { deepEqual } from "node:assert/strict";
import type { PartitionKey } from "../../src/core/key.ts";
import { type Moved, movedWords } from "../../src/core/promote.ts";
import { key } from "../kit/definitions.ts";

Deno.test("what moved is told asset by asset, partitions that moved alike as ranges", () => {
  const moved = (name: string, partition: string, text: string): Moved => ({
    step: name as Moved["step"],
    asset: key(name),
    partition: partition as PartitionKey,
    text,
  });
  deepEqual(
    movedWords([
      moved("a", "", "is pinned"),
      moved("b", "2023-03", "was made"),
      moved("b", "2023-01", "was made"),
      moved("c", "2023-01", "was made"),
      moved("b", "2023-02", "was made"),
      moved("b", "2023-07", "is pinned"),
    ]),
    ["a is pinned", "b 2023-01..2023-03 was made", "c 2023-01 was made", "b 2023-07 is pinned"],
  );
});
