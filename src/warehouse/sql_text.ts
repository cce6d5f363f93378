/**
 * How names, texts and paths are written into SQL text. Decides quoting only; which SQL is built
 * stands with those that build it.
 */

/** A column's or table's name, always quoted: the user's may be any text. */
export function ident(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text constant. DuckDB knows no escapes in plain strings but the doubled quote. */
export function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

/**
 * A path that names one file, whatever characters stand in it: the readers take `*`, `?` and `[`
 * for patterns (`a[1]/x` would read `a1/x`), and a bracket around each says that itself is meant.
 */
export function filePath(path: string): string {
  return text(path.replace(/[[*?]/g, (found) => `[${found}]`));
}

/** A list of such paths, as the readers take it. */
export function filePaths(paths: readonly string[]): string {
  return `[${paths.map(filePath).join(", ")}]`;
}

/** Where a byte of the UTF-8 form lies in the text, in UTF-16 units (the engine counts bytes). */
export function charOffset(sql: string, byte: number): number {
  if (byte <= 0) return 0;
  let bytes = 0;
  for (let at = 0; at < sql.length; at++) {
    if (bytes >= byte) return at;
    const code = sql.charCodeAt(at);
    if (code < 0x80) bytes += 1;
    else if (code < 0x800) bytes += 2;
    else if (code >= 0xd800 && code < 0xdc00) {
      bytes += 4;
      at += 1;
    } else bytes += 3;
  }
  return sql.length;
}

/** The same for the parser's own errors, which count characters (code points). */
export function codePointOffset(sql: string, point: number): number {
  let at = 0;
  for (let points = 0; points < point && at < sql.length; points++) {
    at += sql.codePointAt(at)! > 0xffff ? 2 : 1;
  }
  return at;
}
