/**
 * What a TypeScript module exports, as the runner described it, to drafts: through the same tables and the same
 * normaliser as SQL headers. Decides names and what a module's code version covers.
 */
import type { AssetDefinition, AssetKind } from "../core/definition.ts";
import { digestAll } from "../core/digest.ts";
import type { Json, JsonObject } from "../core/json.ts";
import { type AssetKey, parseAssetKey } from "../core/key.ts";
import { type Problem, problem, type Where } from "../core/problem/problem.ts";
import type { AssetSpec, CheckSpec, DependencySpec, SpecProblem } from "../core/spec.ts";
import type { DescribedExport, DescribedModule, ParsedSql } from "../ports/loader.ts";
import { canonical, numberOf, objectOf, textOf, wordOf } from "./canonical.ts";
import type { AssetDraft, CheckDraft, ModuleDraft, Reference } from "./draft.ts";
import { normalise } from "./normalise.ts";
import { durationOf } from "./read_policies.ts";
import { optionsOf } from "./read_checks.ts";
import { readMapping } from "./read_partitions.ts";
import { ASSET_SHAPES, CHECK_SHAPE, SCHEDULE_SHAPE, SENSOR_SHAPE } from "./schema_modules.ts";
import { findings, type Path, pathText, type Shape } from "./shape.ts";
import {
  DEFAULT_MAPPING,
  draftOf,
  mappingReferences,
  pieceReferences,
  piecesOf,
  type SqlPiece,
} from "./sql_asset.ts";
import { sqlProblem } from "./sql_trouble.ts";
import { modulePlaces, type Placed, toProblem } from "./where.ts";

export interface ModuleFile {
  readonly file: string;
  readonly text: string;
  /** Of the file name, for what a module exports as default. */
  readonly name: string;
  readonly group: string;
}

export interface ModuleDrafted {
  readonly draft: ModuleDraft;
  readonly problems: readonly Problem[];
}

/** SQL in the module's options that has to be parsed first. */
export function modulePieces(described: DescribedModule): readonly SqlPiece[] {
  return described.exports.flatMap((each, index) => {
    const { spec } = each;
    if (!isAsset(spec)) return [];
    return [spec.options, ...Object.values(spec.outputs ?? {})].flatMap((options, output) =>
      piecesOf(pieceId(described.file, index, output), options, "typescript")
    );
  });
}

function pieceId(file: string, index: number, output: number): string {
  return `${file}#${index}.${output}`;
}

function isAsset(spec: DescribedExport["spec"]): spec is AssetSpec {
  return spec.kind === "asset" || spec.kind === "assets" || spec.kind === "shell" ||
    spec.kind === "source";
}

export function draftModule(
  source: ModuleFile,
  described: DescribedModule,
  parsed: Readonly<Record<string, ParsedSql>>,
): ModuleDrafted {
  const assets: AssetDraft[] = [];
  const checks: CheckDraft[] = [];
  const schedules: ModuleDraft["schedules"][number][] = [];
  const sensors: ModuleDraft["sensors"][number][] = [];
  const problems: Problem[] = [...described.problems];
  const code = described.codeVersion;

  described.exports.forEach((each, index) => {
    const placed = modulePlaces(source.file, source.text, each);
    const { spec } = each;
    const name = spec.name ?? (each.exportName === "default" ? source.name : each.exportName);
    const found = spec.problems.map((one) => specProblem(one, placed, name));
    const say = (shape: Shape, options: JsonObject, what: string, known = found) =>
      findings(shape, options, what, "typescript")
        // What the definition itself has found need not be told twice.
        .filter((one) => !known.some((other) => other.fields?.["path"] === pathText(one.path)))
        .map((one) => toProblem(one, placed, "definition-invalid", name));
    const origin = {
      file: source.file,
      line: each.line,
      column: each.column,
      exportName: each.exportName,
    };
    switch (spec.kind) {
      case "asset":
      case "assets":
      case "shell":
      case "source": {
        const wrong = [...found, ...say(ASSET_SHAPES[spec.kind], spec.options, `${spec.kind}()`)];
        for (const [output, options] of Object.entries(spec.outputs ?? {})) {
          wrong.push(
            ...findings(ASSET_SHAPES.assets, options, "an output", "typescript").map((one) =>
              toProblem(
                { ...one, path: ["outputs", output, ...one.path] },
                placed,
                "definition-invalid",
                output,
              )
            ),
          );
        }
        if (wrong.length > 0) {
          problems.push(...wrong);
          break;
        }
        const made = draftAssets(source, spec, index, name, origin, code, placed, parsed);
        assets.push(...made.assets);
        problems.push(...made.problems);
        break;
      }
      case "check": {
        const wrong = [...found, ...say(CHECK_SHAPE, spec.options, "check()")];
        problems.push(...wrong);
        if (wrong.length === 0 && spec.asset !== null) {
          checks.push(draftCheck(spec, spec.asset, name, origin, code, placed));
        }
        break;
      }
      case "schedule": {
        const wrong = [...found, ...say(SCHEDULE_SHAPE, spec.options, "schedule()")];
        problems.push(...wrong);
        if (wrong.length > 0) break;
        const options = objectOf(canonical(SCHEDULE_SHAPE, spec.options));
        schedules.push({
          name,
          cron: textOf(options["cron"], ""),
          timezone: textOf(options["timezone"], null),
          select: textOf(options["select"], ""),
          catchUp: wordOf(options["catchUp"], ["latest", "all", "skip"], "latest"),
          catchUpLimit: numberOf(options["catchUpLimit"], 10),
          overlap: wordOf(options["overlap"], ["skip", "queue"], "skip"),
          origin,
        });
        break;
      }
      case "sensor": {
        const wrong = [...found, ...say(SENSOR_SHAPE, spec.options, "sensor()")];
        problems.push(...wrong);
        if (wrong.length > 0) break;
        const options = objectOf(canonical(SENSOR_SHAPE, spec.options));
        sensors.push({
          name,
          select: textOf(options["select"], ""),
          everyMs: durationOf(options["every"]) ?? 30_000,
          timeoutMs: durationOf(options["timeout"]) ?? 60_000,
          watch: textOf(options["watch"], null),
          origin,
        });
        break;
      }
      case "config":
        problems.push(problem("config-invalid", {
          message: "Cannot use defineConfig() in an asset module",
          where: placed([], "value"),
          why: "a project has one configuration, nycflow.config.ts beside assets/",
          hint: "move it to nycflow.config.ts",
        }));
        break;
      case "resource":
        problems.push(...found);
    }
  });
  return { draft: { assets, checks, schedules, sensors }, problems };
}

/** The assets that a module names, and what they read; for those whose definitions cannot be used. */
export function namedIn(
  source: ModuleFile,
  described: DescribedModule,
): readonly {
  readonly key: AssetKey;
  readonly origin: AssetDefinition["origin"];
  readonly references: readonly Reference[];
}[] {
  return described.exports.flatMap((each) => {
    const { spec, exportName, line, column } = each;
    if (!isAsset(spec)) return [];
    const placed = modulePlaces(source.file, source.text, each);
    const own = spec.name ?? (exportName === "default" ? source.name : exportName);
    const origin = { file: source.file, line, column, exportName };
    const names = spec.outputs === null ? [own] : Object.keys(spec.outputs);
    return names.flatMap((name, index) => {
      const key = parseAssetKey(name);
      // What several assets of one function read is told once.
      const deps = index === 0 ? spec.deps : [];
      const references = deps.flatMap((one, at) => dependency(one, at, placed));
      return key.ok ? [{ key: key.value, origin, references }] : [];
    });
  });
}

/** `retry.attempts`, `deps[0]` as a path. */
export function parsePath(text: string): Path {
  return text === "" ? [] : text.split(/[.[\]]+/).filter((part) => part !== "")
    .map((part) => /^\d+$/.test(part) ? Number(part) : part);
}

function specProblem(found: SpecProblem, placed: Placed, name: string): Problem {
  const path = parsePath(found.path);
  return problem("definition-invalid", {
    message: found.message,
    where: { asset: name, ...placed(path, "value") },
    ...(found.why === null ? {} : { why: found.why }),
    ...(found.hint === null ? {} : { hint: found.hint }),
    fields: { path: found.path },
  });
}

const KINDS = {
  asset: "typescript",
  assets: "typescript",
  shell: "shell",
  source: "source",
} as const;

function draftAssets(
  source: ModuleFile,
  spec: AssetSpec,
  index: number,
  name: string,
  origin: AssetDefinition["origin"],
  code: string,
  placed: Placed,
  parsed: Readonly<Record<string, ParsedSql>>,
): { readonly assets: readonly AssetDraft[]; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const kind: AssetKind = KINDS[spec.kind];
  const names = spec.outputs === null ? [name] : Object.keys(spec.outputs);
  const keys = names.flatMap((each): readonly AssetKey[] => {
    const key = parseAssetKey(each);
    if (key.ok) return [key.value];
    const path: Path = spec.outputs === null ? ["name"] : ["outputs", each];
    problems.push({ ...key.error, where: { asset: each, ...placed(path, "key") } });
    return [];
  });
  if (problems.length > 0) return { assets: [], problems };

  const shape = ASSET_SHAPES[spec.kind];
  const shared = objectOf(canonical(shape, spec.options));
  const { outputs: _outputs, command, cwd, env, path, every, ...common } = shared;
  // A program's line and a source's address are part of what it means, beside the module's tokens.
  const own = [command, cwd, env, path, every].some((each) => each !== undefined)
    ? digestAll([
      code,
      JSON.stringify([command, cwd, env, path, every].map((each) => each ?? null)),
    ])
    : code;
  const assets = keys.flatMap((key, at): readonly AssetDraft[] => {
    const said = spec.outputs?.[names[at] ?? ""] ?? {};
    const options: JsonObject = { ...common, ...objectOf(canonical(ASSET_SHAPES.assets, said)) };
    const base: Path = spec.outputs === null ? [] : ["outputs", names[at] ?? ""];
    const at2: Placed = (path, where) => {
      const first = path[0];
      const inOutput = typeof first === "string" && Object.hasOwn(said, first);
      return placed(inOutput ? [...base, ...path] : path, where);
    };
    const made = normalise(options, {
      key,
      kind,
      group: source.group,
      origin,
      code: own,
      sql: null,
      dataFile: null,
      together: keys,
      config: spec.config,
      whenCode: spec.code.includes("when"),
      lineOf: (path) => at2(path, "value").line,
    });
    problems.push(
      ...made.findings.map((each) => toProblem(each, at2, "definition-invalid", key)),
    );
    const asked = [
      ...piecesOf(pieceId(source.file, index, 0), spec.options, "typescript"),
      ...(spec.outputs === null
        ? []
        : piecesOf(pieceId(source.file, index, at + 1), said, "typescript")),
    ];
    for (const piece of asked) {
      const answer = parsed[piece.id];
      if (answer === undefined || answer.ok) continue;
      const place: Where = at2(piece.path, "value");
      const told = sqlProblem(source.file, source.text, answer, piece.sql, 0, "this SQL", key);
      problems.push({ ...told, where: { asset: key, ...place } });
    }
    const references = [
      ...spec.deps.flatMap((each, at) => dependency(each, at, placed)),
      ...pieceReferences(asked, parsed, options, key, at2),
      ...mappingReferences(made, at2),
    ];
    if (kind !== "source") return [draftOf(made, references)];
    const observe = {
      path: textOf(spec.options["path"], null),
      everyMs: durationOf(spec.options["every"]),
      code: spec.code.includes("observe"),
    };
    return [draftOf({ ...made, definition: { ...made.definition, observe } }, references)];
  });
  return problems.length > 0 ? { assets: [], problems } : { assets, problems };
}

function dependency(spec: DependencySpec, index: number, placed: Placed): readonly Reference[] {
  if (spec.asset === null) return [];
  const { line = 1, column = 1 } = placed(["deps", index], "value");
  const mapping = readMapping(spec.mapping as Json);
  return [{
    name: spec.asset,
    of: "deps",
    mapping: mapping.mapping,
    lookback: spec.lookback ?? mapping.lookback,
    lookahead: spec.lookahead ?? mapping.lookahead,
    line,
    column,
  }];
}

function draftCheck(
  spec: CheckSpec,
  asset: string,
  name: string,
  origin: AssetDefinition["origin"],
  code: string,
  placed: Placed,
): CheckDraft {
  const { line = origin.line, column = 1 } = placed(["asset"], "value");
  return {
    asset: { name: asset, of: "check", ...DEFAULT_MAPPING, line, column },
    check: {
      name,
      kind: "code",
      columns: [],
      expect: { exportName: origin.exportName ?? "default", file: origin.file },
      ...optionsOf(objectOf(canonical(CHECK_SHAPE, spec.options)), "code"),
      reads: [],
      line: origin.line,
    },
    references: spec.deps.flatMap((each, at) => dependency(each, at, placed)),
    version: code,
  };
}
