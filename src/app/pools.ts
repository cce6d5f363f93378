/** `pools`: who holds which slots, who waits for them. Read off claims, and off what live processes say of themselves. */
import type { HolderId, Instant, RunId } from "../core/key.ts";
import { stepKey } from "../core/key.ts";
import { poolInUse } from "../core/rules.ts";
import type { Session, View } from "./session.ts";

export interface PoolUser {
  readonly step: string;
  readonly slots: number;
  readonly since: Instant;
  readonly holder: HolderId;
  readonly pid: number | null;
  readonly run: RunId | null;
  readonly priority: number;
}

export interface PoolStatus {
  readonly pool: string;
  readonly slots: number;
  readonly used: number;
  readonly holds: readonly PoolUser[];
  /** Whose turn is next stands first. */
  readonly waits: readonly PoolUser[];
  /** Assets that name it. */
  readonly assets: readonly string[];
}

/** All pools that the config or an asset names, by name. */
export async function lookPools(session: Session, view: View): Promise<readonly PoolStatus[]> {
  const liveness = await session.liveness();
  const { layout, state, dead, loaded } = view;
  const declared = loaded.project.pools;
  const names = new Set(Object.keys(declared));
  const users = new Map<string, string[]>();
  const widest = new Map<string, number>();
  for (const asset of layout.graph.keys) {
    const { pool } = layout.def(asset);
    if (pool === null) continue;
    names.add(pool.name);
    users.set(pool.name, [...users.get(pool.name) ?? [], asset]);
    widest.set(pool.name, Math.max(1, pool.slots, widest.get(pool.name) ?? 1));
  }
  const pids = new Map<HolderId, number | null>();
  const pidOf = async (holder: HolderId) => {
    if (!pids.has(holder)) pids.set(holder, (await liveness.describe(holder))?.pid ?? null);
    return pids.get(holder) ?? null;
  };
  const waiting = await liveness.waits();
  const found: PoolStatus[] = [];
  for (const name of [...names].sort()) {
    const holds: PoolUser[] = [];
    for (const claim of state.claims.values()) {
      if (claim.pool?.name !== name || dead.has(claim.holder)) continue;
      const { holder, since, run } = claim;
      const step = stepKey(claim.asset, claim.partition);
      const priority = layout.graph.has(claim.asset) ? layout.def(claim.asset).priority : 0;
      const { slots } = claim.pool;
      holds.push({ step, slots, since, holder, run, priority, pid: await pidOf(holder) });
    }
    const waits: PoolUser[] = [];
    for (const each of waiting) {
      if (each.pool !== name) continue;
      const { step, slots, since, holder, priority } = each;
      waits.push({ step, slots, since, holder, run: null, priority, pid: await pidOf(holder) });
    }
    found.push({
      pool: name,
      slots: declared[name] ?? widest.get(name) ?? 1,
      used: poolInUse(state, name, dead),
      holds,
      waits: waits.sort((a, b) => b.priority - a.priority || a.since - b.since),
      assets: users.get(name) ?? [],
    });
  }
  return found;
}
