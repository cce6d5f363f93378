/** The seven reasons and what holds them, as a table. */
import { deepEqual, equal } from "node:assert/strict";
import { emptyState, fold } from "../../src/core/fold.ts";
import type { Head, Skip } from "../../src/core/heads.ts";
import { WHOLE } from "../../src/core/key.ts";
import { type Circumstances, evaluate } from "../../src/core/reasons.ts";
import type { AssetDefinition } from "../../src/core/definition.ts";
import { around, asset, key, layout, NOW } from "../kit/definitions.ts";
import { holderId, log, requested, runId, runStarted } from "../kit/events.ts";
import { failure, head, published } from "../kit/heads.ts";

interface Case {
  readonly name: string;
  readonly def?: Partial<AssetDefinition>;
  readonly head: Head | null;
  readonly up?: Head | null;
  /** A run that is running. */
  readonly run?: string;
  readonly around?: Partial<Circumstances>;
  readonly reasons: readonly string[];
  readonly held?: string | null;
}

const MINUTE = 60_000;
const within = (withinMs: number) => ({
  freshness: { kind: "within" as const, withinMs, warnMs: null, refresh: null },
});
const asked = { requested: new Map([["a", "asked for"]]) };

/** "Not published yet", said after a look at a variable. */
function skipped(digest: string): Skip {
  return {
    at: NOW - 1,
    run: runId("run1"),
    text: "not published yet",
    code: "code of a",
    inputs: "",
    reads: [{ kind: "env", name: "SERVICE", digest }],
  };
}

const CASES: readonly Case[] = [
  { name: "never made", head: null, reasons: ["missing"] },
  { name: "up to date", head: published("a"), reasons: [] },
  {
    name: "its code means something else",
    def: { codeVersion: "2" },
    head: published("a"),
    reasons: ["code"],
  },
  {
    name: "a value that it read is another now",
    head: published("a", "", { reads: [{ kind: "env", name: "URL", digest: "old" }] }),
    around: { currentRead: () => "new" },
    reasons: ["config"],
  },
  {
    name: "a value that it read is gone",
    head: published("a", "", { reads: [{ kind: "env", name: "URL", digest: "old" }] }),
    around: { currentRead: () => null },
    reasons: ["config"],
  },
  {
    name: "an input came to another version",
    head: published("a", "", { inputs: "u:=v0" }),
    up: published("u"),
    reasons: ["upstream"],
  },
  {
    name: "an input is as it was",
    head: published("a", "", { inputs: "u:=v1" }),
    up: published("u"),
    reasons: [],
  },
  { name: "its freshness ran out", def: within(30_000), head: published("a"), reasons: ["due"] },
  {
    name: "its freshness runs out later",
    def: within(2 * MINUTE),
    head: published("a"),
    reasons: [],
  },
  { name: "asked for though fresh", head: published("a"), around: asked, reasons: ["requested"] },
  {
    name: "failed, nothing changed: held",
    head: head("a", "", { failure: failure("a") }),
    reasons: ["missing", "failed"],
    held: "failed",
  },
  {
    name: "failed, code changed since: free",
    def: { codeVersion: "2" },
    head: head("a", "", { failure: failure("a") }),
    reasons: ["missing", "failed"],
  },
  {
    name: "failed, an input changed since: free",
    head: head("a", "", { failure: failure("a", { inputs: "u:=v0" }) }),
    up: published("u"),
    reasons: ["missing", "failed"],
  },
  {
    name: "failed, its cool-down is over: free",
    head: head("a", "", { failure: failure("a", { at: NOW - MINUTE }) }),
    reasons: ["missing", "failed"],
  },
  {
    name: "failed twice: the second cool-down is five minutes",
    head: head("a", "", { failure: failure("a", { at: NOW - MINUTE, inARow: 2 }) }),
    reasons: ["missing", "failed"],
    held: "failed",
  },
  {
    name: "failed and asked for: free",
    head: head("a", "", { failure: failure("a") }),
    around: asked,
    reasons: ["requested", "missing", "failed"],
  },
  {
    name: "skipped, nothing changed: held",
    head: head("a", "", { skip: skipped("same") }),
    around: { currentRead: () => "same" },
    reasons: ["missing"],
    held: "skipped",
  },
  {
    name: "skipped, a value that it read is another now: asked at once",
    head: head("a", "", { skip: skipped("green") }),
    around: { currentRead: () => "yellow" },
    reasons: ["missing"],
  },
  {
    name: "failed, a tick came since: free",
    head: head("a", "", { failure: failure("a") }),
    around: { due: new Map([["a", `nightly@${NOW}`]]) },
    reasons: ["missing", "due", "failed"],
  },
  {
    name: "a tick that was answered already",
    head: published("a"),
    around: { due: new Map([["a", `nightly@${NOW - 2 * MINUTE}`]]) },
    reasons: [],
  },
  {
    name: "a retry is due later, and the run that waits for it is gone: it is anybody's",
    head: head("a", "", { failure: failure("a", { retryAt: NOW + 1 }) }),
    reasons: ["missing", "failed"],
  },
  {
    name: "a retry is due later in a run that lives: held until then",
    head: head("a", "", { failure: failure("a", { retryAt: NOW + 1 }) }),
    run: "run1",
    reasons: ["missing", "failed"],
    held: "retry",
  },
  {
    name: "a retry is due later in a run whose process is dead",
    head: head("a", "", { failure: failure("a", { retryAt: NOW + 1 }) }),
    run: "run1",
    around: { dead: new Set([holderId("h1")]) },
    reasons: ["missing", "failed"],
  },
  {
    name: "a failure in what is the future by a clock that was turned back holds nothing",
    head: head("a", "", { failure: failure("a", { at: NOW + 3_600_000 }) }),
    reasons: ["missing", "failed"],
  },
  {
    name: "a retry is due: free",
    head: head("a", "", { failure: failure("a", { retryAt: NOW }) }),
    reasons: ["missing", "failed"],
  },
  {
    name: "pinned though its input changed: held",
    head: published("a", "", { inputs: "u:=v0" }, {
      pinned: { at: NOW, text: "rollback", code: "code of a" },
    }),
    up: published("u"),
    reasons: ["upstream"],
    held: "pinned",
  },
  {
    name: "pinned, and its code changed: free",
    def: { codeVersion: "2" },
    head: published("a", "", {}, { pinned: { at: NOW, text: "rollback", code: "code of a" } }),
    reasons: ["code"],
  },
  {
    name: "pinned and forced: free",
    head: published("a", "", {}, { pinned: { at: NOW, text: "rollback", code: "code of a" } }),
    around: { ...asked, force: true },
    reasons: ["requested"],
  },
  {
    name: "interrupted keeps the reason that it had",
    head: head("a", "", { interrupted: { run: "r" as never, at: NOW } }),
    reasons: ["missing"],
  },
  {
    name: "manual: held until asked for",
    def: { automation: "manual" },
    head: null,
    reasons: ["missing"],
    held: "manual",
  },
  {
    name: "manual and asked for: free",
    def: { automation: "manual" },
    head: null,
    around: asked,
    reasons: ["requested", "missing"],
  },
  {
    name: "manual and a schedule that selects it came round: free",
    def: { automation: "manual" },
    head: published("a"),
    around: { due: new Map([["a", `nightly@${NOW}`]]) },
    reasons: ["due"],
  },
  {
    name: "made once: a changed input does not make it again",
    def: { automation: "missing" },
    head: published("a", "", { inputs: "u:=v0" }),
    up: published("u"),
    reasons: ["upstream"],
    held: "manual",
  },
];

for (const each of CASES) {
  Deno.test(`reasons: ${each.name}`, () => {
    const state = emptyState();
    if (each.head !== null) state.heads.set(key("a"), new Map([[WHOLE, each.head]]));
    if (each.run) {
      for (const stored of log([requested(each.run), runStarted(each.run)])) fold(state, stored);
    }
    if (each.up) state.heads.set(key("u"), new Map([[WHOLE, each.up]]));
    const laid = layout([
      asset("a", { ...(each.up === undefined ? {} : { deps: ["u"] }), ...withoutDeps(each.def) }),
      asset("u"),
    ], state);
    const found = evaluate(laid, state, key("a"), WHOLE, around(each.around));
    deepEqual(found.reasons.map((reason) => reason.kind), each.reasons);
    equal(found.held?.kind ?? null, each.held ?? null);
    if (each.reasons.length > 0) equal(found.action, "materialize");
  });
}

function withoutDeps(
  def: Partial<AssetDefinition> = {},
): Omit<Partial<AssetDefinition>, "key" | "deps"> {
  const { deps: _deps, key: _key, ...rest } = def;
  return rest;
}

Deno.test("reasons: a changed check runs checks, and makes nothing anew", () => {
  const state = emptyState();
  state.heads.set(key("a"), new Map([[WHOLE, published("a", "", { checksVersion: "1" })]]));
  const laid = layout([asset("a", { checksVersion: "2" })], state);
  const found = evaluate(laid, state, key("a"), WHOLE, around());
  equal(found.action, "check");
  equal(found.reasons[0]?.kind, "code");
});

Deno.test("reasons: the next try goes on with the number and the time that the last one left", () => {
  const state = emptyState();
  const failed = failure("a", { tries: 2, at: NOW - 1000, retryAt: NOW + 3000 });
  state.heads.set(key("a"), new Map([[WHOLE, head("a", "", { failure: failed })]]));
  const laid = layout([asset("a")], state);
  const goes = (more: Partial<Circumstances>) =>
    evaluate(laid, state, key("a"), WHOLE, around(more)).retry ?? null;
  deepEqual(goes({}), { run: failed.run, tries: 2, at: NOW + 3000 });
  deepEqual(goes({ now: NOW - 86_400_000 })?.at, NOW - 86_400_000 + 4000, "a clock turned back");
  equal(goes(asked), null, "a request begins anew");
  equal(goes({ force: true }), null);
  const edited = layout([asset("a", { codeVersion: "2" })], state);
  equal(evaluate(edited, state, key("a"), WHOLE, around()).retry ?? null, null);
});
