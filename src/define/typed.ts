/** The context of `run` as its definition types it: what was not declared is not there. */
import type { BaseContext, Row, RowOfName, UpstreamTable } from "../core/context.ts";
import type { Dependencies, DependencyOptions } from "./options.ts";
import type { Partitions } from "./partitions.ts";
import type { Resource } from "./resource.ts";
import type { Asset } from "./spec.ts";
import type { ConfigOf } from "./standard.ts";

/** The name of a dependency; `string` for an asset object that was not given one by `name:`. */
type NameOf<D> = D extends string ? D
  : D extends Asset<infer N, infer _R> ? N
  : D extends DependencyOptions<infer A> ? NameOf<A>
  : never;

/** The rows of a dependency. */
type RowsOf<D> = D extends string ? RowOfName<D>
  : D extends Asset<infer _N, infer R> ? unknown extends R ? Row : R
  : D extends DependencyOptions<infer A> ? RowsOf<A>
  : Row;

/** Of several dependencies, the rows of the one called `K`. */
type RowsNamed<D, K> = D extends unknown ? K extends NameOf<D> ? RowsOf<D> : never : never;

/**
 * `upstream`: a list gives the names, an object its keys. An asset object without `name:` in a list is there under
 * the name of its export, which types cannot know.
 */
export type UpstreamOf<D> = D extends readonly (infer E)[]
  ? { readonly [K in NameOf<E>]: UpstreamTable<RowsNamed<E, K>> }
  : { readonly [K in keyof D]: UpstreamTable<RowsOf<D[K]>> };

/** `resources`: what each one's `open` gave. */
export type ResourcesOf<S> = {
  readonly [K in keyof S]: S[K] extends Resource<infer T> ? T : never;
};

/** Everything that `run` is given. */
export type Context<
  D extends Dependencies = readonly [],
  P = undefined,
  C = undefined,
  S = Readonly<Record<never, never>>,
> =
  & BaseContext
  & {
    /** The declared dependencies, by name. */
    readonly upstream: UpstreamOf<D>;
    /** The settings of this step, or of the project where it has none of its own. */
    readonly config: ConfigOf<C>;
    /** The declared resources, open. */
    readonly resources: ResourcesOf<S>;
  }
  & (P extends Partitions<infer K> ? {
      /** The partition that is being made. */
      readonly partition: K;
    }
    : unknown);
