/**
 * Is a file what it says it is? Looks at its bytes before the engine does, so that a web page, an
 * empty file or one with two kinds of line ending is told as such and not as a parser's guess.
 */
import { closeSync, createReadStream, openSync, readSync, statSync } from "node:fs";
import { createGunzip } from "node:zlib";
import { type Problem, problem } from "../core/problem/problem.ts";
import type { FileFormat } from "../core/version.ts";

const HEAD = 256 * 1024;

/** What a file's name says it is; `.gz` and `.zst` are looked through for CSV and JSON. */
export function formatOf(name: string): FileFormat {
  const base = name.toLowerCase().replace(/\.(gz|zst)$/, "");
  if (/\.(parquet|pq)$/.test(base)) return "parquet";
  if (/\.(csv|tsv|txt)$/.test(base)) return "csv";
  if (/\.(json|jsonl|ndjson)$/.test(base)) return "json";
  return "other";
}

/** What is wrong with a file of this format as far as its bytes tell, or null. Reads its beginning. */
export async function proveBytes(
  path: string,
  format: FileFormat,
  what: string,
): Promise<Problem | null> {
  let size: number;
  try {
    const found = statSync(path);
    if (!found.isFile()) return missing(what, `${path} is no file`);
    size = found.size;
  } catch {
    return missing(what, `there is no file ${path}`);
  }
  if (format === "other") return null;
  if (size === 0) return wrong(what, "it is empty (0 bytes)");
  const raw = firstBytes(path, Math.min(size, HEAD));
  const gzip = raw[0] === 0x1f && raw[1] === 0x8b;
  const head = gzip ? await unzipped(path) : raw;
  if (head === null) return wrong(what, "it is damaged: it cannot be unpacked");
  const page = /^\s*(?:\ufeff)?\s*<(!doctype|html|head|\?xml|body|error)/i.exec(
    new TextDecoder().decode(head.subarray(0, 1024)),
  );
  if (page) {
    return wrong(what, `it is a web page or XML, not ${named(format)}: ${titleOf(head)}`);
  }
  if (format === "parquet") return proveParquet(path, size, raw, what);
  if (isParquet(head)) {
    return wrong(what, `it is Parquet, not ${named(format)}`);
  }
  if (format === "csv") return lineEndings(head, what);
  return null;
}

/** `PAR1`, at both ends of a whole file. */
function isParquet(bytes: Uint8Array): boolean {
  return [80, 65, 82, 49].every((byte, at) => bytes[at] === byte);
}

function proveParquet(path: string, size: number, head: Uint8Array, what: string): Problem | null {
  if (!isParquet(head)) {
    return wrong(what, `it is no Parquet file: it begins with ${JSON.stringify(shown(head))}`);
  }
  const tail = firstBytes(path, 8, size - 8);
  if (size < 12 || !isParquet(tail.subarray(4))) {
    return wrong(what, "it is cut short: it begins as Parquet and does not end as Parquet");
  }
  const footer = new DataView(tail.buffer, tail.byteOffset).getUint32(0, true);
  if (footer + 12 > size) {
    return wrong(what, "it is damaged: its footer is longer than the file");
  }
  return null;
}

/** Line endings outside of quotes: two kinds in one file make one of them part of a value. */
function lineEndings(head: Uint8Array, what: string): Problem | null {
  const lines = { "\\r\\n": 0, "\\n": 0, "\\r": 0 };
  let quoted = false;
  for (let at = 0; at < head.length; at++) {
    const byte = head[at];
    if (byte === 0x22) quoted = !quoted;
    if (quoted) continue;
    if (byte === 0x0d) {
      if (head[at + 1] === 0x0a) at += 1, lines["\\r\\n"] += 1;
      else if (at + 1 < head.length) lines["\\r"] += 1;
    } else if (byte === 0x0a) lines["\\n"] += 1;
  }
  const kinds = Object.entries(lines).filter(([, count]) => count > 0);
  if (kinds.length < 2) return null;
  return wrong(
    what,
    `it mixes line endings: ${kinds.map(([kind, count]) => `${count} × ${kind}`).join(", ")}`,
    "give it one kind of line ending, e.g. with dos2unix",
  );
}

/** Proves that what was packed is whole; for files that the engine would read to where they break. */
async function unzipped(path: string): Promise<Uint8Array | null> {
  const parts: Uint8Array[] = [];
  let length = 0;
  const source = createReadStream(path);
  try {
    for await (const part of source.pipe(createGunzip())) {
      if (length < HEAD) parts.push(part as Uint8Array);
      length += (part as Uint8Array).length;
    }
  } catch {
    return null;
  } finally {
    source.destroy();
  }
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all.subarray(0, HEAD);
}

function firstBytes(path: string, length: number, from = 0): Uint8Array {
  const bytes = new Uint8Array(Math.max(0, length));
  const descriptor = openSync(path, "r");
  try {
    let read = 0;
    while (read < bytes.length) {
      const got = readSync(descriptor, bytes, read, bytes.length - read, Math.max(0, from) + read);
      if (got === 0) break;
      read += got;
    }
    return bytes.subarray(0, read);
  } finally {
    closeSync(descriptor);
  }
}

function titleOf(head: Uint8Array): string {
  const said = new TextDecoder().decode(head.subarray(0, 4096)).replace(
    /<(script|style)[^]*?<\/\1>/gi,
    " ",
  );
  const title = /<title[^>]*>([^<]*)/i.exec(said)?.[1] ?? said.replace(/<[^>]*>/g, " ");
  return JSON.stringify(title.replace(/\s+/g, " ").trim().slice(0, 80));
}

function shown(head: Uint8Array): string {
  return new TextDecoder().decode(head.subarray(0, 24)).replace(/\p{Cc}/gu, "·");
}

function named(format: FileFormat): string {
  return format === "parquet" ? "Parquet" : format.toUpperCase();
}

function wrong(
  message: string,
  why: string,
  hint = "fetch it again, and look at what the source sends",
): Problem {
  return problem("not-the-format", { message, why, hint });
}

function missing(message: string, why: string): Problem {
  return problem("source-missing", {
    message,
    why,
    hint: "check the path, or bring the file back",
  });
}
