import assert from "node:assert/strict";
import type { FreshnessPolicy } from "../../src/core/definition.ts";
import { freshness } from "../../src/core/freshness.ts";

const at = (text: string) => Date.parse(`${text}Z`);
const DAY = 86_400_000;

const within: FreshnessPolicy = {
  kind: "within",
  withinMs: 35 * DAY,
  warnMs: 33 * DAY,
  refresh: null,
};
const by: FreshnessPolicy = { kind: "by", cron: "0 9 * * *", timezone: null, refresh: null };

function state(policy: FreshnessPolicy, last: string | null, now: string, timezone = "UTC") {
  const found = freshness(policy, last === null ? null : at(last), at(now), timezone);
  return found.ok ? found.value.state : found.error.message;
}

for (
  const [policy, last, now, expected] of [
    [within, null, "2023-01-01T00:00", "never"],
    [within, "2023-01-01T00:00", "2023-02-02T23:59", "on time"],
    [within, "2023-01-01T00:00", "2023-02-03T00:00", "soon late"],
    [within, "2023-01-01T00:00", "2023-02-04T23:59", "soon late"],
    [within, "2023-01-01T00:00", "2023-02-05T00:00", "late"],
    [{ ...within, warnMs: null }, "2023-01-01T00:00", "2023-02-04T23:59", "on time"],
    [by, null, "2023-01-02T00:00", "never"],
    // Made between the deadlines of the 1st and the 2nd: good until that of the 3rd.
    [by, "2023-01-02T08:00", "2023-01-02T09:01", "on time"],
    [by, "2023-01-02T09:00", "2023-01-03T07:59", "on time"],
    [by, "2023-01-02T08:00", "2023-01-03T08:00", "soon late"],
    [by, "2023-01-02T08:00", "2023-01-03T09:00", "late"],
    [by, "2023-01-02T09:01", "2023-01-03T09:00", "on time"],
    [by, "2023-01-02T09:01", "2023-01-04T09:00", "late"],
    [{ ...by, cron: "x" }, "2023-01-02T09:01", "2023-01-04T09:00", 'Cannot read the schedule "x"'],
  ] as const
) {
  const what = policy.kind === "by" ? policy.cron : "within";
  Deno.test(`${what}: made ${last}, at ${now} it is ${expected}`, () =>
    assert.equal(state(policy, last, now), expected));
}

Deno.test("due and late are told", () => {
  assert.deepEqual(freshness(within, 0, DAY, "UTC"), {
    ok: true,
    value: { state: "on time", dueAt: 35 * DAY, lateAt: 35 * DAY },
  });
  assert.deepEqual(freshness(by, at("2023-01-02T08:00"), at("2023-01-02T08:30"), "UTC"), {
    ok: true,
    value: { state: "on time", dueAt: at("2023-01-02T09:00"), lateAt: at("2023-01-03T09:00") },
  });
});

Deno.test("a deadline stands in its own time zone, else in the one given", () => {
  assert.equal(state(by, "2023-01-02T08:00", "2023-01-03T13:59", "America/New_York"), "soon late");
  const berlin: FreshnessPolicy = { ...by, timezone: "Europe/Berlin" };
  assert.equal(state(berlin, "2023-01-02T07:00", "2023-01-03T08:00", "America/New_York"), "late");
});
