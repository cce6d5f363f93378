/**
 * What steps tell while they work, for whoever looks on from another process: a run writes it into a small file beside
 * its liveness lock, now and then and only for steps that take their time. Lost without harm.
 */
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Claim } from "../../core/heads.ts";
import type { HolderId, Instant, StepKey } from "../../core/key.ts";
import type { Progress } from "../../core/order.ts";
import { stepKey } from "../../core/key.ts";

export interface ToldProgress {
  readonly first: Progress;
  readonly firstAt: Instant;
  readonly last: Progress;
  readonly lastAt: Instant;
}

/** Steps shorter than that tell nobody. */
const SHORT_MS = 300;
const EVERY_MS = 200;

function fileOf(project: string, holder: HolderId): string {
  return join(project, ".nycflow", "live", `${holder}.progress`);
}

/** Writes what the steps of one process tell; removed at its end. */
export class ProgressFile implements Disposable {
  readonly #file: string;
  readonly #elapsed: () => number;
  readonly #began = new Map<StepKey, number>();
  readonly #told = new Map<StepKey, Progress>();
  #written = -Infinity;
  #there = false;

  constructor(project: string, holder: HolderId, elapsed: () => number) {
    this.#file = fileOf(project, holder);
    this.#elapsed = elapsed;
  }

  tell(step: StepKey, progress: Progress): void {
    const now = this.#elapsed();
    const began = this.#began.get(step);
    if (began === undefined) this.#began.set(step, now);
    this.#told.set(step, progress);
    if (now - (began ?? now) < SHORT_MS || now - this.#written < EVERY_MS) return;
    this.#written = now;
    try {
      writeFileSync(`${this.#file}.part`, JSON.stringify(Object.fromEntries(this.#told)));
      renameSync(`${this.#file}.part`, this.#file);
      this.#there = true;
    } catch {
      // Nobody is told; the step goes on.
    }
  }

  ended(step: StepKey): void {
    this.#began.delete(step);
    this.#told.delete(step);
  }

  [Symbol.dispose](): void {
    if (this.#there) rmSync(this.#file, { force: true });
  }
}

/** What the steps of live claims told last; the same map where nothing is new. */
export function readProgress(
  project: string,
  claims: readonly Claim[],
  before: ReadonlyMap<StepKey, ToldProgress>,
  now: Instant,
): ReadonlyMap<StepKey, ToldProgress> {
  if (claims.length === 0) return before.size === 0 ? before : new Map();
  const files = new Map(
    [...new Set(claims.map(({ holder }) => holder))].map((
      holder,
    ) => [holder, read(project, holder)]),
  );
  const told = new Map<StepKey, ToldProgress>();
  let changed = false;
  for (const claim of claims) {
    const key = stepKey(claim.asset, claim.partition);
    const last = files.get(claim.holder)?.[key];
    if (last === undefined) continue;
    const known = before.get(key);
    const isSame = known !== undefined && known.firstAt >= claim.since &&
      JSON.stringify(known.last) === JSON.stringify(last);
    if (isSame) told.set(key, known);
    else {
      changed = true;
      const first = known !== undefined && known.firstAt >= claim.since
        ? known
        : { first: last, firstAt: now };
      told.set(key, { first: first.first, firstAt: first.firstAt, last, lastAt: now });
    }
  }
  return changed || told.size !== before.size ? told : before;
}

function read(project: string, holder: HolderId): Readonly<Record<string, Progress>> {
  try {
    return JSON.parse(readFileSync(fileOf(project, holder), "utf8")) as Record<string, Progress>;
  } catch {
    return {};
  }
}
