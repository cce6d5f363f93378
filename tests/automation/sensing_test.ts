// Watched folders and sensors that are code: each request once, whoever asks and whatever dies in between; one that is
// malformed, fails or floods harms none of the others.

import assert from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { matching, readFolder, reject } from "../../src/automation/folder.ts";
import { evaluateSensor, type Sensing } from "../../src/automation/sensing.ts";
import { MOST_REQUESTS } from "../../src/core/automation/request.ts";
import type { SensorDefinition } from "../../src/core/definition.ts";
import type { Json, JsonObject } from "../../src/core/json.ts";
import { problem } from "../../src/core/problem/problem.ts";
import { err, ok, type Result } from "../../src/core/result.ts";
import type { Problem } from "../../src/core/problem/problem.ts";
import type { SensorAnswer } from "../../src/ports/runner.ts";
import type { StateStore } from "../../src/ports/store.ts";
import { createMemoryLog, openMemoryStore } from "../../src/stores/memory/store.ts";
import { asset, key, NOW } from "../kit/definitions.ts";

const SCHEMA: JsonObject = {
  type: "object",
  properties: { n: { type: "integer" } },
  required: ["n"],
  additionalProperties: false,
};
const ANSWER = asset("answer", {
  partitions: { type: "dynamic" },
  config: { schema: SCHEMA, defaults: {} },
});
const PLAIN = asset("plain");

function sensor(parts: Partial<SensorDefinition> = {}): SensorDefinition {
  return {
    name: "requests",
    select: "answer",
    everyMs: 30_000,
    timeoutMs: 1000,
    watch: "requests/*.json",
    origin: { file: "assets/s.ts", line: 3, exportName: "requests" },
    ...parts,
  };
}

type Ask = (cursor: Json) => Result<SensorAnswer, Problem>;

class Folder implements Disposable {
  readonly project = mkdtempSync(join(tmpdir(), "nycflow-folder-"));
  readonly log = createMemoryLog();
  #ids = 0;
  constructor() {
    mkdirSync(join(this.project, "requests"));
  }
  put(name: string, text: string): void {
    writeFileSync(join(this.project, "requests", name), text);
  }
  list(folder = "requests"): readonly string[] {
    return readdirSync(join(this.project, folder)).filter((name) => name !== "rejected").sort();
  }
  /** As one process sees it. */
  async sensing(ask: Ask = () => err(problem("bug", { message: "no code" }))): Promise<Sensing> {
    const store = openMemoryStore(this.log);
    const process = this.#ids += 1_000_000;
    let ids = 0;
    return {
      store,
      state: await store.load(),
      clock: { now: () => NOW, elapsed: () => NOW, sleep: () => Promise.resolve() },
      ids: { next: () => `id${process + ids++}` },
      project: this.project,
      def: (name) => name === "plain" ? PLAIN : ANSWER,
      choose: (text) => ok(new Set([key(text)])),
      ask: ({ cursor }) => Promise.resolve(ask(cursor)),
    };
  }
  async facts(prefix: string): Promise<readonly string[]> {
    const state = await openMemoryStore(this.log).load();
    return [...state.facts.keys()].filter((name) => name.startsWith(prefix)).sort();
  }
  [Symbol.dispose](): void {
    rmSync(this.project, { recursive: true, force: true });
  }
}

/** Dies at its n-th commit: before it, or right after it. */
function dying(store: StateStore, when: "before" | "after"): StateStore {
  return {
    ...store,
    commit: async (...args) => {
      if (when === "after") await store.commit(...args);
      throw new Error("killed");
    },
  };
}

function fill(folder: Folder): void {
  for (let n = 0; n < 500; n++) {
    const name = `r${String(n).padStart(3, "0")}.json`;
    if (n % 10 === 0) folder.put(name, n % 20 === 0 ? `{"n": ` : `{"n": "soon"}`);
    else folder.put(name, JSON.stringify({ n: n === 2 ? 1 : n }));
  }
}

for (const when of ["before", "after"] as const) {
  Deno.test(`500 files, a tenth malformed, two the same, killed ${when} the commit: each once, nothing lost`, async () => {
    using folder = new Folder();
    fill(folder);
    const first = await folder.sensing();
    await assert.rejects(
      evaluateSensor({ ...first, store: dying(first.store, when) }, sensor()),
      /killed/,
    );
    assert.equal(folder.list().length, 500, "nothing was moved before it was known");
    // Five who look at once, after that.
    const all = await Promise.all(
      (await Promise.all(Array.from({ length: 5 }, () => folder.sensing())))
        .map((each) => evaluateSensor(each, sensor())),
    );
    const asked = all.reduce((sum, each) => sum + each.asked, 0);
    assert.equal(asked, when === "before" ? 450 : 0);
    assert.equal((await folder.facts("partition:answer:")).length, 450);
    assert.equal(folder.list().length, 450, "good ones stay");
    const rejected = folder.list("requests/rejected");
    assert.equal(rejected.filter((name) => name.endsWith(".json")).length, 50);
    assert.equal(rejected.filter((name) => name.endsWith(".reason.txt")).length, 50);
    const reason = readFileSync(
      join(folder.project, "requests/rejected/r010.json.reason.txt"),
      "utf8",
    );
    assert.match(reason, /n is a text; expected an integer/);
    const again = await evaluateSensor(await folder.sensing(), sensor());
    assert.deepEqual([again.asked, again.rejected, again.problem], [0, [], null]);
  });
}

Deno.test("another content under the same name is another request, and what was set aside before stays", async () => {
  using folder = new Folder();
  folder.put("a.json", '{"n":1}');
  folder.put("bad.json", "[]");
  await evaluateSensor(await folder.sensing(), sensor());
  folder.put("a.json", '{"n":2}');
  folder.put("bad.json", "7");
  const second = await evaluateSensor(await folder.sensing(), sensor());
  assert.equal(second.asked, 1);
  assert.equal((await folder.facts("partition:answer:a-")).length, 2);
  assert.deepEqual(folder.list("requests/rejected"), [
    "bad-2.json",
    "bad-2.json.reason.txt",
    "bad.json",
    "bad.json.reason.txt",
  ]);
});

Deno.test("a file that is still being written is left until it is whole", async () => {
  using folder = new Folder();
  folder.put("slow.json", '{"n":');
  const grow = () => {
    folder.put("slow.json", '{"n": 1');
    return Promise.resolve();
  };
  const growing = await readFolder(folder.project, "requests/*.json", ANSWER, grow);
  assert.deepEqual(growing, { good: [], bad: [] });
  const finish = () => {
    folder.put("slow.json", '{"n": 12}');
    return Promise.resolve();
  };
  const done = await readFolder(folder.project, "requests/*.json", ANSWER, finish);
  assert.deepEqual(done.good.map(({ settings }) => settings), [{ n: 12 }]);
});

Deno.test("a folder that disappears holds no requests, and is no error", async () => {
  using folder = new Folder();
  rmSync(join(folder.project, "requests"), { recursive: true });
  const found = await evaluateSensor(await folder.sensing(), sensor());
  assert.deepEqual([found.asked, found.problem], [0, null]);
  assert.deepEqual(matching(folder.project, "nowhere/**/*.json"), []);
});

Deno.test("what two processes set aside at once is set aside once, and neither fails", () => {
  using folder = new Folder();
  folder.put("bad.json", "no");
  const bad = { file: "requests/bad.json", why: "it is no JSON" };
  assert.ok("to" in reject(folder.project, bad));
  const late = reject(folder.project, bad);
  assert.ok("stays" in late && /ENOENT/.test(late.stays));
  assert.ok(!existsSync(join(folder.project, "requests/bad.json")));
});

const code = sensor({ name: "code", select: "plain", watch: null });
const answer = (parts: Partial<SensorAnswer>): Result<SensorAnswer, Problem> =>
  ok({ requests: [], skip: null, cursor: null, reads: [], ...parts });
const request = (name: string) => ({
  key: name,
  select: null,
  partition: null,
  config: { k: name },
});

Deno.test("code asks for runs by key, each once, and the cursor moves with them", async () => {
  using folder = new Folder();
  const ask: Ask = (cursor) =>
    answer({ requests: [request("k1"), request("k2"), request("k1")], cursor: Number(cursor) + 1 });
  const dead = await folder.sensing(ask);
  await assert.rejects(
    evaluateSensor({ ...dead, store: dying(dead.store, "before") }, code),
    /killed/,
  );
  assert.deepEqual(await folder.facts("request:"), []);
  const processes = await Promise.all(Array.from({ length: 5 }, () => folder.sensing(ask)));
  const all = await Promise.all(processes.map((each) => evaluateSensor(each, code)));
  assert.equal(all.reduce((sum, each) => sum + each.asked, 0), 2);
  assert.deepEqual(await folder.facts("request:"), [
    "request:sensor:code:k1",
    "request:sensor:code:k2",
  ]);
  const state = await openMemoryStore(folder.log).load();
  const runs = [...state.runs.values()];
  assert.deepEqual(runs.map((run) => run.queued?.settings), [{ k: "k1" }, { k: "k2" }]);
  assert.ok(runs.every((run) => run.state === "queued" && run.selection === "plain"));
});

Deno.test("a sensor that fails is told once in the log, and keeps its cursor", async () => {
  using folder = new Folder();
  await evaluateSensor(await folder.sensing(() => answer({ cursor: 7 })), code);
  const failing: Ask = () => err(problem("code-threw", { message: "it threw" }));
  for (let n = 0; n < 3; n++) {
    const found = await evaluateSensor(await folder.sensing(failing), code);
    assert.equal(found.problem?.where?.file, "assets/s.ts");
  }
  const events = await openMemoryStore(folder.log).events({ kinds: ["ticked"] });
  assert.equal(events.length, 2);
  let seen: Json = null;
  await evaluateSensor(
    await folder.sensing((cursor) => {
      seen = cursor;
      return answer({ cursor });
    }),
    code,
  );
  assert.equal(seen, 7);
});

Deno.test("a sensor that was broken off has not failed", async () => {
  using folder = new Folder();
  const broken: Ask = () => err(problem("cancelled", { message: "Cannot evaluate code" }));
  const found = await evaluateSensor(await folder.sensing(broken), code);
  assert.equal(found.problem?.code, "cancelled");
  assert.equal((await openMemoryStore(folder.log).events({})).length, 0);
});

Deno.test("a sensor with nothing to say leaves no trace, however often it is asked", async () => {
  using folder = new Folder();
  for (let n = 0; n < 50; n++) await evaluateSensor(await folder.sensing(() => answer({})), code);
  assert.equal((await openMemoryStore(folder.log).events({})).length, 0);
});

Deno.test("a flood is taken in parts, and the cursor waits for the last of it", async () => {
  using folder = new Folder();
  const many = Array.from({ length: MOST_REQUESTS + 5 }, (_, n) => request(`k${n}`));
  const ask: Ask = () => answer({ requests: many, cursor: "end" });
  const first = await evaluateSensor(await folder.sensing(ask), code);
  assert.equal(first.asked, MOST_REQUESTS);
  assert.match(first.skip ?? "", /5 more requests/);
  const second = await evaluateSensor(await folder.sensing(ask), code);
  assert.equal(second.asked, 5);
  const state = await openMemoryStore(folder.log).load();
  assert.deepEqual((state.facts.get("tick:sensor:code")?.value as JsonObject)["cursor"], "end");
});

Deno.test("a dry run changes nothing", async () => {
  using folder = new Folder();
  folder.put("a.json", '{"n":1}');
  folder.put("bad.json", "[]");
  const found = await evaluateSensor(await folder.sensing(), sensor(), true);
  assert.deepEqual(found.requests.map(({ settings }) => settings), [{ n: 1 }]);
  assert.equal(found.rejected.length, 1);
  assert.deepEqual(folder.list(), ["a.json", "bad.json"]);
  assert.equal((await openMemoryStore(folder.log).events({})).length, 0);
});
