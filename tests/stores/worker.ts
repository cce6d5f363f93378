/**
 * A process of its own at a state store, for `processes_test.ts`; runs under Deno and Bun alike.
 * `race FILE NAME COUNT` claims and publishes whatever of COUNT partitions is free, and prints how many it made;
 * `endless FILE NAME` publishes two assets in step, over and over, until it is killed.
 */
import { mayClaim } from "../../src/core/rules.ts";
import { openSqliteStore } from "../../src/stores/sqlite/open.ts";
import { asset, holderId, made, part, started } from "../kit/events.ts";

const [mode, file = "", name = "", count = "0"] = process.argv.slice(2);
const store = await openSqliteStore(file);
const state = await store.load();

if (mode === "race") {
  let own = 0;
  for (let index = 0; index < Number(count); index++) {
    const at = { partition: `p${index}`, attempt: `${name}-${index}` };
    const done = await store.commit(
      state,
      index,
      (now) => {
        const published = now.heads.get(asset("trips"))?.get(part(at.partition))?.published;
        if (published || !mayClaim(now, asset("trips"), part(at.partition), new Set()).ok) {
          return [];
        }
        return [started(at, { holder: holderId(name) })];
      },
      { durable: false },
    );
    if (done.own.length === 0) continue;
    await store.commit(state, index, () => [made(at, `${name}-${index}`)]);
    own++;
  }
  console.log(own);
  await store.close();
} else {
  console.log("ready");
  for (let index = 0;; index++) {
    const attempt = `${name}-${index}`;
    await store.commit(
      state,
      index,
      () =>
        ["a", "b"].flatMap((each) => [
          started({ asset: each, attempt }),
          made({ asset: each, attempt }, attempt),
        ]),
      { durable: index % 3 === 0 },
    );
  }
}
