import assert from "node:assert/strict";
import fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { PlaceRefused, unpack, type UnpackFile, unpackPlaces } from "../../src/host/unpack.ts";

const UID = process.getuid!();
const HOST = { home: () => "/home/ann", tmp: "/tmp", uid: 7 };

/** A temporary folder for the time of one test. */
async function within(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), "nycflow-unpack-")));
  try {
    await test(folder);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** A file to unpack that counts how often it was written. */
function fileOf(name: string, text: string): UnpackFile & { writes: number } {
  return {
    name,
    bytes: text.length,
    writes: 0,
    write(descriptor) {
      this.writes++;
      fs.writeSync(descriptor, text);
      return Promise.resolve();
    },
  };
}

function place(folder: string, name = "here") {
  return { name, folder, within: join(folder, "..") };
}

Deno.test("places: own variable, XDG, HOME, temporary folder, in this order", () => {
  const env = { NYCFLOW_CACHE_DIR: "/own/c", XDG_CACHE_HOME: "/xdg", HOME: "/h" };
  assert.deepEqual(unpackPlaces(env, HOST).map(({ folder }) => folder), [
    "/own/c",
    "/xdg/nycflow",
    "/h/.cache/nycflow",
    "/tmp/nycflow-7",
  ]);
});

Deno.test("places: relative ones are left out; without HOME the user database is asked", () => {
  const env = { NYCFLOW_CACHE_DIR: "c", XDG_CACHE_HOME: "" };
  assert.deepEqual(unpackPlaces(env, HOST).map(({ name }) => name), [
    "home folder",
    "temporary folder",
  ]);
  const unknown = { ...HOST, home: () => assert.fail("no such user") };
  assert.deepEqual(unpackPlaces({}, unknown).map(({ name }) => name), ["temporary folder"]);
});

Deno.test("unpack: writes each file once, private, and finds it the next time", () =>
  within(async (folder) => {
    const files = [fileOf("a.so", "library"), fileOf("b.node", "binding")];
    const options = { places: [place(join(folder, "c"))], id: "x-1", files, uid: UID };
    const first = await unpack(options);
    assert.deepEqual(first, { folder: join(folder, "c", "x-1"), refusals: [] });
    assert.deepEqual(await unpack(options), first);
    assert.deepEqual(files.map(({ writes }) => writes), [1, 1]);
    assert.deepEqual(fs.readdirSync(first.folder!).sort(), ["a.so", "b.node"]);
    assert.equal(fs.readFileSync(join(first.folder!, "a.so"), "utf8"), "library");
    assert.equal(fs.statSync(join(folder, "c")).mode & 0o777, 0o700);
    assert.equal(fs.statSync(join(first.folder!, "a.so")).mode & 0o777, 0o600);
  }));

Deno.test("unpack: a file of the wrong size, a link or a writable one is replaced, not written through", () =>
  within(async (folder) => {
    const files = [fileOf("a", "right")];
    const options = { places: [place(join(folder, "c"))], id: "x", files, uid: UID };
    const path = join((await unpack(options)).folder!, "a");
    const victim = join(folder, "victim");
    fs.writeFileSync(victim, "other");
    for (
      const spoil of [
        () => fs.truncateSync(path, 2),
        () => (fs.rmSync(path), fs.symlinkSync(victim, path)),
        () => fs.chmodSync(path, 0o666),
      ]
    ) {
      spoil();
      assert.ok((await unpack(options)).folder);
      assert.ok(fs.lstatSync(path).isFile());
      assert.equal(fs.readFileSync(path, "utf8"), "right");
      assert.equal(fs.statSync(path).mode & 0o022, 0);
    }
    assert.equal(fs.readFileSync(victim, "utf8"), "other");
  }));

const BAD: readonly [words: RegExp, make: (folder: string, path: string) => void][] = [
  [/symbolic link/, (folder, path) => fs.symlinkSync(folder, path)],
  [/file of that name/, (_, path) => fs.writeFileSync(path, "")],
  [/writable by group/, (_, path) => (fs.mkdirSync(path), fs.chmodSync(path, 0o720))],
  [/writable by group or others/, (_, path) => (fs.mkdirSync(path), fs.chmodSync(path, 0o702))],
];

for (const [words, make] of BAD) {
  Deno.test(`unpack: refuses a place (${words.source}), says why, takes the next`, () =>
    within(async (folder) => {
      const bad = join(folder, "bad");
      make(folder, bad);
      const { folder: taken, refusals } = await unpack({
        places: [place(bad, "first"), place(join(folder, "good"), "second")],
        id: "x",
        files: [fileOf("a", "text")],
        uid: UID,
      });
      assert.equal(taken, join(folder, "good", "x"));
      assert.equal(refusals.length, 1);
      assert.equal(refusals[0]!.place, "first");
      assert.match(refusals[0]!.reason, words);
      assert.deepEqual(fs.readdirSync(folder).includes("x"), false, "nothing behind the link");
    }));
}

Deno.test("unpack: refuses what belongs to another user, or lies where others may swap it", () =>
  within(async (folder) => {
    const files = [fileOf("a", "text")];
    const shared = join(folder, "shared");
    fs.mkdirSync(shared);
    fs.chmodSync(shared, 0o777);
    const open = await unpack({ places: [place(join(shared, "c"))], id: "x", files, uid: UID });
    assert.match(open.refusals[0]!.reason, /shared is writable by group or others/);
    fs.chmodSync(shared, 0o1777);
    const sticky = await unpack({ places: [place(join(shared, "c"))], id: "x", files, uid: UID });
    assert.ok(sticky.folder, "a sticky parent is what /tmp is");
    const foreign = await unpack({ places: [place(shared)], id: "x", files, uid: UID + 1 });
    assert.match(foreign.refusals[0]!.reason, /belongs to another user/);
    assert.equal(foreign.folder, null);
  }));

Deno.test("unpack: makes no home folder that is not there", () =>
  within(async (folder) => {
    const gone = {
      name: "home folder",
      folder: join(folder, "no/.cache/n"),
      within: join(folder, "no"),
    };
    const { refusals } = await unpack({ places: [gone], id: "x", files: [], uid: UID });
    assert.match(refusals[0]!.reason, /does not exist/);
    assert.deepEqual(fs.readdirSync(folder), []);
  }));

Deno.test("unpack: a write cut short leaves nothing behind and is a refusal", () =>
  within(async (folder) => {
    const short = { ...fileOf("a", "whole"), bytes: 9 };
    const options = { places: [place(join(folder, "c"))], id: "x", files: [short], uid: UID };
    const { folder: taken, refusals } = await unpack(options);
    assert.equal(taken, null);
    assert.match(refusals[0]!.reason, /only 5 of 9 bytes/);
    assert.deepEqual(fs.readdirSync(join(folder, "c", "x")), []);
  }));

Deno.test("unpack: a place that accept refuses is passed over; its other errors are told", () =>
  within(async (folder) => {
    const options = {
      places: [place(join(folder, "noexec")), place(join(folder, "good"))],
      id: "x",
      files: [fileOf("a", "text")],
      uid: UID,
    };
    const accept = (at: string) => {
      if (at.includes("noexec")) throw new PlaceRefused("noexec");
    };
    assert.equal((await unpack({ ...options, accept })).folder, join(folder, "good", "x"));
    const broken = () => {
      throw new Error("libstdc++ is missing");
    };
    await assert.rejects(unpack({ ...options, accept: broken }), /libstdc/);
  }));

Deno.test("unpack: eight first starts at once all end with the same whole files", () =>
  within(async (folder) => {
    const text = "x".repeat(100_000);
    const starts = Array.from({ length: 8 }, () =>
      unpack({
        places: [place(join(folder, "c"))],
        id: "x",
        uid: UID,
        files: [{
          name: "a",
          bytes: text.length,
          write: async (descriptor) => {
            for (let at = 0; at < text.length; at += 10_000) {
              fs.writeSync(descriptor, text.slice(at, at + 10_000));
              await Promise.resolve(); // the others go on in between
            }
          },
        }],
      }));
    for (const { folder: taken } of await Promise.all(starts)) {
      assert.equal(fs.readFileSync(join(taken!, "a"), "utf8"), text);
      assert.deepEqual(fs.readdirSync(taken!), ["a"]);
    }
  }));
