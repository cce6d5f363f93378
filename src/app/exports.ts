/**
 * Files for people: written after publishing, at once (temporary name, then rename), whenever what they show is not
 * what is published. A kill between publishing and writing is made good by the next command that runs.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { AssetDefinition, ExportDefinition } from "../core/definition.ts";
import { digest } from "../core/digest.ts";
import type { Event } from "../core/event.ts";
import { type AssetKey, type PartitionKey, stepKey, WHOLE } from "../core/key.ts";
import { inProject } from "../core/problem/in_project.ts";
import { at, exitCodeOf, type Problem, problem, ProblemError } from "../core/problem/problem.ts";
import { err, ok, type Result } from "../core/result.ts";
import { inputOf } from "../engine/order.ts";
import { isReadable } from "./look.ts";
import type { InputTable } from "../core/order.ts";
import type { VersionRef } from "../core/version.ts";
import type { Session, View } from "./session.ts";
import { withSource } from "./source_line.ts";

interface Due {
  readonly def: AssetDefinition;
  readonly partition: PartitionKey;
  readonly exports: readonly ExportDefinition[];
  readonly of: string;
}

/** Writes what is behind; gives the problems, which are also in the log. */
export async function exportAssets(session: Session, view: View): Promise<readonly Problem[]> {
  const due = dueExports(view, session.outputs);
  if (due.length === 0) return [];
  const warehouse = await session.warehouse();
  const events: Event[] = [];
  const problems: Problem[] = [];
  for (const { def, partition, exports, of } of due) {
    const table = inputOf(
      view.layout,
      view.state,
      def.key,
      partition === WHOLE ? null : [partition],
    );
    let failed: Problem | null = null;
    const paths: string[] = [];
    for (const each of exports) {
      const path = each.path.replaceAll("{partition}", encodeURIComponent(partition));
      const file = join(session.outputs, path);
      const written = each.format === "svg"
        ? await drawInto(session, view, def, partition, file)
        : await warehouse.write(
          `select * from ${quote(def.key)}`,
          [table],
          file,
          each.format,
          { ordered: table.versions.every((version) => version.ordered) },
        );
      if (written.ok) paths.push(path);
      else {
        const where = { asset: def.key, file: def.origin.file, ...lineOf(each) };
        const told = { ...written.error, message: `Cannot write ${path}`, ...again(written.error) };
        failed = withSource(session.project, inProject(at(where, told), session.project));
        problems.push(failed);
      }
    }
    events.push({
      kind: "exported",
      asset: def.key,
      partition,
      run: null,
      paths,
      of,
      problem: failed,
    });
  }
  await (await session.store()).commit(view.state, session.host.clock.now(), () => events);
  return problems;
}

/** The asset's first chart, of one partition or the whole, as a picture. */
async function drawInto(
  session: Session,
  view: View,
  def: AssetDefinition,
  partition: PartitionKey,
  file: string,
): Promise<Result<null, Problem>> {
  const { chartsOf } = await import("./results.ts");
  const { writeCharts } = await import("./chart_files.ts");
  try {
    const charts = await chartsOf(session, view, def.key, partition === WHOLE ? null : [partition]);
    if (charts.length === 0) {
      return err(problem("export-failed", {
        message: `Cannot draw ${def.key}`,
        why: "it declares no chart",
        hint: "add chart: to it, or export another format",
      }));
    }
    writeCharts(charts.slice(0, 1), def.key, { svg: file, html: null, cwd: session.project });
    return ok(null);
  } catch (error) {
    const found = error instanceof ProblemError ? error.problems[0] : undefined;
    if (found === undefined) throw error;
    return err(found);
  }
}

/**
 * What an export shows differs from what is published. One that failed is tried again only when it would differ, unless
 * the machine was at fault, which nothing of ours changes with.
 */
function dueExports(view: View, outputs: string): readonly Due[] {
  const due: Due[] = [];
  for (const asset of view.layout.graph.keys) {
    const def = view.layout.def(asset);
    if (def.exports.length === 0) continue;
    const each = def.exports.filter((one) => one.path.includes("{partition}"));
    const whole = def.exports.filter((one) => !one.path.includes("{partition}"));
    if (whole.length > 0) add(view, def, WHOLE, whole, null, outputs, due);
    if (each.length === 0) continue;
    for (const key of view.layout.keys(asset)) add(view, def, key, each, [key], outputs, due);
  }
  return due;
}

function add(
  view: View,
  def: AssetDefinition,
  partition: PartitionKey,
  exports: readonly ExportDefinition[],
  keys: readonly PartitionKey[] | null,
  outputs: string,
  due: Due[],
): void {
  const table = inputOf(view.layout, view.state, def.key, keys);
  const versions = versionsUnder(table);
  if (versions.length === 0 || !isReadable(table)) return;
  const of = digest(`${def.exportsVersion} ${versions.map((each) => each.dataVersion).join(" ")}`);
  const before = view.state.exports.get(stepKey(def.key, partition));
  // A file that somebody has removed is written again.
  const gone = before?.problem === null &&
    before.paths.some((path) => !existsSync(join(outputs, path)));
  const machine = before?.problem && exitCodeOf([before.problem]) === 3;
  if (before?.of !== of || gone || machine) due.push({ def, partition, exports, of });
}

/** The version stands; only the file is missing. */
function again(found: Problem): { hint?: string } {
  return found.code === "disk-full"
    ? { hint: "free some space; the next nycflow up writes it" }
    : {};
}

/** Of a view those of all that it reads, since it has no content of its own. */
function versionsUnder(table: InputTable): readonly VersionRef[] {
  const inputs = table.view?.inputs ?? [];
  return inputs.length === 0 ? table.versions : inputs.flatMap(versionsUnder);
}

function lineOf(each: ExportDefinition): { line?: number } {
  return each.line === undefined ? {} : { line: each.line };
}

function quote(asset: AssetKey): string {
  return `"${asset.replaceAll('"', '""')}"`;
}
