/** `report`: a project at one instant on one page: what it shows, how it hangs together, how it stands, what ran. */
import { bytesOf } from "../core/version.ts";
import type { AssetDefinition } from "../core/definition.ts";
import type { CheckResult, Stored } from "../core/event.ts";
import type { RunHead } from "../core/heads.ts";
import type { AssetKey } from "../core/key.ts";
import { criticalPath } from "../core/run/critical.ts";
import type { AssetStatus, StepState } from "../core/status.ts";
import type { Trend } from "../core/trend.ts";
import { duration, relativeTime } from "../term/duration.ts";
import { bytes, counted, grouped } from "../term/number.ts";
import { escape } from "../term/svg/element.ts";
import { figureSvg } from "../term/svg/figure.ts";
import { graphSvg } from "../term/svg/graph.ts";
import { courseSvg } from "../term/svg/rows.ts";
import { criticalText } from "./critical.ts";
import { chartFigure, htmlPage, htmlTable } from "./report_page.ts";
import type { ResultData } from "./results.ts";
import { ganttRows } from "./show_run.ts";
import { emptyRun, foldRunEvent } from "./run_state.ts";
import { type Around, type Times, timesIn } from "./times.ts";
import { trendChange, trendName, trendRange, trendSpan, trendValue } from "./trends.ts";
import { schemeWord } from "./words.ts";

export interface ReportAsset {
  readonly def: AssetDefinition;
  readonly status: AssetStatus;
  readonly upstream: readonly AssetKey[];
  /** Courses of its last materializations. */
  readonly trends: readonly Trend[];
}

export interface ReportData {
  readonly project: string;
  /** In the order of the graph. */
  readonly assets: readonly ReportAsset[];
  /** What is shown of them: charts, and tables on which nothing stands. */
  readonly results: readonly ResultData[];
  /** Newest first. */
  readonly runs: readonly RunHead[];
  /** Of the newest run that did something. */
  readonly lastEvents: readonly Stored[];
}

const SHADES: Readonly<Record<StepState, string>> = {
  fresh: "s2",
  stale: "s3",
  failed: "s1",
  missing: "s0",
  running: "s0",
};
const TABLE_ROWS = 25;

/** The page. */
export function reportPage(data: ReportData, around: Around): string {
  const times = timesIn(around.timezone);
  const body = [
    headPart(data, around, times),
    ...data.results.map((result) => resultPart(result, data, around)),
    lineagePart(data),
    assetsPart(data, around, times),
    trendsPart(data),
    checksPart(data),
    runsPart(data, around, times),
    `<p class="dim">Made by nycflow. Nothing on this page comes from anywhere else.</p>`,
  ];
  return htmlPage(data.project, body.filter((part) => part !== "").join("\n"));
}

function headPart(
  { project, assets, results }: ReportData,
  { now, timezone }: Around,
  times: Times,
) {
  const count = (state: StepState) => assets.filter((each) => each.status.state === state).length;
  const words: readonly StepState[] = ["fresh", "stale", "failed", "missing", "running"];
  const tiles = words.filter((word) => count(word) > 0).map((word) =>
    `<div class="tile"><b>${
      grouped(count(word))
    }</b><span class="state ${word}">${word}</span></div>`
  );
  const links = results.map(({ asset }) => `<a href="#${escape(asset)}">${escape(asset)}</a>`);
  return `<h1>${escape(project)}</h1>
<p class="dim"><time datetime="${times.iso(now)}">${
    times.iso(now).slice(0, 16).replace("T", " ")
  }</time> ${escape(timezone)}, ${counted(assets.length, "asset")}</p>
<div class="tiles">${tiles.join("")}</div>${
    links.length === 0 ? "" : `\n<p>${links.join(" · ")} · <a href="#lineage">lineage</a></p>`
  }`;
}

function resultPart(result: ResultData, data: ReportData, { now }: Around): string {
  const found = data.assets.find(({ def }) => def.key === result.asset);
  const last = found?.status.last?.published ?? null;
  const state = found?.status.state ?? "missing";
  const said = [
    stateText(state),
    ...(last === null ? [] : [`<span class="dim">made ${relativeTime(last.at, now)}</span>`]),
  ].join(" ");
  const figures = result.charts.map((chart) => {
    const drawn = chartFigure(chart, result.asset);
    return drawn.ok
      ? drawn.value
      : `<p class="failed">${escape(drawn.error.message)}: ${escape(drawn.error.why ?? "")}</p>`;
  });
  const table = result.table === null ? "" : htmlTable(result.table, TABLE_ROWS);
  return `<section id="${escape(result.asset)}"><h2>${escape(result.asset)}</h2>
<p class="lead">${escape(result.description)}</p><p class="lead">${said}</p>
${figures.join("\n")}${
    table === ""
      ? ""
      : figures.length === 0
      ? table
      : `<details><summary>rows</summary>${table}</details>`
  }</section>`;
}

function stateText(state: string): string {
  return `<span class="state ${state}">${state}</span>`;
}

function lineagePart({ assets }: ReportData): string {
  if (assets.length === 0) return "";
  const at = new Map(assets.map(({ def }, i) => [def.key, i]));
  const edges = assets.flatMap(({ upstream }, to) =>
    upstream.flatMap((key) => {
      const from = at.get(key);
      return from === undefined ? [] : [[from, to] as const];
    })
  );
  const svg = graphSvg(
    assets.map(({ def, status }) => ({
      key: def.key,
      shade: SHADES[status.state],
      hint: `${def.key}: ${status.state}`,
      href: `#asset-${def.key}`,
    })),
    edges,
    "lineage",
  );
  // As wide as it needs: a graph that shrinks cannot be read, one that scrolls can.
  const width = /viewBox="0 0 ([\d.]+)/.exec(svg)?.[1] ?? "720";
  return `<section id="lineage"><h2>Lineage</h2><div class="scroll">${
    svg.replace("<svg ", `<svg width="${width}" `)
  }</div></section>`;
}

function assetsPart({ assets }: ReportData, { now }: Around, times: Times): string {
  const rows = assets.map(({ def, status }) => {
    const last = status.last?.published ?? null;
    const size = status.partitions.reduce(
      (sum, { head }) => sum + bytesOf(head?.published?.file),
      0,
    );
    const parts = def.partitions === null
      ? ""
      : `${schemeWord(def.partitions)}, ${grouped(status.counts.fresh)} of ${
        grouped(status.partitions.length)
      } fresh`;
    const why = status.reasons.map((each) => each.text).slice(0, 2).join("; ");
    return `<tr id="asset-${escape(def.key)}"><td><b>${escape(def.key)}</b></td><td>${
      stateText(status.state)
    }${why === "" ? "" : `<br><span class="dim">${escape(why)}</span>`}</td><td>${
      escape(freshnessText(def, status))
    }</td><td class="t">${
      last === null
        ? "never"
        : `<time datetime="${times.iso(last.at)}">${relativeTime(last.at, now)}</time>`
    }</td><td class="r">${last === null ? "" : duration(last.seconds * 1000)}</td><td class="r">${
      last === null || def.materialized === "view" ? "" : grouped(status.rows)
    }</td><td class="r">${size === 0 ? "" : bytes(size)}</td><td>${escape(parts)}</td></tr>`;
  });
  return `<section id="assets"><h2>Assets</h2><div class="scroll"><table><thead><tr><th>asset</th><th>state</th>` +
    `<th>freshness</th><th>made</th><th class="r">took</th><th class="r">rows</th><th class="r">size</th>` +
    `<th>partitions</th></tr></thead>\n<tbody>${rows.join("\n")}</tbody></table></div></section>`;
}

function freshnessText(def: AssetDefinition, status: AssetStatus): string {
  if (def.freshness === null) return "";
  const policy = def.freshness.kind === "within"
    ? `within ${duration(def.freshness.withinMs)}`
    : `by ${def.freshness.cron}`;
  return `${status.freshness ?? ""} (${policy})`.trim();
}

/** How long each took, how much it held, what else it told: course, last value, change, range. */
function trendsPart({ assets }: ReportData): string {
  const rows = assets.flatMap(({ def, trends }) =>
    trends.map((trend, i) => {
      const values = trend.points.map(({ value }) => value);
      return `<tr><td>${i === 0 ? `<b>${escape(def.key)}</b>` : ""}</td><td>${
        escape(trendName(trend))
      }</td><td>${courseSvg(values, 120, 20)}</td><td class="r">${
        escape(trendValue(trend, trend.last))
      }</td><td class="t">${escape(trendChange(trend, { unicode: true }))}</td><td class="t dim">${
        escape(trendRange(trend))
      }</td><td class="t dim">${i === 0 ? trendSpan(trends) : ""}</td></tr>`;
    })
  );
  if (rows.length === 0) return "";
  return `<section id="trends"><h2>Trends</h2><div class="scroll"><table><thead><tr><th>asset</th><th>of</th>` +
    `<th></th><th class="r">last</th><th>change</th><th>range</th><th>over</th></tr></thead>\n<tbody>${
      rows.join("\n")
    }</tbody></table></div></section>`;
}

/** The checks of what is published, and of what failed and was kept out: what did not pass first, the rest folded. */
function checksPart({ assets }: ReportData): string {
  const found = assets.flatMap(checkRows);
  if (found.length === 0) return "";
  const of = (passed: boolean) => found.filter((each) => each.passed === passed);
  const table = (rows: readonly { readonly html: string }[]) =>
    `<div class="scroll"><table><thead><tr><th>asset</th><th>check</th>` +
    `<th>outcome</th><th></th><th></th></tr></thead>\n<tbody>${
      rows.map(({ html }) => html).join("\n")
    }</tbody></table></div>`;
  const passed = of(true), rest = of(false);
  return `<section id="checks"><h2>Checks</h2>${rest.length === 0 ? "" : table(rest)}${
    passed.length === 0
      ? ""
      : `<details><summary>${grouped(passed.length)} passed</summary>${table(passed)}</details>`
  }</section>`;
}

/** A row for each check of an asset, over all its partitions. */
function checkRows(
  { def, status }: ReportAsset,
): readonly { readonly passed: boolean; readonly html: string }[] {
  const byName = new Map<string, { check: CheckResult; count: number; bad: number }>();
  for (const { head } of status.partitions) {
    for (const check of head?.failure?.checks ?? head?.published?.checks ?? []) {
      const bad = check.outcome !== "passed";
      const known = byName.get(check.name);
      if (known === undefined) byName.set(check.name, { check, count: 1, bad: bad ? 1 : 0 });
      else {
        known.count++;
        if (bad) [known.check, known.bad] = [check, known.bad + 1];
      }
    }
  }
  return [...byName.values()].map(({ check, count, bad }) => {
    const word = bad === 0 ? "passed" : check.severity === "error" ? "failed" : "warn";
    const where = count === 1
      ? ""
      : bad === 0
      ? `${grouped(count)} partitions`
      : `${grouped(bad)} of ${grouped(count)} partitions`;
    const html = `<tr><td>${escape(def.key)}</td><td>${escape(check.name)}</td><td>${
      stateText(word)
    }</td><td>${escape(bad === 0 ? "" : check.text)}</td><td class="dim">${where}</td></tr>`;
    return { passed: bad === 0, html };
  });
}

function runsPart(data: ReportData, { now }: Around, times: Times): string {
  if (data.runs.length === 0) return "";
  const rows = data.runs.map((run) => {
    const at = run.startedAt ?? run.requestedAt;
    const took = run.endedAt === null ? "" : duration(run.endedAt - at);
    const steps = Object.entries(run.steps)
      .flatMap(([word, n]) => typeof n === "number" && n > 0 ? [`${grouped(n)} ${word}`] : []);
    return `<tr><td class="t"><time datetime="${times.iso(at)}">${
      relativeTime(at, now)
    }</time></td><td>${stateText(run.state)}</td><td>${escape(run.trigger)}${
      run.selection === "" ? "" : ` ${escape(run.selection)}`
    }</td><td>${escape(steps.join(", "))}</td><td class="r">${took}</td><td class="dim">${
      escape(run.run.slice(-6))
    }</td></tr>`;
  });
  return `<section id="runs"><h2>Runs</h2>${
    ganttPart(data)
  }<div class="scroll"><table><thead><tr><th>when</th>` +
    `<th>state</th><th>by</th><th>steps</th><th class="r">took</th><th>run</th></tr></thead>\n<tbody>${
      rows.join("\n")
    }</tbody></table></div></section>`;
}

function ganttPart({ lastEvents }: ReportData): string {
  const run = emptyRun();
  for (const stored of lastEvents) foldRunEvent(run, stored);
  const begun = [...run.steps.values()].filter((step) => step.tries.length > 0);
  if (begun.length < 2) return "";
  const path = criticalPath(lastEvents);
  const figure = { kind: "gantt", rows: ganttRows(begun, path) } as const;
  const told = criticalText(path);
  const below = told === "" ? "" : `<figcaption>In full colour: the ${escape(told)}</figcaption>`;
  const title = "The last run, step by step";
  const draw = (width: number) => figureSvg(figure, { width, title, embedded: true });
  return `<figure><div class="wide" style="max-width:720px">${draw(720)}</div><div class="narrow">${
    draw(340)
  }</div>${below}</figure>`;
}
