/**
 * A table's columns as TypeScript, from the types that DuckDB spells: what a row holds when a step reads it. The rules
 * are those of JSON in `cli.md`: decimals and 128-bit values are texts, dates and times ISO 8601.
 */
import type { Column } from "../core/version.ts";

export interface TypedTable {
  readonly name: string;
  readonly description: string;
  readonly columns: readonly (Column & {
    readonly description: string;
    /** It is promised or checked that it never is NULL. */
    readonly required: boolean;
  })[];
}

const HEAD =
  `// The tables of this project as they are published, written by \`nycflow types\`. Changes here are lost.
// Whole numbers beyond 2^53 come as text, whatever is said here; \`undefined\` is never a value.
`;

/** The text of `tables.d.ts`. */
export function tablesText(tables: readonly TypedTable[]): string {
  const lines = [HEAD, "export interface ProjectTables {"];
  for (const table of tables) {
    lines.push(...comment(table.description, "  "));
    lines.push(`  readonly ${property(table.name)}: {`);
    for (const column of table.columns) {
      const nullable = column.required ? "" : " | null";
      const about = column.description === ""
        ? column.type
        : `${column.description} (${column.type})`;
      lines.push(...comment(about, "    "));
      lines.push(`    readonly ${property(column.name)}: ${valueType(column.type)}${nullable};`);
    }
    lines.push("  };");
  }
  lines.push("}", "");
  return lines.join("\n");
}

function comment(text: string, indent: string): string[] {
  const safe = text.replaceAll("*/", "*\\/").replaceAll(/\s+/g, " ").trim();
  return safe === "" ? [] : [`${indent}/** ${safe} */`];
}

function property(name: string): string {
  return /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(name) ? name : JSON.stringify(name);
}

const NUMBER = /^U?(?:TINYINT|SMALLINT|INTEGER|BIGINT)$|^DOUBLE$|^FLOAT$/;
const TEXT =
  /^(?:VARCHAR|DECIMAL|U?HUGEINT|BIGNUM|UUID|BLOB|BIT|INTERVAL|DATE|TIME|TIMESTAMP|ENUM|GEOMETRY)\b/;

/** The type of one value; `unknown` for what no rule is known for. */
export function valueType(type: string): string {
  const text = type.trim();
  const list = /^(.*)\[\d*\]$/s.exec(text);
  if (list !== null) {
    const item = valueType(list[1] as string);
    return `readonly (${item} | null)[]`;
  }
  const nested = /^(STRUCT|MAP|UNION)\((.*)\)$/s.exec(text);
  if (nested !== null) return nestedType(nested[1] as string, parts(nested[2] as string));
  if (text === "BOOLEAN") return "boolean";
  if (NUMBER.test(text)) return "number";
  return TEXT.test(text) ? "string" : "unknown";
}

function nestedType(kind: string, of: readonly string[]): string {
  if (kind === "MAP") {
    const [key = "", value = ""] = of;
    const each = `${valueType(value)} | null`;
    return key === "VARCHAR"
      ? `Readonly<Record<string, ${each}>>`
      : `readonly { readonly key: ${valueType(key)}; readonly value: ${each} }[]`;
  }
  const fields = of.map((field) => {
    const [, quoted, bare, type = ""] = /^(?:"((?:[^"]|"")*)"|(\S+))\s+(.*)$/s.exec(field) ?? [];
    const name = quoted === undefined ? bare ?? "" : quoted.replaceAll('""', '"');
    return [property(name), `${valueType(type)} | null`] as const;
  });
  if (kind === "UNION") {
    return fields.map(([name, value]) => `{ readonly ${name}: ${value} }`).join(" | ");
  }
  return `{ ${fields.map(([name, value]) => `readonly ${name}: ${value}`).join("; ")} }`;
}

/** Splits at the commas that are in no parentheses and no quoted name. */
function parts(text: string): string[] {
  const found: string[] = [];
  let depth = 0, quoted = false, from = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '"') quoted = !quoted;
    if (quoted) continue;
    if (char === "(" || char === "[") depth++;
    if (char === ")" || char === "]") depth--;
    if (char === "," && depth === 0) {
      found.push(text.slice(from, at).trim());
      from = at + 1;
    }
  }
  const last = text.slice(from).trim();
  return last === "" ? found : [...found, last];
}
