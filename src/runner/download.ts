/**
 * `download()`: a file from an address, resumed where the connection breaks, its length held against what the server
 * announced. That it is what it claims to be is proven later, by reading it.
 */
import { createHash } from "node:crypto";
import { copyFileSync, statSync, truncateSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type {
  Download,
  DownloadOptions,
  DownloadOrSkip,
  FileFormatName,
  FileResult,
  Skip,
} from "../core/context.ts";
import type { Progress } from "../core/order.ts";
import { type Problem, problem, ProblemError } from "../core/problem/problem.ts";
import { file, skip } from "../define/results.ts";
import { millis, Stall } from "./stall.ts";

export interface DownloadHost {
  readonly path: (name: string) => string;
  readonly signal: AbortSignal;
  readonly progress: (progress: Progress) => void;
  readonly log: (text: string) => void;
}

/** What a server said about the file, so that a later part is known to be of the same one. */
interface Seen {
  total: number | null;
  validator: string | null;
}

/** A try that may be followed by another; `wait` is what the server asked for. */
class Broken extends Error {
  readonly wait: number | null;
  constructor(message: string, wait: number | null = null) {
    super(message);
    this.wait = wait;
  }
}

class Absent extends Error {}

const PROGRESS_MS = 100;

/** The `download` of a context. */
export function downloadOf(host: DownloadHost): Download {
  return ((url: string | URL, options: DownloadOptions | DownloadOrSkip = {}) =>
    download(url, options, host)) as Download;
}

async function download(
  address: string | URL,
  options: DownloadOptions & { readonly orSkip?: string },
  host: DownloadHost,
): Promise<FileResult | Skip> {
  const url = parseUrl(address);
  const name = options.as ?? nameFor(url);
  const path = host.path(name);
  const result = () => file(path, expectOf(options.expect));
  if (url.protocol === "file:") {
    if (options.orSkip !== undefined && !exists(fileURLToPath(url))) return skip(options.orSkip);
    copyLocal(url, path);
    return result();
  }
  const attempts = Math.max(1, options.attempts ?? 5);
  const seen: Seen = { total: null, validator: null };
  await (await open(path, "w")).close();
  for (let attempt = 1;; attempt++) {
    try {
      await fetchRest(url, path, seen, options, host);
      return result();
    } catch (error) {
      if (host.signal.aborted) throw error;
      if (error instanceof Absent && options.orSkip !== undefined) return skip(options.orSkip);
      const wait = error instanceof Broken ? error.wait ?? backoff(attempt) : null;
      if (wait === null || attempt >= attempts) throw failed(url, error, attempt);
      host.log(
        `download broke off (${wordsOf(error)}); try ${attempt + 1} of ${attempts} in ${wait} ms`,
      );
      await pause(wait, host.signal);
    }
  }
}

/** One try: from where the file ends to its end. */
async function fetchRest(
  url: URL,
  path: string,
  seen: Seen,
  options: DownloadOptions,
  host: DownloadHost,
): Promise<void> {
  let have = statSync(path).size;
  // Without something that tells two versions of a file apart, a part of another could be appended.
  if (have > 0 && seen.validator === null) {
    truncateSync(path, 0);
    have = 0;
  }
  const stall = new Stall(millis(options.stall ?? "30s"), host.signal);
  try {
    const response = await stall.until(fetch(url, {
      headers: {
        ...options.headers,
        // A compressed body could neither be resumed nor measured.
        "accept-encoding": "identity",
        ...(have > 0 && seen.validator
          ? { range: `bytes=${have}-`, "if-range": seen.validator }
          : {}),
      },
      signal: stall.signal,
    }));
    const from = accepted(response, have, seen, url);
    if (from === null) return;
    if (from === 0 && have > 0) truncateSync(path, 0);
    const out = await open(path, "r+");
    try {
      const size = await receive(response, out, from, seen, stall, host);
      await out.sync();
      if (seen.total !== null && size !== seen.total) {
        if (size > seen.total) truncateSync(path, 0);
        throw new Broken(`${size} bytes came, ${seen.total} were announced`);
      }
    } finally {
      await out.close();
    }
  } catch (error) {
    if (host.signal.aborted || error instanceof Broken || error instanceof Absent) throw error;
    if (error instanceof ProblemError) throw error;
    throw new Broken(stall.stalled ? "nothing came any more" : wordsOf(error));
  } finally {
    stall.end();
  }
}

/** Where the body belongs; null where the file is complete already. */
function accepted(response: Response, have: number, seen: Seen, url: URL): number | null {
  const { status, headers } = response;
  const give = () => void response.body?.cancel().catch(() => {});
  if (status === 206) {
    const [, from, total] =
      /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers.get("content-range") ?? "") ?? [];
    if (Number(from) === have) {
      if (total !== undefined && total !== "*") seen.total = Number(total);
      return have;
    }
    give();
    seen.validator = null;
    throw new Broken("the server sent another part than was asked for");
  }
  if (status === 416 && have > 0) {
    give();
    if (seen.total === have) return null;
    seen.validator = null;
    throw new Broken("the file became shorter");
  }
  if (status === 200) {
    const length = headers.get("content-length");
    seen.total = length === null || headers.has("content-encoding") ? null : Number(length);
    const etag = headers.get("etag");
    seen.validator = etag !== null && !etag.startsWith("W/") ? etag : headers.get("last-modified");
    return 0;
  }
  give();
  const said = `the server answered ${status}${
    response.statusText ? ` ${response.statusText}` : ""
  }`;
  if (status === 403 || status === 404 || status === 410) throw new Absent(said);
  if (status === 408 || status === 425 || status === 429 || status >= 500) {
    throw new Broken(said, retryAfter(headers.get("retry-after")));
  }
  throw new ProblemError(problemOf(url, said, 1));
}

async function receive(
  response: Response,
  out: FileHandle,
  from: number,
  seen: Seen,
  stall: Stall,
  host: DownloadHost,
): Promise<number> {
  let at = from;
  let told = 0;
  const tell = () =>
    host.progress({
      fraction: seen.total ? Math.min(1, at / seen.total) : null,
      bytes: at,
      ...(seen.total === null ? {} : { totalBytes: seen.total }),
    });
  if (!response.body) return at;
  const reader = response.body.getReader();
  try {
    for (;;) {
      const { done, value } = await stall.until(reader.read());
      if (done) break;
      for (let written = 0; written < value.length;) {
        const { bytesWritten } = await out.write(value, written, value.length - written, at);
        written += bytesWritten;
        at += bytesWritten;
      }
      if (performance.now() - told > PROGRESS_MS) {
        told = performance.now();
        tell();
      }
    }
  } finally {
    reader.cancel().catch(() => {});
  }
  tell();
  return at;
}

function parseUrl(address: string | URL): URL {
  const url = address instanceof URL ? address : URL.parse(String(address));
  if (url && /^(https?|file):$/.test(url.protocol)) return url;
  throw new ProblemError(problem("download-failed", {
    message: `Cannot download ${JSON.stringify(String(address))}`,
    why: "it is no address: expected https:, http: or file:",
    hint: 'a file on this machine is published by file("path")',
  }));
}

/** The last part of the path, or a digest where it gives no name. */
function nameFor(url: URL): string {
  const last = decodeURIComponent(url.pathname.split("/").pop() ?? "").replaceAll(/[^\w.-]+/g, "_");
  return /[\w]/.test(last)
    ? last.slice(-120)
    : createHash("sha256").update(url.href).digest("hex").slice(0, 16);
}

function expectOf(expect: FileFormatName | undefined): { readonly expect?: FileFormatName } {
  return expect === undefined ? {} : { expect };
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

function copyLocal(url: URL, path: string): void {
  try {
    copyFileSync(fileURLToPath(url), path);
  } catch (error) {
    throw new ProblemError(problemOf(url, wordsOf(error), 1));
  }
}

function failed(url: URL, error: unknown, attempts: number): Error {
  return error instanceof ProblemError
    ? error
    : new ProblemError(problemOf(url, wordsOf(error), attempts));
}

function problemOf(url: URL, why: string, attempts: number): Problem {
  const shown = `${url.origin === "null" ? "file://" : url.origin}${url.pathname}`;
  return problem("download-failed", {
    message: `Cannot download ${shown}`,
    why: attempts > 1 ? `${why}, at the last of ${attempts} tries` : why,
    hint: /answered 40[34]/.test(why)
      ? 'check the address; if the file comes later: download(url, { orSkip: "not published yet" })'
      : "see that the address can be reached from here, then run it again",
    fields: { url: shown, attempts },
  });
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const plain = networkWords(
    `${"code" in error ? String(error.code) : ""} ${error.message} ${
      error.cause instanceof Error ? error.cause.message : ""
    }`,
  );
  if (plain !== null) return plain;
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : "";
  return `${error.message}${cause}`;
}

/** What runtimes say of a network in words of their own. */
function networkWords(said: string): string | null {
  if (/ECONNREFUSED|connection refused|Unable to connect/i.test(said)) {
    return "nobody answers there";
  }
  if (/ENOTFOUND|EAI_AGAIN|dns error|failed to lookup|getaddrinfo/i.test(said)) {
    return "no machine of that name is known here";
  }
  if (
    /ECONNRESET|socket connection was closed|reading a body|connection (?:reset|closed)/i.test(said)
  ) {
    return "the connection broke off";
  }
  if (/certificate|UNABLE_TO_VERIFY|SELF_SIGNED/i.test(said)) {
    return "its certificate is not one that is trusted here";
  }
  if (/redirect/i.test(said)) return "it sends from one address to the next without end";
  return /ETIMEDOUT|timed? ?out/i.test(said) ? "it did not answer in time" : null;
}

function retryAfter(header: string | null): number | null {
  if (header === null) return null;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), 60_000) : null;
}

/** 250 ms, doubled at each try, 8 s at the most. */
function backoff(attempt: number): number {
  return Math.min(250 * 2 ** (attempt - 1), 8000);
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", leave);
      resolve();
    }, ms);
    signal.addEventListener("abort", leave, { once: true });
  });
}
