/** The encodings that files come in. Decides what is read as what; makes no project. */
import { closeSync, openSync, readFileSync, readSync } from "node:fs";
import { extname } from "node:path";
import { problem, ProblemError } from "../core/problem/problem.ts";
import { quoted } from "./init_write.ts";

/**
 * The text of a file that is not UTF-8, and what it is in; null where it is. Spreadsheets write Windows-1252 and
 * UTF-16 to this day.
 */
export function inUtf8(
  path: string,
  large: boolean,
  what: string,
): { readonly text: string; readonly encoding: string } | null {
  const bytes = large ? firstBytes(path) : readFileSync(path);
  const wide = bytes[0] === 0xff && bytes[1] === 0xfe
    ? "utf-16le"
    : bytes[0] === 0xfe && bytes[1] === 0xff
    ? "utf-16be"
    : null;
  if (wide === null) {
    try {
      new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: large });
      return null;
    } catch {
      // some other encoding
    }
  }
  if (large) {
    throw new ProblemError(problem("usage", {
      message: what,
      why: "it is not UTF-8, and too large to be copied",
      hint: `iconv -f ${wide ?? "windows-1252"} -t utf-8 ${quoted(path)} > utf8${extname(path)}`,
    }));
  }
  const text = wide === "utf-16be"
    ? new TextDecoder("utf-16le").decode(swapped(bytes))
    : new TextDecoder(wide ?? "windows-1252").decode(bytes);
  return {
    text: text.replace(/^\uFEFF/, ""),
    encoding: wide === null ? "Windows-1252" : wide.toUpperCase(),
  };
}

function swapped(bytes: Uint8Array): Uint8Array {
  const turned = new Uint8Array(bytes.length - bytes.length % 2);
  for (let at = 0; at + 1 < bytes.length; at += 2) {
    turned[at] = bytes[at + 1]!;
    turned[at + 1] = bytes[at]!;
  }
  return turned;
}

function firstBytes(path: string): Uint8Array {
  const bytes = new Uint8Array(1024 * 1024);
  const file = openSync(path, "r");
  try {
    return bytes.subarray(0, readSync(file, bytes));
  } finally {
    closeSync(file);
  }
}
