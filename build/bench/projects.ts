// The projects that are measured, written into a folder.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The name of a chain's n-th asset. */
export function chainName(at: number): string {
  return `s${String(at).padStart(4, "0")}`;
}

/** The query of a chain's n-th asset. */
export function chainSql(at: number): string {
  return at === 0
    ? "select range as x, range*2 as y from range(100)"
    : `select x, y+1 as y from ${chainName(at - 1)}`;
}

/** A chain of small SQL assets, each reading the one before. */
export function writeChain(folder: string, length: number): void {
  mkdirSync(join(folder, "assets"), { recursive: true });
  for (let at = 0; at < length; at++) {
    writeFileSync(join(folder, "assets", `${chainName(at)}.sql`), `${chainSql(at)}\n`);
  }
}

/** One small TypeScript asset. */
export function writeSmall(folder: string): void {
  mkdirSync(join(folder, "assets"), { recursive: true });
  writeFileSync(
    join(folder, "assets", "numbers.ts"),
    `import { asset } from "nycflow";

export const numbers = asset({
  run: () => Array.from({ length: 100 }, (_, n) => ({ n, square: n * n })),
});
`,
  );
}

/** A chain whose assets all have so many days: each day stands on the same day before it in the chain. */
export function writeDailyChain(folder: string, length: number, days: number): void {
  mkdirSync(join(folder, "assets"), { recursive: true });
  const end = new Date(Date.UTC(1990, 0, 1 + days)).toISOString().slice(0, 10);
  for (let at = 0; at < length; at++) {
    const header = `/* @asset\npartitions: { daily: { start: 1990-01-01, end: ${end} } }\n*/\n`;
    writeFileSync(
      join(folder, "assets", `${chainName(at)}.sql`),
      `${header}${chainSql(at)}\n`,
    );
  }
}

/** A million points with one peak among them, and the line through them. */
export function writeMillion(folder: string): void {
  mkdirSync(join(folder, "assets"), { recursive: true });
  writeFileSync(
    join(folder, "assets", "points.sql"),
    `/* @asset
chart: { type: line, x: at, y: value }
*/
select timestamp '2024-01-01' + interval (range) second as at,
  sin(range / 50000.0) * 100 + hash(range) % 1000 / 100.0 + if(range = 777777, 500, 0) as value
from range(1000000)
`,
  );
}
