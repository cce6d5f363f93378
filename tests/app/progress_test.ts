/** How far steps are, told from one process to others. */
import { deepEqual, equal } from "node:assert/strict";
import { readProgress, Telling } from "../../src/app/board/progress.ts";
import type { Claim } from "../../src/core/heads.ts";
import type { HolderId, StepKey } from "../../src/core/key.ts";
import type { Progress } from "../../src/core/order.ts";
import { key, NOW } from "../kit/definitions.ts";

const STEP = "trips" as StepKey;
const of = (fraction: number): Progress => ({ fraction });

Deno.test("telling: short steps tell nobody, long ones now and then, ended ones no more", () => {
  const told: Readonly<Record<string, Progress>>[] = [];
  let now = 0;
  const telling = new Telling({
    tell: (progress) => {
      told.push(progress);
      return Promise.resolve();
    },
  }, () => now);
  for (now = 0; now <= 1000; now += 50) telling.progress(STEP, of(now / 1000));
  deepEqual(told.map((each) => each[STEP]?.fraction), [0.3, 0.5, 0.7, 0.9]);
  telling.ended(STEP);
  telling.progress("other" as StepKey, of(0));
  now = 3000;
  telling.progress("other" as StepKey, of(0.5));
  deepEqual(told.at(-1), { other: of(0.5) });
});

Deno.test("reading: where it began and where it is; the same map while nothing is new; a new try begins anew", async () => {
  const claim = (since: number) => ({
    asset: key("trips"),
    partition: "",
    holder: "me" as HolderId,
    since,
  } as unknown as Claim);
  let told: Readonly<Record<string, Progress>> = { [STEP]: of(0.1) };
  const liveness = { told: () => Promise.resolve(told) };
  const first = await readProgress(liveness, [claim(NOW)], new Map(), NOW + 100);
  told = { [STEP]: of(0.4) };
  const second = await readProgress(liveness, [claim(NOW)], first, NOW + 300);
  deepEqual(second.get(STEP), {
    first: of(0.1),
    firstAt: NOW + 100,
    last: of(0.4),
    lastAt: NOW + 300,
  });
  equal(await readProgress(liveness, [claim(NOW)], second, NOW + 500), second);
  const retried = await readProgress(liveness, [claim(NOW + 600)], second, NOW + 700);
  deepEqual(retried.get(STEP)?.firstAt, NOW + 700);
  equal((await readProgress(liveness, [], second, NOW + 800)).size, 0);
});
