/** `asset()`, `assets()`: tables, files and charts that TypeScript makes. Builds definitions, runs nothing. */
import type {
  ChartResult,
  FileResult,
  Relation,
  Row,
  Rows,
  Skip,
  StepReturn,
  UpstreamTable,
  WithMetadata,
} from "../core/context.ts";
import type { SpecProblem } from "../core/spec.ts";
import { dependencyTroubles } from "./dependency.ts";
import type { Dependencies, OutputOptions, StepOptions } from "./options.ts";
import type { Partitions } from "./partitions.ts";
import type { Resource } from "./resource.ts";
import { type Asset, define, definitionOf, isRecord } from "./spec.ts";
import type { ConfigShape } from "./standard.ts";
import { missing, needsCode, needsOptions, wrong } from "./trouble.ts";
import type { Context } from "./typed.ts";

/** Resources by the name under which a step has them. */
export type ResourcesLike = Readonly<Record<string, Resource>>;

/** The rows that a result is made of, where its type tells them. */
export type RowsOfReturn<V> = V extends WithMetadata<infer W> ? RowsOfReturn<W>
  : V extends Relation<infer R> ? R
  : V extends UpstreamTable<infer R> ? R
  : V extends FileResult | ChartResult | Skip | void | null | undefined ? never
  : V extends Rows<infer R> ? R
  : never;

type Known<R> = [R] extends [never] ? Row : R;

/** What `asset()` and `assets()` share. */
export interface CodeOptions<D extends Dependencies, P, C, S> extends StepOptions {
  /** What it reads: assets or their names. As an object, `upstream` has them by its keys. */
  readonly deps?: D;
  /** How it is partitioned: `monthly(…)`, `staticKeys(…)` … */
  readonly partitions?: P;
  /** Settings: a schema (zod or any Standard Schema), or an object of defaults. Set by `run X --set name=value`. */
  readonly config?: C;
  /** Resources that it needs, by the name under which the context has them. */
  readonly resources?: S;
  /**
   * Whether it runs at all: SQL that is true or false over its dependencies, or a function; false or `skip("why")`
   * leaves it out, and with it what needs it.
   */
  readonly when?:
    | string
    | ((context: Context<D, P, C, S>) => boolean | Skip | Promise<boolean | Skip>);
}

/** What `asset()` takes: how it is made, and whatever can be said of it. */
export interface AssetOptions<N extends string, D extends Dependencies, P, C, S, V>
  extends CodeOptions<D, P, C, S> {
  /** @default the name of the export */
  readonly name?: N;
  /**
   * Makes it. What is returned gets published: rows (a list, or as they come), a relation of `db`, a file, a chart,
   * `skip("why")`, or nothing; with metadata by `result(value, { metadata })`.
   */
  readonly run: (context: Context<D, P, C, S>) => V | Promise<V>;
}

/**
 * An asset that TypeScript makes. To be exported from a module below `assets/`; its name is the export's.
 *
 * @example
 * export const taxi_zones = asset({
 *   description: "The taxi zones and their boroughs",
 *   deps: ["taxi_zones_file"],
 *   run: ({ db }) => db.sql`select LocationID as zone_id, zone, borough from taxi_zones_file`,
 * });
 */
export function asset<
  const N extends string = string,
  const D extends Dependencies = readonly [],
  P extends Partitions | undefined = undefined,
  const C extends ConfigShape | undefined = undefined,
  S extends ResourcesLike = Readonly<Record<never, never>>,
  V extends StepReturn = StepReturn,
>(options: AssetOptions<N, D, P, C, S, V>): Asset<N, Known<RowsOfReturn<V>>> {
  const example = "run: ({ db }) => db.sql`select 1 as one`";
  return define("asset", options, [
    ...codeTroubles(options, "asset"),
    ...needsCode(options, "run", "asset()", example),
  ]) as Asset<N, Known<RowsOfReturn<V>>>;
}

/** What `run` of `assets()` returns: a result for each output; one that is left out is skipped. */
export type Outputs<O extends Readonly<Record<string, OutputOptions>>> = {
  readonly [K in keyof O]?: StepReturn;
};

/** What `assets()` takes: the outputs, one function that makes them, and what is said of each. */
export interface AssetsOptions<
  O extends Readonly<Record<string, OutputOptions>>,
  D extends Dependencies,
  P,
  C,
  S,
> extends CodeOptions<D, P, C, S> {
  /** The assets that it makes, by name, and what is to be said of each. */
  readonly outputs: O;
  /** Makes them, or some of them: what is left out is skipped, and so is what needs it. */
  readonly run: (context: Context<D, P, C, S>) => Outputs<O> | Skip | Promise<Outputs<O> | Skip>;
}

/**
 * Several assets that one function makes at once.
 *
 * @example
 * export const split = assets({
 *   deps: ["orders"],
 *   outputs: { paid: { description: "…" }, open: {} },
 *   run: ({ db }) => ({ paid: db.sql`from orders where paid`, open: db.sql`from orders where not paid` }),
 * });
 */
export function assets<
  const O extends Readonly<Record<string, OutputOptions>>,
  const D extends Dependencies = readonly [],
  P extends Partitions | undefined = undefined,
  const C extends ConfigShape | undefined = undefined,
  S extends ResourcesLike = Readonly<Record<never, never>>,
>(options: AssetsOptions<O, D, P, C, S>): Asset<Extract<keyof O, string>> {
  const outputs = (options as { readonly outputs?: unknown } | undefined)?.outputs;
  const good = isRecord(outputs) && Object.keys(outputs).length > 0;
  return define("assets", options, [
    ...codeTroubles(options, "assets"),
    ...(good ? [] : [
      outputs === undefined
        ? missing("outputs", "assets()", OUTPUTS)
        : wrong(outputs, "outputs", "an object of assets", OUTPUTS),
    ]),
    ...needsCode(options, "run", "assets()", "run: ({ db }) => ({ paid: db.sql`…` })"),
  ]) as Asset<Extract<keyof O, string>>;
}

const OUTPUTS = "outputs: { paid: {}, open: {} }";
const HINT = "export const shop = resource({ open: … }), and name that";

/** What can be wrong in any definition that runs code. */
export function codeTroubles(options: unknown, what: string): readonly SpecProblem[] {
  if (!isRecord(options)) return needsOptions(options, what);
  const found: SpecProblem[] = [...dependencyTroubles(options["deps"], "deps")];
  const { when, resources } = options;
  if (when !== undefined && typeof when !== "string" && typeof when !== "function") {
    found.push(wrong(when, "when", "a SQL condition or a function", `when: "day > '2024-01-01'"`));
  }
  if (resources !== undefined && !isRecord(resources)) {
    found.push(
      wrong(resources, "resources", "an object of resource() definitions", "resources: { shop }"),
    );
  }
  for (const [name, each] of Object.entries(isRecord(resources) ? resources : {})) {
    if (definitionOf(each)?.kind !== "resource") {
      found.push(wrong(each, `resources.${name}`, "a definition made by resource()", HINT));
    }
  }
  return found;
}
