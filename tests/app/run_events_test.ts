/** The events of a run that is looked at are read on, not again. */
import { deepEqual, equal } from "node:assert/strict";
import { RunEvents } from "../../src/app/board/run_events.ts";
import type { RunId } from "../../src/core/key.ts";
import type { EventQuery, StateStore } from "../../src/ports/store.ts";
import { asset } from "../kit/definitions.ts";
import { World } from "../kit/world.ts";

Deno.test("what is new is asked for alone; the same array where nothing is; another run begins anew", async () => {
  const world = new World();
  await world.up([asset("a"), asset("b", { deps: ["a"] })]);
  const [run] = await world.store.runs({ limit: 1 });
  const all = await world.store.events({ run: run!.run });
  const asked: EventQuery[] = [];
  let until = 3;
  const store = {
    events: (query: EventQuery) => {
      asked.push(query);
      const found = all.slice(0, until).filter((each) => each.id > (query.after ?? 0));
      return Promise.resolve(query.run === run!.run ? found : []);
    },
  } as unknown as StateStore;
  const events = new RunEvents();
  const first = await events.read(store, run!.run);
  deepEqual(first, all.slice(0, 3));
  equal(await events.read(store, run!.run), first);
  until = all.length;
  deepEqual(await events.read(store, run!.run), all);
  equal(asked.at(-1)?.after, all[2]?.id);
  deepEqual(await events.read(store, "01other" as RunId), []);
  deepEqual(await events.read(store, run!.run), all);
});
