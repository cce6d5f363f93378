// Reads the counts out of a JUnit report. Each test case is counted by what stands in it, rather
// than by the totals in the header, so that a report cut short cannot pass for a full one.

/** What a test run came to. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** Null for what is no whole report. */
export function countsOf(report: string): Counts | null {
  if (!/<\/testsuites>\s*$/.test(report)) return null;
  let passed = 0;
  let failed = 0;
  let skipped = 0;
  for (const match of report.matchAll(/<testcase\b[^>]*?(?:\/>|>([^]*?)<\/testcase>)/g)) {
    const inside = match[1] ?? "";
    if (/<(failure|error)\b/.test(inside)) failed++;
    else if (/<skipped\b/.test(inside)) skipped++;
    else passed++;
  }
  return { passed, failed, skipped };
}

/** The last line that `deno task test` prints. */
export function sumLine({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}
