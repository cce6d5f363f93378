/** What stands on a failure that lies further before it than one step. */
import { deepEqual, equal } from "node:assert/strict";
import { WHOLE } from "../../src/core/key.ts";
import { partitionStatus } from "../../src/core/status.ts";
import { why } from "../../src/core/why.ts";
import { around, asset, key, layout, months } from "../kit/definitions.ts";
import { type Answer, failing, made, World } from "../kit/world.ts";

Deno.test("behind: what stands on a failure two steps before waits too, though the one between is up to date", async () => {
  const world = new World();
  const scheme = months("2023-01", "2023-03");
  const defs = (codeVersion: string) => [
    asset("file", { partitions: scheme, codeVersion }),
    asset("trips", { partitions: scheme, deps: ["file"] }),
    asset("weeks", { deps: ["trips"] }),
    asset("after", { deps: ["weeks"] }),
    asset("aside", { deps: ["trips"], needs: "any" }),
  ];
  await world.up(defs("1"));
  const answer: Answer = (order, hooks) =>
    order.definition.key === "file" && order.partition === "2023-02"
      ? failing("no such file")
      : made()(order, hooks);
  await world.up(defs("2"), answer);
  world.executed.length = 0;
  const again = await world.up([...defs("2"), asset("late", { deps: ["weeks"] })], answer);
  deepEqual(world.executed, [], "trips of another code beside those of this one");
  deepEqual(
    again.plan.held.filter((each) => each.held.kind === "upstream").map((each) => [
      each.asset,
      each.held.text,
    ]),
    [["weeks", "waits for file[2023-02], which failed"], [
      "late",
      "waits for file[2023-02], which failed",
    ]],
  );
  // `why` tells it, and where to look.
  const given = around({ now: world.now });
  const laid = layout(defs("2"), again.state, world.now);
  const told = why(
    {
      layout: laid,
      state: again.state,
      origin: () => [],
      status: (of, part) => partitionStatus(laid, again.state, of, part, given, new Set()),
      waits: (of) => again.plan.held.find((each) => each.asset === of)?.held ?? null,
    },
    key("weeks"),
    WHOLE,
  );
  deepEqual(told.chain.at(-1)?.text, "waits for file[2023-02], which failed");
  equal(told.waitsFor, "file");
  // The month comes, and all goes on.
  world.executed.length = 0;
  await world.up(defs("3"));
  deepEqual(world.executed.slice(-3).sort(), ["after#1", "aside#1", "weeks#1"]);
});
