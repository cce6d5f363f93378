// Telling somebody, in the real program and through real sinks: once, with what the reader needs; a sink that is down
// is told again at the next up, shown meanwhile, and harms nothing.

import assert from "node:assert/strict";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { createServer as createSocket } from "node:net";
import { join } from "node:path";
import { eitherWay, makeRig, type Rig } from "../rig/program.ts";

const BAD = 'import { asset } from "nycflow";\n' +
  'export const a = asset({ run: () => { console.log("about to fall"); throw new Error("the API is down"); } });\n';
const GOOD = 'import { asset } from "nycflow";\n' +
  'export const a = asset({ chart: { type: "bar", x: "k", y: "n", title: "How many" },\n' +
  '  run: () => [{ k: "x", n: 12 }] });\n';

const DRAWN = `{ command: "cat >> told.txt", draw: ["run", "trends", "charts"] }`;

const config = (sinks: string) =>
  `import { defineConfig } from "nycflow";\nexport default defineConfig({ name: "shop", notify: [${sinks}] });\n`;

async function withServer(
  answer: (body: string, path: string) => number,
  work: (url: string) => Promise<void>,
): Promise<void> {
  const server: Server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => body += String(chunk));
    request.on("end", () => {
      response.statusCode = answer(body, request.url ?? "");
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  try {
    await work(`http://127.0.0.1:${port}`);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

const told = (rig: Rig) => {
  const file = join(rig.folder, "told.txt");
  return existsSync(file) ? readFileSync(file, "utf8") : "";
};

Deno.test("a command is told of a failure once, with error, log and command; then of the recovery", async () => {
  await using rig = makeRig({
    via: eitherWay(),
    files: { "assets/a.ts": BAD, "nycflow.config.ts": config(DRAWN) },
  });
  // Of three at once one does the work, and one tells of it.
  const three = await Promise.all([1, 2, 3].map(() => rig.run(["up", "--quiet"])));
  assert.ok(three.some(({ code }) => code === 1));
  const text = told(rig);
  assert.match(text, /^nycflow: a failed \(shop\)/);
  assert.equal(text.split("a failed").length, 2);
  assert.match(text, /the API is down/);
  assert.match(text, /at assets\/a\.ts/);
  assert.match(text, /the end of its log:\n.*about to fall/);
  assert.match(text, /again: nycflow run a\n/);
  assert.match(text, /\n\nrun \w{26}\na [▓x]+ .*failed\n/);
  rmSync(join(rig.folder, "told.txt"));
  await rig.run(["run", "a", "--quiet"]);
  assert.equal(told(rig), "", "it fails again, and that is known");
  writeFileSync(join(rig.folder, "assets/a.ts"), GOOD);
  assert.equal((await rig.run(["up", "--quiet"])).code, 0);
  assert.match(told(rig), /^nycflow: a is well again \(shop\)[^]*\n\nHow many\nx [█#]+ 12\n$/);
  rmSync(join(rig.folder, "told.txt"));
  await rig.run(["up", "--quiet"]);
  assert.equal(told(rig), "");
});

Deno.test("a webhook that is down is shown, told again at the next up, and fails nothing", async () => {
  let status = 503;
  const bodies: Record<string, unknown>[] = [];
  await withServer((body, path) => {
    if (status === 200) bodies.push({ path, ...JSON.parse(body) });
    return status;
  }, async (url) => {
    await using rig = makeRig({
      via: eitherWay(),
      files: {
        "assets/a.ts": BAD,
        "assets/ok.sql": "select 1 as n",
        "nycflow.config.ts": config(
          [
            `{ webhook: "\${HOOK}/plain" }`,
            `{ webhook: "\${HOOK}/slack", shape: "slack" }`,
            `{ webhook: "\${HOOK}/discord", shape: "discord" }`,
          ].join(", "),
        ),
      },
      env: { HOOK: url },
    });
    const down = await rig.run(["up", "--quiet"]);
    assert.equal(down.code, 1, "the code is the run's");
    assert.match(down.stderr, /Cannot notify by webhook/);
    assert.match((await rig.run([])).stdout, /notify .*did not arrive/);
    assert.equal((await rig.run(["notify", "test"])).code, 1);
    status = 200;
    await rig.run(["up", "--quiet"]);
    assert.deepEqual(bodies.map(({ path }) => path).sort(), ["/discord", "/plain", "/slack"]);
    const plain = bodies.find(({ path }) => path === "/plain");
    assert.equal(plain?.["asset"], "a");
    assert.equal(plain?.["kind"], "failure");
    assert.match(String(bodies.find(({ path }) => path === "/slack")?.["text"]), /a failed/);
    assert.match(String(bodies.find(({ path }) => path === "/discord")?.["content"]), /a failed/);
    assert.doesNotMatch((await rig.run([])).stdout, /did not arrive/);
    await rig.run(["up", "--quiet"]);
    assert.equal(bodies.length, 3, "once");
  });
});

Deno.test("a ping is sent at every look, and its silence is no failure", async () => {
  const paths: string[] = [];
  await withServer((_body, path) => {
    paths.push(path);
    return 200;
  }, async (url) => {
    await using rig = makeRig({
      via: eitherWay(),
      files: {
        "assets/ok.sql": "select 1 as n",
        "nycflow.config.ts": config(`{ ping: "${url}/alive" }`),
      },
    });
    await rig.run(["up", "--quiet"]);
    await rig.run(["up", "--quiet"]);
    assert.deepEqual(paths, ["/alive", "/alive"]);
  });
});

Deno.test("a mail reaches a server, as text with the command to run it again", async () => {
  let mail = "";
  const server = createSocket((socket) => {
    let data = false;
    socket.write("220 test\r\n");
    socket.on("data", (chunk) => {
      const text = String(chunk);
      if (data) {
        mail += text;
        if (mail.endsWith("\r\n.\r\n")) {
          data = false;
          socket.write("250 ok\r\n");
        }
        return;
      }
      for (const line of text.split("\r\n").filter((each) => each !== "")) {
        if (/^DATA/i.test(line)) {
          data = true;
          socket.write("354 go\r\n");
        } else if (/^QUIT/i.test(line)) socket.end("221 bye\r\n");
        else socket.write("250 ok\r\n");
      }
    });
    socket.on("error", () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  try {
    await using rig = makeRig({
      via: eitherWay(),
      files: {
        "assets/a.ts": BAD,
        "nycflow.config.ts": config(
          `{ mail: { to: "ops@example.org", server: "smtp://127.0.0.1:${port}" } }`,
        ),
      },
    });
    const ended = await rig.run(["up", "--quiet"]);
    assert.equal(ended.code, 1);
    assert.doesNotMatch(ended.stderr, /Cannot notify/);
    assert.match(mail, /To: ops@example\.org/);
    assert.match(mail, /Subject: nycflow: a failed \(shop\)/);
    assert.match(mail, /again: nycflow run a/);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
});

Deno.test("an asset past its time is late, in ls and to those who want to know", async () => {
  await using rig = makeRig({
    via: eitherWay(),
    files: {
      "assets/a.sql":
        "/* @asset\nautomation: manual\nfreshness: { within: 1d, warn: 20h }\n*/\nselect 1 as n",
      "nycflow.config.ts": config(`{ command: "cat >> told.txt", on: ["late", "recovery"] }`),
    },
  });
  const at = (instant: string) => ({ env: { NYCFLOW_TEST_CLOCK: instant } });
  const state = async (instant: string) => {
    const found = await rig.json(["ls", "--json"], at(instant)) as {
      assets: { freshness: string }[];
    };
    return found.assets[0]?.freshness;
  };
  assert.equal(await state("2024-01-01T00:00:00Z"), "never");
  await rig.run(["run", "a"], at("2024-01-01T00:00:00Z"));
  assert.equal(await state("2024-01-01T19:00:00Z"), "on time");
  assert.equal(await state("2024-01-01T21:00:00Z"), "soon late");
  assert.equal(
    (await rig.run(["ls", "is:late", "--exit-code"], at("2024-01-01T21:00:00Z"))).code,
    0,
  );
  assert.equal(await state("2024-01-02T01:00:00Z"), "late");
  assert.equal(
    (await rig.run(["ls", "is:late", "--exit-code"], at("2024-01-02T01:00:00Z"))).code,
    4,
  );
  assert.equal((await rig.run(["up", "--quiet"], at("2024-01-02T01:00:00Z"))).code, 0);
  assert.match(told(rig), /^nycflow: a is late \(shop\)/);
  rmSync(join(rig.folder, "told.txt"));
  await rig.run(["up", "--quiet"], at("2024-01-02T02:00:00Z"));
  assert.equal(told(rig), "");
  await rig.run(["run", "a"], at("2024-01-02T03:00:00Z"));
  assert.match(told(rig), /^nycflow: a is well again \(shop\)/);
});
