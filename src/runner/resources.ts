/** Resources of this process: each opened once, at its first use, and closed when the process ends in order. */
import { definitionOf, isRecord, type Live } from "../define/spec.ts";
import { required } from "../define/env.ts";
import type { ResourceContext } from "../define/resource.ts";
import { loggerOf } from "./logger.ts";
import type { LogLine } from "../core/order.ts";
import type { Environment } from "./environment.ts";

interface Opened {
  readonly value: Promise<unknown>;
  readonly close: ((value: unknown) => unknown) | null;
  /** Names of the variables it read: they belong to each step that uses it. */
  readonly names: Set<string>;
}

/** What an opening resource is lent by the step that needs it first. */
export interface ResourceRoom {
  readonly environment: Environment;
  readonly signal: AbortSignal;
  readonly log: (line: LogLine) => void;
}

export class Resources {
  readonly #opened = new Map<Live, Opened>();

  /** Those that an asset declares, open, by its names for them. One that failed to open is tried again next time. */
  async of(declared: unknown, room: ResourceRoom): Promise<Readonly<Record<string, unknown>>> {
    const values: Record<string, unknown> = {};
    for (const [name, each] of Object.entries(isRecord(declared) ? declared : {})) {
      const live = definitionOf(each);
      if (live?.kind !== "resource") continue;
      let opened = this.#opened.get(live);
      if (opened) { for (const variable of opened.names) room.environment.read(variable); }
      else this.#opened.set(live, opened = this.#open(live, room));
      try {
        values[name] = await opened.value;
      } catch (thrown) {
        this.#opened.delete(live);
        throw thrown;
      }
    }
    return values;
  }

  /** Closes all, the last first; what one of them throws keeps no other open. */
  async close(): Promise<void> {
    for (const [, { value, close }] of [...this.#opened].reverse()) {
      try {
        await close?.(await value);
      } catch (thrown) {
        console.error(`a resource could not be closed: ${String(thrown)}`);
      }
    }
    this.#opened.clear();
  }

  #open(live: Live, room: ResourceRoom): Opened {
    const names = new Set<string>();
    const { open, close } = live.options as {
      readonly open?: (context: ResourceContext) => unknown;
      readonly close?: (value: unknown) => unknown;
    };
    const env = (name: string, fallback?: string) => {
      names.add(name);
      return required(name, room.environment.read(name), fallback);
    };
    const value =
      (async () => await open?.({ signal: room.signal, log: loggerOf(room.log), env }))();
    value.catch(() => {}); // told to the step that awaits it
    return { value, close: close ?? null, names };
  }
}
