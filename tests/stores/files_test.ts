/** The state store's file when something is wrong with it, or with where it lies. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type Problem, ProblemError } from "../../src/core/problem/problem.ts";
import { openSqliteStore } from "../../src/stores/sqlite/open.ts";
import { MIGRATIONS } from "../../src/stores/sqlite/schema.ts";
import { asset, made, part, requested, started } from "../kit/events.ts";

function test(
  title: string,
  body: (file: string, context: Deno.TestContext) => Promise<void>,
): void {
  Deno.test(`state store file: ${title}`, async (context) => {
    const folder = mkdtempSync(join(tmpdir(), "nycflow-test-"));
    try {
      await body(join(folder, ".nycflow", "state.db"), context);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}

/** A store with some hundred heads, closed. */
async function filled(file: string, partitions = 300): Promise<void> {
  const store = await openSqliteStore(file);
  const state = await store.load();
  await store.commit(
    state,
    1,
    () =>
      Array.from({ length: partitions }, (_, index) => {
        const at = { partition: `p${index}`, attempt: `t${index}` };
        return [started(at), made(at, `v${index}`)];
      }).flat(),
  );
  await store.close();
}

/** The one problem that `work` throws, all four parts there. */
async function problemOf(work: () => Promise<unknown>): Promise<Problem> {
  try {
    await work();
  } catch (error) {
    assert.ok(error instanceof ProblemError, String(error));
    const [found] = error.problems;
    assert.ok(found?.message && found.where?.file && found.why && found.hint);
    return found;
  }
  assert.fail("nothing was thrown");
}

/** Opens and reads everything that a command may read. */
async function readAll(file: string): Promise<void> {
  const store = await openSqliteStore(file);
  try {
    await store.load();
    await store.events({});
    await store.runs({});
  } finally {
    await store.close();
  }
}

test("one that is missing is made with its folder, or read as empty", async (file) => {
  const looked = await openSqliteStore(file, { readOnly: true });
  assert.equal((await looked.load()).heads.size, 0);
  const refused = await problemOf(async () =>
    await looked.commit(await looked.load(), 1, () => [requested()])
  );
  assert.equal(refused.code, "no-permission");
  await looked.close();
  assert.throws(() => statSync(file));

  await filled(file, 1);
  assert.deepEqual(readdirSync(dirname(file)), ["state.db"]);
});

test("one of a newer version is refused by name, and not touched", async (file) => {
  await filled(file, 1);
  const next = [...MIGRATIONS, "create table later (x integer) strict"];
  await (await openSqliteStore(file, { migrations: next })).close();
  const size = statSync(file).size;
  const found = await problemOf(() => openSqliteStore(file));
  assert.equal(found.code, "store-newer");
  assert.match(found.message, /written by nycflow \d/);
  assert.equal(
    (await problemOf(() => openSqliteStore(file, { readOnly: true }))).code,
    "store-newer",
  );
  assert.equal(statSync(file).size, size);
});

test("one that is upgraded while it is open is written no more by the old program", async (file) => {
  const old = await openSqliteStore(file);
  const state = await old.load();
  await old.commit(state, 1, () => [requested()]);
  const next = [...MIGRATIONS, "create table later (x integer) strict"];
  await (await openSqliteStore(file, { migrations: next })).close();
  const found = await problemOf(() => old.commit(state, 2, () => [requested("r2")]));
  assert.equal(found.code, "store-newer");
  await old.close();
});

test("an older one is upgraded once, and a copy of it is kept", async (file) => {
  await filled(file, 20);
  const next = [
    ...MIGRATIONS,
    "alter table heads add column note text; update heads set note = 'upgraded'",
  ];
  const stores = await Promise.all(
    [1, 2, 3].map(() => openSqliteStore(file, { migrations: next })),
  );
  for (const store of stores) {
    assert.equal((await store.load()).heads.get(asset("trips"))?.size, 20);
    await store.close();
  }
  assert.deepEqual(readdirSync(dirname(file)).sort(), ["state.db", "state.db.v1-before-v2"]);
  const copy = await openSqliteStore(`${file}.v1-before-v2`);
  assert.equal((await copy.load()).heads.get(asset("trips"))?.size, 20);
  await copy.close();

  const broken = [...next, "create table half (x integer) strict; create table half (x integer)"];
  await assert.rejects(openSqliteStore(file, { migrations: broken }), /half/);
  const still = await openSqliteStore(file, { migrations: next });
  assert.equal((await still.load()).last, 40);
  await still.close();
});

test("one that is damaged says so, wherever the damage is", async (file) => {
  await filled(file);
  const whole = `${file}.whole`;
  copyFileSync(file, whole);
  const size = statSync(whole).size;
  for (const length of [0, 50, 100, 4096, size / 2, size - 4096, size - 1]) {
    copyFileSync(whole, file);
    truncateSync(file, Math.floor(length));
    const found = await problemOf(() => readAll(file));
    assert.equal(found.code, "store-damaged", `${length} of ${size} bytes`);
    assert.equal(found.hint, "nycflow doctor --rebuild");
  }
  for (
    const content of ["not a database at all, but long enough to have a header ".repeat(40), "x"]
  ) {
    writeFileSync(file, content);
    assert.equal((await problemOf(() => readAll(file))).code, "store-damaged");
  }
});

test("one that cannot be where it should be is a problem, not a bug", async (file) => {
  writeFileSync(dirname(file), "a file where the folder should be");
  assert.equal((await problemOf(() => openSqliteStore(file))).code, "no-permission");
});

test("a database of somebody else's is not taken over", async (file) => {
  await filled(file, 1);
  rmSync(file);
  const foreign = new DatabaseSync(file);
  foreign.exec("create table theirs (x integer); pragma user_version = 1");
  foreign.close();
  assert.equal((await problemOf(() => openSqliteStore(file))).code, "store-damaged");
});

test("one that may only be read is read, and written by nobody", async (file, context) => {
  const place = small(file, "4m");
  if (place === null) {
    console.log("skipped: no file system can be mounted here");
    return;
  }
  const seen = async (path: string) => {
    const store = await openSqliteStore(path);
    try {
      const state = await store.load();
      const found = await problemOf(() => store.commit(state, 1, () => [requested("r9")]));
      return [state.heads.get(asset("trips"))?.size, found.code];
    } finally {
      await store.close();
    }
  };
  try {
    const [clean, left] = [join(place, "clean", "state.db"), join(place, "left", "state.db")];
    await filled(clean, 5);
    mkdirSync(dirname(left));
    const store = await openSqliteStore(clean);
    await store.commit(await store.load(), 9, () => [started(), made()]);
    for (const suffix of ["", "-wal"]) copyFileSync(clean + suffix, left + suffix);
    await store.close();
    assert.ok(statSync(`${left}-wal`).size > 0);
    spawnSync("mount", ["-o", "remount,ro", place]);
    await context.step("on a disk that is mounted read-only", async () => {
      assert.deepEqual(await seen(clean), [6, "no-permission"]);
      const looked = await openSqliteStore(clean, { readOnly: true });
      assert.equal((await looked.load()).last, 12);
      await looked.close();
    });
    await context.step("with a journal that a killed process left", async () => {
      assert.deepEqual(await seen(left), [6, "no-permission"]);
    });
    await context.step("none can be made there", async () => {
      const found = await problemOf(() => openSqliteStore(join(place, "none", "state.db")));
      assert.equal(found.code, "no-permission");
    });
  } finally {
    spawnSync("umount", ["-l", place]);
  }
});

/** A file system of its own beside `file`, where one may be mounted; the caller unmounts it. */
function small(file: string, size: string): string | null {
  const place = join(dirname(dirname(file)), "small");
  mkdirSync(place);
  const made = spawnSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", place]);
  return made.status === 0 ? place : null;
}

test("on a full disk a commit leaves everything as it was", async (file) => {
  const place = small(file, "600k");
  if (place === null) {
    console.log("skipped: no file system can be mounted here");
    return;
  }
  try {
    const store = await openSqliteStore(join(place, "state.db"));
    const state = await store.load();
    const rival = await openSqliteStore(join(place, "state.db"));
    let count = 0;
    const fill = async () => {
      for (; count < 2000; count++) {
        const at = { partition: `p${count}`, attempt: `t${count}` };
        await store.commit(state, count, () => [started(at), made(at, `v${count}`)]);
      }
    };
    assert.equal((await problemOf(fill)).code, "disk-full");
    assert.ok(count > 10);
    assert.equal(state.heads.get(asset("trips"))?.size, count);
    assert.equal(state.last, 2 * count);
    assert.deepEqual(await rival.load(), state);
    assert.equal(await rival.head(asset("trips"), part(`p${count}`)), null);
    await store.close();
    await rival.close();
  } finally {
    spawnSync("umount", ["-l", place]);
  }
});
