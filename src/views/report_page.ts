/**
 * A page of its own: one file, no script, nothing fetched; light and dark by the reader's screen, narrow on phones,
 * light in print. Charts stand in it twice, drawn for wide and for narrow screens, since letters do not shrink well.
 */
import type { ChartDefinition } from "../core/definition.ts";
import type { Problem } from "../core/problem/problem.ts";
import { ok, type Result } from "../core/result.ts";
import type { Rows } from "../core/rows.ts";
import { kindOf, showColumn } from "../term/cell.ts";
import { grouped } from "../term/number.ts";
import { plainStyle } from "../term/style.ts";
import { escape } from "../term/svg/element.ts";
import { themeCss } from "../term/svg/theme.ts";
import { chartSvg, readChart } from "./chart.ts";
import type { ShownChart } from "./results.ts";
import { tableOf } from "./table.ts";

const WIDE = 720;
const NARROW = 340;

const CSS = `
:root{color-scheme:light dark}
body{margin:0 auto;padding:16px;max-width:1080px;background:var(--paper);color:var(--ink);
font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
h1{font-size:26px;margin:8px 0 2px}h2{font-size:19px;margin:34px 0 8px;padding-top:10px;border-top:1px solid var(--rule)}
h3{font-size:16px;margin:22px 0 2px}h4{font-size:14px;margin:14px 0 4px}
p{margin:4px 0}.dim{color:var(--dim)}a{color:inherit;text-decoration-color:var(--dim)}
svg.nyc{max-width:100%;height:auto;display:block}.scroll{overflow-x:auto}
.scroll svg{max-width:none}.narrow{display:none}
table{border-collapse:collapse;font-size:13px;font-variant-numeric:tabular-nums}
th,td{padding:3px 12px 3px 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--rule)}
th{font-weight:600;white-space:nowrap}td.r,th.r{text-align:right;padding-right:16px;white-space:nowrap}td.null{color:var(--dim);font-style:italic}
td.t{white-space:nowrap}summary{cursor:pointer;margin:8px 0 4px;color:var(--dim)}
.state{white-space:nowrap}.state::before{content:"";display:inline-block;width:9px;height:9px;border-radius:5px;margin-right:6px;background:currentColor}
.fresh,.passed,.succeeded,.unchanged{color:var(--s2)}.stale,.warn,.interrupted,.cancelled,.blocked{color:var(--s3)}
.failed{color:var(--s1)}.missing,.running,.queued{color:var(--s0)}.skipped{color:var(--dim)}
.tiles{display:flex;flex-wrap:wrap;gap:10px;margin:14px 0}.tile{border:1px solid var(--rule);border-radius:8px;padding:8px 14px;min-width:84px}
.tile b{display:block;font-size:22px;line-height:1.25}
.nyc .b{fill:var(--paper);stroke:var(--rule);stroke-width:1.2}
@media(max-width:640px){body{padding:12px;font-size:16px}.wide{display:none}.narrow{display:block}h1{font-size:22px}}
@media print{body{max-width:none;padding:0;font-size:11pt}.wide{display:block}.narrow{display:none}
h2,h3,h4{break-after:avoid}figure,tr,.tile{break-inside:avoid}.lead{break-after:avoid}
details>*{display:block}details::details-content{content-visibility:visible;block-size:auto}a{text-decoration:none}
.scroll{overflow:visible}.scroll svg{max-width:100%}svg.nyc{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
figure{margin:10px 0 16px}figcaption{font-size:13px;color:var(--dim);max-width:72ch}
`.replaceAll("\n", "");

/** The whole page around its body. */
export function htmlPage(title: string, body: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="generator" content="nycflow">
<meta http-equiv="Content-Security-Policy" content="default-src 'none';style-src 'unsafe-inline';img-src data:">
<link rel="icon" href="data:,">
<title>${escape(title)}</title>
<style>${themeCss(".nyc")}${CSS}</style></head>
<body class="nyc">
${body}
</body></html>
`;
}

/** A chart in the page, in both sizes, its notes below; a chart that cannot be drawn says why. */
export function chartFigure(
  { chart, rows, before }: ShownChart,
  asset: string,
): Result<string, Problem> {
  const around = { asset, before };
  const read = readChart(chart, rows, around);
  if (!read.ok) return read;
  const { caption, notes } = read.value;
  const wide = chartSvg(chart, rows, around, { width: WIDE, embedded: true });
  const narrow = chartSvg(chart, rows, around, { width: NARROW, embedded: true });
  if (!wide.ok) return wide;
  if (!narrow.ok) return narrow;
  const below = [...(caption === null ? [] : [caption]), ...notes].map(escape).join("<br>");
  return ok(
    `<figure><div class="wide" style="max-width:${WIDE}px">${wide.value}</div>` +
      `<div class="narrow">${narrow.value}</div>` +
      (below === "" ? "" : `<figcaption>${below}</figcaption>`) + "</figure>",
  );
}

/** `chart --html`: the charts of one asset and nothing else. */
export function chartPage(
  asset: string,
  charts: readonly { chart: ChartDefinition; rows: Rows; before?: number | null }[],
): Result<string, Problem> {
  const figures: string[] = [];
  for (const each of charts) {
    const figure = chartFigure(each, asset);
    if (!figure.ok) return figure;
    figures.push(figure.value);
  }
  return ok(htmlPage(asset, figures.join("\n")));
}

/** Rows as a table of the page; at most `limit`, and what is left out is said. */
export function htmlTable(rows: Rows, limit: number): string {
  const laid = tableOf(rows);
  const shown = laid.rows.slice(0, limit);
  const columns = laid.columns.map((column, i) => {
    const values = shown.map((row) => row[i]);
    const kind = column.kind ?? kindOf(values);
    const group = !/(^|[_ ])(id|year|key|code)$/i.test(column.title);
    return { column, kind, cells: showColumn(values, kind, plainStyle, group) };
  });
  const classOf = (kind: string, role: string | undefined) => {
    const names = [
      kind === "number" ? "r" : kind === "time" ? "t" : "",
      role === "null" ? "null" : "",
    ];
    const text = names.filter((name) => name !== "").join(" ");
    return text === "" ? "" : ` class="${text}"`;
  };
  const head = columns.map(({ column, kind }) =>
    `<th${kind === "number" ? ' class="r"' : ""}>${escape(column.title)}</th>`
  ).join("");
  const body = shown.map((_, row) =>
    `<tr>${
      columns.map(({ kind, cells }) => {
        const cell = cells[row];
        return `<td${classOf(kind, cell?.role)}>${escape(cell?.text.trim() ?? "")}</td>`;
      }).join("")
    }</tr>`
  ).join("\n");
  const more = laid.total - shown.length;
  return `<div class="scroll"><table><thead><tr>${head}</tr></thead>\n<tbody>${body}</tbody></table></div>` +
    (more > 0 ? `<p class="dim">… ${grouped(more)} more rows</p>` : "");
}
