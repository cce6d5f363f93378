/** `download()` against a server that behaves badly. */
import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert/strict";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { randomBytes } from "node:crypto";
import type { Download } from "../../src/core/context.ts";
import type { Progress } from "../../src/core/order.ts";
import { ProblemError } from "../../src/core/problem/problem.ts";
import { downloadOf } from "../../src/runner/download.ts";

const BODY = randomBytes(300_000);

interface Stage {
  readonly url: string;
  readonly asked: { range: string | undefined; ifRange: string | undefined }[];
  readonly progress: Progress[];
  readonly download: Download;
  readonly stop: AbortController;
  readonly folder: string;
}

async function serving(
  answer: (try_: number, from: number, response: ServerResponse, request: IncomingMessage) => void,
  use: (stage: Stage) => Promise<void>,
): Promise<void> {
  const asked: Stage["asked"] = [];
  const server = createServer((request, response) => {
    const { range, "if-range": ifRange } = request.headers;
    asked.push({ range, ifRange: ifRange as string | undefined });
    answer(asked.length, Number(/bytes=(\d+)-/.exec(range ?? "")?.[1] ?? 0), response, request);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const folder = mkdtempSync(join(tmpdir(), "nycflow-download-"));
  const stop = new AbortController();
  const progress: Progress[] = [];
  const download = downloadOf({
    path: (name) => join(folder, name),
    signal: stop.signal,
    progress: (each) => void progress.push(each),
    log: () => {},
  });
  const { port } = server.address() as AddressInfo;
  try {
    await use({
      url: `http://127.0.0.1:${port}/a/trips.parquet?x=1`,
      asked,
      progress,
      download,
      stop,
      folder,
    });
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    rmSync(folder, { recursive: true });
  }
}

function problemOf(error: unknown) {
  ok(error instanceof ProblemError, String(error));
  return error.problems[0]!;
}

Deno.test("a body that breaks off is resumed where it ended", async () => {
  await serving((attempt, from, response) => {
    const headers = { etag: '"v1"', "content-length": String(BODY.length - from) };
    if (from === 0) response.writeHead(200, headers);
    else {response.writeHead(206, {
        ...headers,
        "content-range": `bytes ${from}-${BODY.length - 1}/${BODY.length}`,
      });}
    if (attempt < 3) response.write(BODY.subarray(from, from + 100_000), () => response.destroy());
    else response.end(BODY.subarray(from));
  }, async ({ url, download, asked, progress }) => {
    const { path, expect } = await download(url, { expect: "parquet" });
    ok(readFileSync(path).equals(BODY));
    match(path, /\/trips\.parquet$/);
    strictEqual(expect, "parquet");
    strictEqual(asked.length, 3);
    strictEqual(asked[0]!.range, undefined);
    ok(asked[2]!.range !== undefined && asked[2]!.ifRange === '"v1"');
    deepStrictEqual(progress.at(-1), { fraction: 1, bytes: BODY.length, totalBytes: BODY.length });
  });
});

Deno.test("another version of the file begins anew", async () => {
  const second = randomBytes(200_000);
  await serving((attempt, _from, response) => {
    if (attempt === 1) {
      response.writeHead(200, { etag: '"v1"', "content-length": String(BODY.length) });
      response.write(BODY.subarray(0, 100_000), () => response.destroy());
    } else {
      response.writeHead(200, { etag: '"v2"', "content-length": String(second.length) });
      response.end(second);
    }
  }, async ({ url, download }) => {
    ok(readFileSync((await download(url)).path).equals(second));
  });
});

Deno.test("a length that lies is never taken for a whole file", async () => {
  await serving((_attempt, from, response) => {
    // Chunked, so that no client can know; the announced total is in the range answer.
    if (from === 0) {
      response.writeHead(206, { etag: '"v1"', "content-range": `bytes 0-9/${BODY.length}` });
      response.end(BODY.subarray(0, 10));
    } else {
      response.writeHead(416, {});
      response.end();
    }
  }, async ({ url, download }) => {
    await rejects(download(url, { attempts: 2 }), (error) => {
      const { code, why } = problemOf(error);
      strictEqual(code, "download-failed");
      match(why!, /tries$/);
      return true;
    });
  });
});

Deno.test("500 then 200; and 500 for ever", async () => {
  await serving((attempt, _from, response) => {
    response.writeHead(attempt === 1 ? 500 : 200, { "retry-after": "0" });
    response.end(attempt === 1 ? "sorry" : BODY);
  }, async ({ url, download, asked }) => {
    ok(readFileSync((await download(url)).path).equals(BODY));
    strictEqual(asked.length, 2);
  });
  await serving((_attempt, _from, response) => {
    response.writeHead(503, { "retry-after": "0" });
    response.end();
  }, async ({ url, download, asked }) => {
    await rejects(download(url, { attempts: 3 }), (error) => {
      match(problemOf(error).why!, /answered 503.*at the last of 3 tries/);
      return true;
    });
    strictEqual(asked.length, 3);
  });
});

Deno.test("what is not there is not tried again, and can be a skip", async () => {
  await serving((_attempt, _from, response) => {
    response.writeHead(404);
    response.end();
  }, async ({ url, download, asked }) => {
    await rejects(download(url), (error) => {
      const { why, hint, message } = problemOf(error);
      match(why!, /404/);
      match(hint!, /orSkip/);
      ok(!message.includes("x=1"), "a query may hold a secret");
      return true;
    });
    strictEqual(asked.length, 1);
    const skipped = await download(url, { orSkip: "not published yet" });
    deepStrictEqual({ ...skipped }, { kind: "skip", text: "not published yet" });
  });
});

Deno.test("a source that stalls is given up, and cancel ends the wait", async () => {
  await serving((attempt, _from, response) => {
    if (attempt === 1) {
      response.writeHead(200, { "content-length": String(BODY.length) });
      response.write(BODY.subarray(0, 1000));
    } else response.end(BODY);
  }, async ({ url, download }) => {
    ok(readFileSync((await download(url, { stall: "60ms" })).path).equals(BODY));
  });
  await serving((_attempt, _from, response, request) => {
    response.writeHead(200);
    response.write("x");
    request.on("close", () => response.end());
  }, async ({ url, download, stop }) => {
    const pending = download(url);
    stop.abort("cancel");
    await rejects(pending);
  });
});

Deno.test("files of this machine, and what is no address", async () => {
  await serving(() => {}, async ({ download, folder }) => {
    writeFileSync(join(folder, "here.csv"), "a\n1\n");
    const { path } = await download(pathToFileURL(join(folder, "here.csv")), { as: "copy.csv" });
    strictEqual(readFileSync(path, "utf8"), "a\n1\n");
    const absent = await download(pathToFileURL(join(folder, "no.csv")), { orSkip: "later" });
    strictEqual(absent.kind, "skip");
    await rejects(
      download("not an address"),
      (error) => problemOf(error).code === "download-failed",
    );
  });
});
