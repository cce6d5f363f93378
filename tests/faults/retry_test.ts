/** `retry`: what a run left undone and what depends on it, partition by partition, with the code as it is now. */
import { deepEqual, equal, match } from "node:assert/strict";
import { makePuppets } from "../rig/puppets.ts";
import { eitherWay, makeRig } from "../rig/program.ts";
import { assertSound } from "./sound.ts";

const months = "/* @asset\npartitions: { monthly: { start: 2023-01, end: 2023-04 } }\n*/\n";

Deno.test("retry: of partitions only the one that failed, and what stands on it", async () => {
  const bad =
    `${months}select $partition_key as k, case when $partition_key = '2023-02' then error('no') else 'x' end as v`;
  await using rig = makeRig({
    via: eitherWay(),
    files: {
      "assets/m.sql": bad,
      "assets/n.sql": `${months}select * from m`,
      "assets/all_of_it.sql": "select count(*) as n from n",
    },
  });
  equal((await rig.run(["up", "--quiet"])).code, 1);
  rig.project({ "assets/m.sql": bad.replace("error('no')", "'y'") });
  const plan = await rig.json(["retry", "--dry-run", "--json"]) as {
    steps: { asset: string; partition: string | null }[];
  };
  deepEqual(plan.steps.map((each) => `${each.asset} ${each.partition}`), [
    "m 2023-02",
    "n 2023-02",
    "all_of_it null",
  ]);
  const { code, stdout } = await rig.run(["retry", "--json"]);
  equal(code, 0);
  const lines = stdout.trim().split("\n").map((line) => JSON.parse(line));
  equal(lines[0].trigger.kind, "retry");
  equal(lines.at(-1).steps.succeeded, 3);
  const nothing = await rig.run(["retry"]);
  equal(nothing.code, 0);
  match(nothing.stdout, /nothing to retry/);
  equal((await rig.run(["retry", "nosuchrun"])).code, 2);
});

Deno.test("retry: a run that was killed: what was asked of it though fresh, with its own settings", async () => {
  await using puppets = await makePuppets();
  await using rig = makeRig({
    via: eitherWay(),
    files: {
      "assets/one.ts": puppets.asset("one"),
      "assets/two.sql":
        "/* @asset\nconfig: { city: { type: string, default: NYC } }\n*/\nselect $config.city as city, n from one",
    },
  });
  const first = rig.start(["up", "--quiet"]);
  (await puppets.started("one")).end([{ n: 1 }]);
  equal((await first.ended).code, 0);
  const second = rig.start(["run", "one", "two", "--set", "city=Queens", "--quiet"]);
  const one = await puppets.started("one");
  second.kill("SIGKILL");
  await one.gone;
  await second.ended;
  const again = rig.start(["retry", "--quiet"]);
  (await puppets.started("one")).end([{ n: 2 }]);
  const { code, stderr } = await again.ended;
  equal(code, 0, stderr);
  deepEqual(await rig.json(["sql", "from two", "--json"]), [{ city: "Queens", n: 2 }]);
  await assertSound(rig.folder, { settled: true, swept: true });
});
