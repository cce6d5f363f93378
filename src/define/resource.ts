/** Things that are costly to open (a client, a connection) and must be closed. */
import type { Logger } from "../core/context.ts";
import { define, type Definition } from "./spec.ts";
import { needsCode, needsOptions, wrong } from "./trouble.ts";

declare const opened: unique symbol;

/** A resource; `T` is what a step gets. To be exported, and named in `resources` of assets. */
export interface Resource<T = unknown> extends Definition<"resource"> {
  readonly [opened]?: T;
}

/** What `open` of a resource is given. */
export interface ResourceContext {
  /** Fires when the step that needs it is cancelled. */
  readonly signal: AbortSignal;
  readonly log: Logger;
  /** As in a step. What is read here belongs to every step that uses the resource. */
  env(name: string, fallback?: string): string;
}

/** What `resource()` takes. */
export interface ResourceOptions<T> {
  readonly description?: string;
  /** Opens it: once in each process that needs it, at its first use. */
  readonly open: (context: ResourceContext) => T | Promise<T>;
  /** Closes it when the process ends in order. */
  readonly close?: (value: T) => void | Promise<void>;
  /** A pool that each step using it takes a slot of: so many are open at the most. */
  readonly pool?: string | { readonly name: string; readonly slots?: number };
}

/**
 * Something that is opened once in a process and shared by its steps.
 *
 * @example
 * export const shop = resource({ open: ({ env }) => connect(env("SHOP_URL")), close: (db) => db.end(), pool: "shop" });
 * export const orders = asset({ resources: { shop }, run: ({ resources }) => resources.shop.query("…") });
 */
export function resource<T>(options: ResourceOptions<T>): Resource<T> {
  const close = (options as { readonly close?: unknown } | undefined)?.close;
  return define("resource", options, [
    ...needsOptions(options, "resource"),
    ...needsCode(options, "open", "resource()", 'open: ({ env }) => connect(env("URL"))'),
    ...(close === undefined || typeof close === "function"
      ? []
      : [wrong(close, "close", "a function", "close: (it) => it.end()")]),
  ]) as Resource<T>;
}
