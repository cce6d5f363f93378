/**
 * What a definition is at run time: a frozen object that a module exports, told from everything else by a mark.
 * The mark is a registered symbol, since a project may come to hold two copies of this program's module.
 */
import type { Row } from "../core/context.ts";
import type { Spec, SpecProblem } from "../core/spec.ts";

const MARK: unique symbol = Symbol.for("nycflow.definition") as never;
declare const rows: unique symbol;

/** Any definition. Opaque: what it says is read by nycflow, not by asset modules. */
export interface Definition<K extends Spec["kind"] = Spec["kind"]> {
  readonly kind: K;
}

/**
 * An asset, as made by `asset()`, `shell()` or `source()`; to be exported, and to be named in other assets' `deps`.
 * `N` is its name where `name:` gives it, `R` the type of its rows where they are known.
 */
export interface Asset<N extends string = string, R = Row>
  extends Definition<"asset" | "assets" | "shell" | "source"> {
  readonly name: N | undefined;
  /** Only for types; never there. */
  readonly [rows]?: R;
}

/** Anything that an asset can be called by. */
export type AssetLike = string | Asset<string, never> | Asset<string, unknown>;

/** A definition from within: its options as written, and what is wrong with them. */
export interface Live {
  readonly kind: Spec["kind"];
  readonly name: string | undefined;
  readonly options: Readonly<Record<string, unknown>>;
  readonly problems: readonly SpecProblem[];
}

/** Makes a definition; the options are kept as they were given, and never changed. */
export function define(
  kind: Spec["kind"],
  options: unknown,
  problems: readonly SpecProblem[],
): Live {
  const given = isRecord(options) ? Object.freeze({ ...options }) : {};
  const name = typeof given["name"] === "string" ? given["name"] : undefined;
  return Object.freeze({
    [MARK]: true,
    kind,
    name,
    options: given,
    problems: Object.freeze([...problems]),
  });
}

/** The definition that a value is, or null. */
export function definitionOf(value: unknown): Live | null {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, MARK)) return null;
  return value as Live;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
