/** From `checks:` in its one spelling to check definitions: one per column where columns are judged alone. */
import type { CheckDefinition, Severity } from "../core/definition.ts";
import type { Json, JsonObject } from "../core/json.ts";
import { objectOf, textOf, textsOf, wordOf } from "./canonical.ts";
import { CHECK_KINDS } from "./schema_checks.ts";
import type { Finding } from "./shape.ts";

export interface ReadChecks {
  readonly checks: readonly CheckDefinition[];
  /** For each of them, which entry of the list it came from. */
  readonly entries: readonly number[];
  /** What only the whole of a check shows, e.g. that it names no column. */
  readonly findings: readonly Finding[];
}

/** `lines[i]` is where the i-th entry stands, if known. */
export function readChecks(
  entries: readonly Json[],
  lines: readonly (number | undefined)[],
): ReadChecks {
  const checks: CheckDefinition[] = [];
  const findings: Finding[] = [];
  const from: number[] = [];
  entries.forEach((entry, index) => {
    const check = objectOf(entry);
    const kind = Object.keys(check).find((key) => Object.hasOwn(CHECK_KINDS, key));
    if (kind === undefined) return;
    const parts = partsOf(kind, check[kind] ?? null);
    if (parts.length === 0) {
      findings.push({
        path: ["checks", index, kind],
        at: "value",
        message: `Cannot use ${kind} without a column`,
        why: `${kind} looks at one column or several`,
        hint: `write ${kind}: ${CHECK_KINDS[kind]?.example ?? ""}`,
      });
    }
    const name = textOf(check["name"], null);
    parts.forEach((part, at) => {
      const given = name === null ? part.name : parts.length === 1 ? name : `${name} ${at + 1}`;
      from.push(index);
      checks.push({
        ...part,
        ...optionsOf(check, part.kind),
        name: unused(given, checks),
        ...(lines[index] === undefined ? {} : { line: lines[index] }),
      });
    });
  });
  return { checks, entries: from, findings };
}

type Part = Pick<CheckDefinition, "name" | "kind" | "columns" | "expect" | "reads">;

function partsOf(kind: string, said: Json): readonly Part[] {
  const options = objectOf(said);
  const single = textOf(options["column"], null);
  const columns = single === null ? textsOf(options["columns"]) : [single];
  const { column: _column, columns: _columns, ...rest } = options;
  const perColumn = (kind: CheckDefinition["kind"], expect: (column: string) => JsonObject) =>
    columns.map((column) => ({
      name: `${kind}(${column})`,
      kind,
      columns: [column],
      expect: expect(column),
      reads: [],
    }));
  switch (kind) {
    case "not_null":
      return textsOf(said).map((column) => ({
        name: `not_null(${column})`,
        kind,
        columns: [column],
        expect: {},
        reads: [],
      }));
    case "unique":
      return [{
        name: `unique(${textsOf(said).join(", ")})`,
        kind,
        columns: textsOf(said),
        expect: {},
        reads: [],
      }];
    case "accepted_values":
    case "range":
    case "recent":
      return perColumn(kind, () => rest);
    case "relationships":
      return perColumn(kind, (column) => ({ field: column, ...rest }));
    case "rows":
      return [{ name: "rows", kind, columns: [], expect: options, reads: [] }];
    case "holds":
      return textsOf(said).map((condition) => ({
        name: `holds(${short(condition)})`,
        kind,
        columns: [],
        expect: { condition },
        reads: [],
      }));
    case "query":
      return [{
        name: `query(${short(textOf(said, ""))})`,
        kind,
        columns: [],
        expect: { sql: textOf(said, "").trim().replace(/;\s*$/, "") },
        reads: [],
      }];
    default:
      return [];
  }
}

/** Severity and what follows from it; also for checks in code. */
export function optionsOf(
  check: JsonObject,
  kind: CheckDefinition["kind"],
): Pick<CheckDefinition, "severity" | "blocking" | "scope" | "warnAt" | "errorAt"> {
  const severity: Severity = wordOf(check["severity"], ["warn", "error"], "error");
  // Whether a key occurs twice, or the newest row is too old, only the whole asset can tell.
  const whole = kind === "unique" || kind === "recent";
  return {
    severity,
    blocking: typeof check["blocking"] === "boolean" ? check["blocking"] : severity === "error",
    scope: wordOf(check["scope"], ["partition", "asset"], whole ? "asset" : "partition"),
    warnAt: thresholdOf(check["warn"]),
    errorAt: thresholdOf(check["error"]),
  };
}

function thresholdOf(value: Json | undefined): string | null {
  if (typeof value === "number") return String(value);
  return typeof value === "string" ? value.replace(/[>=\s]/g, "") : null;
}

function short(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}

/** Results are kept by name, so two checks of one name would hide each other. */
function unused(name: string, checks: readonly CheckDefinition[]): string {
  for (let count = 1;; count++) {
    const candidate = count === 1 ? name : `${name} ${count}`;
    if (!checks.some((each) => each.name === candidate)) return candidate;
  }
}
