/** What modules define and SQL texts mean, told to the loader; the loader decides what that makes of the project. */
import type { SpecProblem } from "../core/spec.ts";
import { describe } from "../define/describe.ts";
import { define, isRecord } from "../define/spec.ts";
import type {
  DescribedExport,
  DescribedModule,
  DescribeRequest,
  ParsedSql,
} from "../ports/loader.ts";
import { relative, sep } from "node:path";
import { pathToFileURL } from "node:url";
import type { Engine } from "./engine.ts";
import { type Imported, inProject, type Modules } from "./modules.ts";

/** How the describing gets on, for the one who waits. */
export interface DescribeHooks {
  importing(file: string): void;
  described(module: DescribedModule): void;
}

/** Describes the modules one after another, and parses the SQL meanwhile. */
export async function describeAll(
  request: DescribeRequest,
  modules: Modules,
  engine: Engine,
  hooks: DescribeHooks,
): Promise<Readonly<Record<string, ParsedSql>>> {
  const parsing = Object.keys(request.sql).length === 0
    ? {}
    : engine.parse(request.sql, request.project);
  // A rejection while modules are being imported must not count as unhandled.
  if (parsing instanceof Promise) parsing.catch(() => {});
  modules.environment.fill(request.config === null ? request.variables ?? {} : {});
  const files = [...request.config === null ? [] : [request.config], ...request.modules];
  for (const file of files) {
    hooks.importing(file);
    const described = await describeModule(file, file === request.config, modules);
    if (file === request.config) modules.environment.fill(variablesIn(described));
    hooks.described(described);
  }
  return await parsing;
}

/** The values that a configuration gives to variables which nothing sets. */
function variablesIn({ exports }: DescribedModule): Readonly<Record<string, string>> {
  const declared = exports.find(({ spec }) => spec.kind === "config")?.spec.options["env"];
  if (!isRecord(declared)) return {};
  return Object.fromEntries(
    Object.entries(declared).flatMap(([name, each]) => {
      const value = isRecord(each) ? each["default"] : undefined;
      return value === undefined || value === null ? [] : [[name, String(value)]];
    }),
  );
}

async function describeModule(
  file: string,
  isConfig: boolean,
  modules: Modules,
): Promise<DescribedModule> {
  const imported = await modules.import(file);
  const { closure } = imported;
  const exports: DescribedExport[] = [];
  for (const each of await definitionsOf(file, isConfig, imported, modules)) {
    const spec = await describe(each.live, modules.namesOf);
    const place = closure.places.get(each.exportName);
    const { line, column } = place?.span ?? { line: 1, column: 1 };
    const unnamed = each.member && each.live.name === undefined &&
      (modules.namesOf(each.live) ?? []).length === 0;
    const problems = unnamed ? [...spec.problems, NAMELESS] : spec.problems;
    exports.push({
      exportName: each.exportName,
      line,
      column,
      spec: { ...spec, problems },
      places: each.member ? {} : place?.options ?? {},
    });
  }
  return {
    file,
    exports,
    codeVersion: closure.codeVersion,
    imports: closure.files.slice(1).map((path) => relativeTo(modules.project, path)),
    reads: imported.reads,
    problems: imported.problems,
  };
}

/** A configuration may be a plain object as well. */
async function definitionsOf(
  file: string,
  isConfig: boolean,
  imported: Imported,
  modules: Modules,
): Promise<Imported["exports"]> {
  if (!isConfig || imported.exports.length > 0 || imported.problems.length > 0) {
    return imported.exports;
  }
  const path = pathToFileURL(inProject(modules.project, file)).href;
  const { default: value } = await import(path) as { readonly default?: unknown };
  const problems = isRecord(value) ? [] : [{
    path: "",
    message: `Cannot find a configuration in ${file}`,
    why: "it has no default export that is an object",
    hint: "export default defineConfig({ … })",
  }];
  return [{ exportName: "default", live: define("config", value, problems), member: false }];
}

const NAMELESS: SpecProblem = {
  path: "name",
  message: "Cannot tell the name of an asset in an exported list",
  why: "an export's name would stand for all of them",
  hint: 'give each a name: asset({ name: "…", … })',
};

function relativeTo(project: string, path: string): string {
  return relative(project, path).split(sep).join("/");
}
