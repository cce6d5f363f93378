/** A query's rows as CSV (RFC 4180, but lines end with \n, as everything here does): NULL is empty, "" is an empty text. */
import type { Json } from "../core/json.ts";
import type { Rows } from "../core/rows.ts";

/** Heading first; without a line end after the last row. */
export function csvText({ columns, rows }: Rows): string {
  const lines = [columns.map(({ name }) => field(name)).join(",")];
  for (const row of rows) lines.push(columns.map((_, i) => field(row[i] ?? null)).join(","));
  return lines.join("\n");
}

function field(value: Json): string {
  if (value === null) return "";
  const text = typeof value === "string"
    ? value
    : typeof value === "object"
    ? JSON.stringify(value)
    : String(value);
  return text === "" || /[",\r\n]/.test(text) || /^\s|\s$/.test(text)
    ? `"${text.replaceAll('"', '""')}"`
    : text;
}
