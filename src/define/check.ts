/** `check()`: a check that SQL kinds cannot say. */
import type { BaseContext, Relation, Row, UpstreamTable } from "../core/context.ts";
import type { SpecProblem } from "../core/spec.ts";
import { assetOf, dependencyTroubles } from "./dependency.ts";
import type { CheckModifiers, Dependencies } from "./options.ts";
import { type Asset, define, type Definition, isRecord } from "./spec.ts";
import { missing, needsCode, needsOptions, wrong } from "./trouble.ts";
import type { UpstreamOf } from "./typed.ts";

/** A verdict: whether it passed; or the failing rows themselves, none of which is a pass. */
export type CheckVerdict =
  | boolean
  | readonly object[]
  | Relation<object>
  | {
    readonly passed: boolean;
    /** What was found, in a sentence. */
    readonly text?: string;
    /** How many rows fail. */
    readonly failing?: number;
    /** A few of them; five are kept. */
    readonly sample?: readonly object[];
  };

/** What a check's `run` is given. */
export type CheckContext<D extends Dependencies = readonly [], R = Row> = BaseContext & {
  /** What is checked: the candidate, before it is published. In `db` it is the table of the asset's name. */
  readonly candidate: UpstreamTable<R>;
  readonly upstream: UpstreamOf<D>;
};

/** What `check()` takes. */
export interface CodeCheckOptions<D extends Dependencies, R> extends CheckModifiers {
  readonly description?: string;
  /** What it checks: the asset, or its name. */
  readonly asset: string | Asset<string, R>;
  /** Other assets that it reads. */
  readonly deps?: D;
  readonly run: (context: CheckContext<D, R>) => CheckVerdict | Promise<CheckVerdict>;
}

/**
 * A check in TypeScript. To be exported; its name is the export's.
 *
 * @example
 * export const no_gaps = check({ asset: "trips_by_week", run: ({ db }) => db.sql`from trips_by_week where num_trips = 0` });
 */
export function check<const D extends Dependencies = readonly [], R = Row>(
  options: CodeCheckOptions<D, R>,
): Definition<"check"> {
  const found: SpecProblem[] = [...needsOptions(options, "check")];
  if (isRecord(options)) {
    if (assetOf(options["asset"]) === null) {
      const hint = 'asset: "trips_by_week"';
      const { asset } = options as { readonly asset?: unknown };
      found.push(
        asset === undefined
          ? missing("asset", "check()", hint)
          : wrong(asset, "asset", "an asset or its name", hint),
      );
    }
    found.push(...dependencyTroubles(options["deps"], "deps"));
    found.push(...needsCode(options, "run", "check()", "run: ({ db }) => db.sql`…`"));
  }
  return define("check", options, found) as Definition<"check">;
}
