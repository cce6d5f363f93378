/** `pools`: each pool with who holds its slots and who waits for them, whose turn is next first. */
import type { JsonObject } from "../core/json.ts";
import type { Instant } from "../core/key.ts";
import { duration } from "../term/duration.ts";
import { counted } from "../term/number.ts";
import { sanitize } from "../term/sanitize.ts";
import { paint, type Style } from "../term/style.ts";
import { truncate } from "../term/width.ts";
import { type Around, timesIn } from "./times.ts";
import { markOf } from "./words.ts";

/** A step that holds slots, or waits for them. */
export interface ShownUser {
  readonly step: string;
  readonly slots: number;
  readonly since: Instant;
  readonly pid: number | null;
  readonly run: string | null;
  readonly priority: number;
}

export interface ShownPool {
  readonly pool: string;
  readonly slots: number;
  readonly used: number;
  readonly holds: readonly ShownUser[];
  readonly waits: readonly ShownUser[];
  readonly assets: readonly string[];
}

/** Lines for all pools; a word where the project has none. */
export function poolLines(
  pools: readonly ShownPool[],
  around: Around,
  style: Style,
  columns: number,
): string[] {
  if (pools.length === 0) {
    return ["no pools: an asset names one with pool:, the config gives its slots in pools:"];
  }
  const lines: string[] = [];
  for (const { pool, slots, used, holds, waits, assets } of pools) {
    const name = paint(style, "key", sanitize(pool, style));
    const of = counted(assets.length, "asset");
    lines.push(
      truncate(`${name}  ${used} of ${counted(slots, "slot")} taken, ${of}`, columns, style),
    );
    for (const each of holds) lines.push(userLine(each, "running", "for", around, style, columns));
    for (const each of waits) {
      lines.push(userLine(each, "waiting", "waits for", around, style, columns));
    }
  }
  return lines;
}

function userLine(
  user: ShownUser,
  word: "running" | "waiting",
  verb: string,
  around: Around,
  style: Style,
  columns: number,
): string {
  const parts = [
    `${verb} ${duration(Math.max(0, around.now - user.since))}`,
    ...(user.slots > 1 ? [`${user.slots} slots`] : []),
    ...(user.priority !== 0 ? [`priority ${user.priority}`] : []),
    ...(user.pid === null ? [] : [`process ${user.pid}`]),
  ];
  const text = `  ${markOf(word, style)} ${sanitize(user.step, style)}  ${
    paint(style, "dim", parts.join(", "))
  }`;
  return truncate(text, columns, style);
}

/** `pools --json`. */
export function poolsDocument(pools: readonly ShownPool[], timezone: string): JsonObject {
  const { iso } = timesIn(timezone);
  const user = (each: ShownUser): JsonObject => ({
    step: each.step,
    slots: each.slots,
    priority: each.priority,
    since: iso(each.since),
    pid: each.pid,
    run: each.run,
  });
  return {
    nycflow: 1,
    pools: pools.map(({ pool, slots, used, holds, waits, assets }) => ({
      pool,
      slots,
      used,
      holds: holds.map(user),
      waits: waits.map(user),
      assets,
    })),
  };
}
