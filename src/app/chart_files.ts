/** Charts as files for sharing: SVG, and a page with nothing else in it. Each is written whole or not at all. */
import { randomUUID } from "node:crypto";
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { AssetKey } from "../core/key.ts";
import { problem, ProblemError } from "../core/problem/problem.ts";
import { chartSvg } from "../views/chart.ts";
import { chartPage } from "../views/report_page.ts";
import type { DrawnChart } from "./results.ts";

const WIDE = 720;

/** Writes an asset's charts; answers the files' names. Several charts as SVG are several files: map.svg, map-2.svg. */
export function writeCharts(
  charts: readonly DrawnChart[],
  asset: AssetKey,
  to: { readonly svg: string | null; readonly html: string | null; readonly cwd: string },
): readonly string[] {
  const { svg, html } = to;
  const files: string[] = [];
  if (svg !== null) {
    charts.forEach(({ chart, rows, before }, i) => {
      const drawn = chartSvg(chart, rows, { asset, before }, { width: WIDE });
      if (!drawn.ok) throw new ProblemError(drawn.error);
      const file = i === 0 ? svg : numbered(svg, i + 1);
      writeWhole(resolve(to.cwd, file), `${drawn.value}\n`);
      files.push(file);
    });
  }
  if (html !== null) {
    const page = chartPage(asset, charts);
    if (!page.ok) throw new ProblemError(page.error);
    writeWhole(resolve(to.cwd, html), page.value);
    files.push(html);
  }
  return files;
}

function numbered(file: string, i: number): string {
  const at = file.lastIndexOf(".");
  return at <= file.lastIndexOf("/") + 1
    ? `${file}-${i}`
    : `${file.slice(0, at)}-${i}${file.slice(at)}`;
}

/** Writes beside the place and renames, so that nobody reads half of it. */
export function writeWhole(file: string, text: string): void {
  const beside = `${file}.${randomUUID().slice(0, 8)}.tmp`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(beside, text);
    renameSync(beside, file);
  } catch (error) {
    rmSync(beside, { force: true });
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    const full = code === "ENOSPC" || code === "EDQUOT";
    throw new ProblemError(problem(full ? "disk-full" : "usage", {
      message: `Cannot write ${file}`,
      why: code === "EACCES" || code === "EPERM" || code === "EROFS"
        ? "there is no permission to write there"
        : code === "EISDIR"
        ? "it is a folder"
        : full
        ? "the disk is full"
        : String(error instanceof Error ? error.message : error),
      hint: "name another file",
    }));
  }
}
