/** `show ASSET`: what it is, how it stands, what it holds, part by part. */
import { bytesOf } from "../core/version.ts";
import type { AssetDefinition } from "../core/definition.ts";
import type { CheckResult } from "../core/event.ts";
import type { AssetKey } from "../core/key.ts";
import type { AssetStatus } from "../core/status.ts";
import { duration, relativeTime } from "../term/duration.ts";
import { bytes, counted } from "../term/number.ts";
import { sanitize } from "../term/sanitize.ts";
import { paint, type Style } from "../term/style.ts";
import { table } from "../term/table.ts";
import { rule } from "../term/box.ts";
import { truncate, wrap } from "../term/width.ts";
import type { ShownAsset } from "./documents_show.ts";
import { partitionMap } from "./partition_map.ts";
import { problemLines } from "./problem.ts";
import { chartLines } from "./chart.ts";
import { sampleLines } from "./run_lines.ts";
import type { ShownChart } from "./results.ts";
import { rowsTable, type TableLook } from "./table.ts";
import { type Around, timesIn } from "./times.ts";
import { trendLines, trendSpan } from "./trends.ts";
import { markOf, schemeWord, shortId } from "./words.ts";

export interface ShowAsset extends ShownAsset {
  readonly downstream: readonly AssetKey[];
  readonly charts: readonly ShownChart[];
}

export interface ShowLook extends TableLook {
  /** A chart has never more lines than these. */
  readonly most?: number | undefined;
}

const LABEL = 12;
const MOST_REASONS = 4;

/** Everything about one asset, part by part. */
export function showAssetLines(
  shown: ShowAsset,
  around: Around,
  style: Style,
  columns: number,
  look: ShowLook = {},
): string[] {
  const { def, status } = shown;
  const title = `${markOf(status.state, style)} ${
    paint(style, "heading", sanitize(def.key, style))
  }`;
  const lines = [truncate(`${title}  ${kindText(def, style)}`, columns, style)];
  if (def.description !== "") lines.push(...wrap(sanitize(def.description, style), columns));
  lines.push("", ...factLines(shown, around, style, columns));
  const failure = status.partitions.find((each) => each.head?.failure)?.head?.failure;
  if (failure) lines.push("", ...problemLines(failure.problem, style, columns));
  const part = (name: string, body: readonly string[]) => {
    if (body.length > 0) lines.push("", rule({ width: columns, style, title: name }), ...body);
  };
  if (def.partitions !== null) {
    part("partitions", partitionMap(def.partitions, status.partitions, style, columns, 12));
  }
  const span = trendSpan(shown.trends);
  part(`trends over ${span}`, trendLines(shown.trends, style, columns));
  part("columns", columnLines(def, status, style, columns));
  const checks = failure && failure.checks.length > 0
    ? failure.checks
    : status.last?.published?.checks ?? [];
  part("checks", checkLines(checks, style, columns));
  if (shown.preview !== null) part("rows", rowsTable(shown.preview, style, columns, look));
  shown.charts.forEach(({ chart, rows, before }, i) => {
    const here = { ...around, asset: def.key, before };
    const drawn = chartLines(chart, rows, here, style, columns, look.most);
    const body = drawn.ok ? drawn.value : problemLines(drawn.error, style, columns);
    part(i === 0 ? "chart" : `chart ${i + 1}`, body);
  });
  return lines;
}

function kindText(def: AssetDefinition, style: Style): string {
  const words: string[] = [def.kind, ...(def.materialized === "table" ? [] : [def.materialized])];
  if (def.partitions !== null) words.push(schemeWord(def.partitions));
  if (def.group !== "") words.push(`in ${def.group}`);
  return paint(style, "dim", sanitize(words.join(", "), style));
}

/** Names and what stands behind them, those that have anything to say. */
export function factLines(
  { def, status, downstream }: Pick<ShowAsset, "def" | "status" | "downstream">,
  { now, timezone }: Around,
  style: Style,
  columns: number,
): string[] {
  const times = timesIn(timezone);
  const last = status.last?.published ?? null;
  const size = status.partitions.reduce(
    (n, { head }) => n + bytesOf(head?.published?.file),
    0,
  );
  const whys = status.reasons.filter((each) => each.kind !== "failed");
  const held = [
    ...new Set(status.reasons.map((each) => each.held).filter((text) => text !== null)),
  ];
  const facts: [string, string][] = [
    ["state", status.state],
    ...whys.slice(0, MOST_REASONS).map(({ text, partitions }, i): [string, string] => [
      i === 0 ? "why" : "",
      partitions === null ? text : `${text} (${partitions})`,
    ]),
    ["held", held.join("; ")],
    [
      "last",
      last === null ? "never materialized" : [
        `${relativeTime(last.at, now)} (${times.wall(last.at, now)})`,
        `took ${duration(last.seconds * 1000)}`,
        `run ${shortId(last.run)}`,
        `version ${shortId(last.version)}`,
      ].join(", "),
    ],
    [
      "holds",
      // A view keeps nothing of its own, which is not the same as holding no rows.
      last === null || def.materialized === "view"
        ? ""
        : `${counted(status.rows, "row")}, ${bytes(size)}`,
    ],
    ["reads", def.deps.map((each) => each.asset).join(", ")],
    ["read by", downstream.join(", ")],
    ["freshness", status.freshness ?? ""],
    ["pinned", status.pinned ? "yes" : ""],
    ["owner", def.owner],
    ["tags", def.tags.join(", ")],
    ["metadata", metadataText(last?.metadata ?? {})],
    ["file", `${def.origin.file}${def.origin.line > 1 ? `:${def.origin.line}` : ""}`],
  ];
  return facts.filter(([, text]) => text !== "").flatMap(([name, text]) =>
    wrap(sanitize(text, style), Math.max(20, columns - LABEL)).map((line, i) =>
      `${paint(style, "dim", (i === 0 ? name : "").padEnd(LABEL))}${line}`
    )
  );
}

function metadataText(metadata: AssetMetadata): string {
  return Object.entries(metadata).filter(([name]) => name !== "chart")
    .map(([name, value]) => `${name} ${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join(", ");
}

type AssetMetadata = NonNullable<NonNullable<AssetStatus["last"]>["published"]>["metadata"];

function columnLines(
  def: AssetDefinition,
  status: AssetStatus,
  style: Style,
  columns: number,
): string[] {
  const schema = status.last?.published?.schema ?? [];
  if (schema.length === 0) return [];
  const promised = new Map(def.columns.map((each) => [each.name, each]));
  const described = schema.some(({ name }) => promised.get(name)?.description);
  return table(
    [
      { title: "column", kind: "text" },
      { title: "type", kind: "text" },
      ...(described ? [{ title: "description", kind: "text" } as const] : []),
    ],
    schema.map(({ name, type }) => [
      { text: name },
      { text: type, role: "dim" },
      ...(described ? [{ text: promised.get(name)?.description ?? "" }] : []),
    ]),
    { width: columns, style },
  );
}

/** What did not pass has its rows below; those that passed stand together. */
export function checkLines(
  checks: readonly CheckResult[],
  style: Style,
  columns: number,
): string[] {
  const passed = checks.filter(({ outcome }) => outcome === "passed")
    .map(({ name }) => sanitize(name, style));
  const good = passed.length === 0
    ? []
    : wrap(`${markOf("succeeded", style)} ${passed.join(", ")}`, columns, "  ");
  return [
    ...checks.filter(({ outcome }) => outcome !== "passed")
      .flatMap((check) => badCheckLines(check, style, columns)),
    ...good,
  ];
}

function badCheckLines(check: CheckResult, style: Style, columns: number): string[] {
  const mark = check.severity === "warn" ? paint(style, "warn", "!") : markOf("failed", style);
  const soft = check.blocking ? "" : ` ${paint(style, "dim", "(does not block)")}`;
  const text = check.text === "" ? "" : `: ${sanitize(check.text, style)}`;
  const line = truncate(`${mark} ${sanitize(check.name, style)}${text}${soft}`, columns, style);
  // How many fail stands in the line above.
  return [line, ...sampleLines(check, style, columns, check.text === "")];
}

export { showRunLines } from "./show_run.ts";
