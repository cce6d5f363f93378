/**
 * `promote ENV`: publishes what an environment has of its own in production, as one run and in one transaction. Files
 * are linked, not copied: both names are the same bytes, until the environment is removed.
 */
import { copyFileSync, existsSync, linkSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Event, Materialized } from "../core/event.ts";
import type { State } from "../core/heads.ts";
import { compareInputs, digestInputs } from "../core/inputs.ts";
import { type AssetKey, type AttemptId, type RunId, stepKey } from "../core/key.ts";
import { problem, ProblemError } from "../core/problem/problem.ts";
import { movedSince, movedWords, type Promotion } from "../core/promote.ts";
import { mayClaim } from "../core/rules.ts";
import type { VersionFile } from "../core/version.ts";
import { pathPart } from "../engine/order.ts";
import { chosenAssets } from "./choose.ts";
import type { Session, View } from "./session.ts";

export interface Promoted {
  readonly environment: string;
  readonly promotions: readonly Promotion[];
}

/** Throws `usage` where production moved, naming what did; `busy` while somebody works on what is concerned. */
export async function promote(
  environment: Session,
  production: Session,
  select: readonly string[],
): Promise<Promoted> {
  const name = environment.environmentName;
  if (name === null) throw new Error("production is promoted into nothing");
  const from = await environment.view();
  const to = await production.view();
  const promotions = await promotionsOf(environment, from, select);
  if (promotions.length === 0) return { environment: name, promotions };
  const store = await production.store();
  const liveness = await production.liveness();
  const holder = await liveness.hold();
  const { ids, clock, command } = production.host;
  const run = ids.next() as RunId;
  const made = promotions.map((each) => ({
    ...each,
    attempt: ids.next() as AttemptId,
    file: linked(production, each),
  }));
  const began = clock.now();
  await store.commit(to.state, began, (state) => {
    refuse(state, from, to, promotions, name);
    const events: Event[] = [{
      kind: "run-requested",
      run,
      trigger: { kind: "promote", of: name },
      selection: select.join(" "),
      requestKey: null,
      settings: {},
    }, {
      kind: "run-started",
      run,
      holder,
      command,
      steps: made.slice(0, 10_000).map(({ asset, partition }) => ({
        asset,
        partition,
        reasons: [reasonOf(name)],
        certain: true,
      })),
      total: made.length,
    }];
    for (const { asset, partition, attempt, published, file } of made) {
      events.push({
        kind: "attempt-started",
        run,
        asset,
        partition,
        attempt,
        number: 1,
        holder,
        action: "materialize",
        reasons: [reasonOf(name)],
        code: published.code,
        inputs: published.inputs,
        pool: null,
      });
      const { version, dataVersion, output, rows, schema, ordered, code, checksVersion } =
        published;
      const { inputs, reads, checks, metadata } = published;
      const event: Materialized = {
        kind: "materialized",
        run,
        asset,
        partition,
        attempt,
        version,
        dataVersion,
        output,
        file,
        rows,
        schema,
        ordered,
        code,
        checksVersion,
        inputs,
        reads,
        checks,
        metadata,
        notes: [],
        seconds: 0,
      };
      events.push(event);
    }
    events.push({
      kind: "run-ended",
      run,
      outcome: "succeeded",
      steps: {
        succeeded: made.length,
        unchanged: 0,
        failed: 0,
        skipped: 0,
        blocked: 0,
        cancelled: 0,
        interrupted: 0,
      },
      seconds: (clock.now() - began) / 1000,
    });
    return events;
  });
  await forget(environment, from, promotions);
  return { environment: name, promotions };
}

const reasonOf = (name: string) => ({
  kind: "requested" as const,
  text: `promoted from ${name}`,
  of: name,
});

/** What the environment has of its own, upstreams first. */
export async function promotionsOf(
  environment: Session,
  view: View,
  select: readonly string[],
): Promise<readonly Promotion[]> {
  const named = chosenAssets(view, select, []);
  // Without what it was built from a version would be stale at once.
  const chosen = new Set([...named, ...view.layout.graph.ancestors(named)]);
  const store = await environment.store();
  const promotions: Promotion[] = [];
  for (const asset of view.layout.graph.keys) {
    if (!chosen.has(asset)) continue;
    // Ids of production's events are 0 or less here.
    const own = [...view.state.heads.get(asset)?.values() ?? []].filter((head) =>
      head.published !== null && head.published.event > 0 && view.layout.has(asset, head.partition)
    );
    if (own.length === 0) continue;
    const bases = await basesOf(store, asset);
    for (const { partition, published } of own) {
      if (published === null) continue;
      const base = bases.get(`${partition} ${published.run}`) ?? null;
      promotions.push({ asset, partition, published, base });
    }
  }
  return promotions;
}

/** Where production stood when the environment first began to build each partition that it has now. */
async function basesOf(
  store: Awaited<ReturnType<Session["store"]>>,
  asset: AssetKey,
): Promise<ReadonlyMap<string, number>> {
  const bases = new Map<string, number>();
  for (const { event } of await store.events({ asset, kinds: ["attempt-started"], after: 0 })) {
    if (event.kind !== "attempt-started" || event.base === undefined) continue;
    bases.set(`${event.partition} ${event.run}`, event.base);
  }
  return bases;
}

function refuse(
  state: State,
  from: View,
  to: View,
  promotions: readonly Promotion[],
  environment: string,
): void {
  for (const { asset, partition } of promotions) {
    const may = mayClaim(state, asset, partition, to.dead);
    if (may.ok) continue;
    throw new ProblemError(problem("busy", {
      message: `Cannot promote ${stepKey(asset, partition)} now`,
      why: "another process works on it in production",
      hint: "wait until it is done, then do the same again",
    }));
  }
  const moved = movedSince(
    state,
    promotions,
    ({ asset, partition, published }) =>
      compareInputs(published.inputs, digestInputs(from.layout, from.state, asset, partition)),
  );
  if (moved.length === 0) return;
  const words = movedWords(moved);
  const more = words.length > 5 ? `; and ${words.length - 5} more` : "";
  const assets = [...new Set(moved.map((each) => each.asset))].slice(0, 3).join(" ");
  throw new ProblemError(problem("usage", {
    message: "Cannot promote: production has moved meanwhile",
    why: `${words.slice(0, 5).join("; ")}${more}`,
    hint:
      `bring the environment up to date first: nycflow --env ${environment} run ${assets}, then promote again`,
    fields: { moved: moved.map(({ step, text }) => ({ step, text })) },
  }));
}

/** The same bytes under production's own path. */
function linked(
  { project, lake }: Session,
  { asset, partition, published }: Promotion,
): VersionFile | null {
  const { file } = published;
  if (file === null) return null;
  const one = (each: VersionFile): VersionFile => {
    if (each.path.startsWith(`${lake}/`)) return each;
    const name = each.path.slice(each.path.lastIndexOf("/") + 1);
    const path = `${lake}/${pathPart(asset)}/${pathPart(partition)}/${name}`;
    const target = join(project, path);
    if (existsSync(target)) return { ...each, path };
    mkdirSync(dirname(target), { recursive: true });
    try {
      linkSync(join(project, each.path), target);
    } catch {
      // A file system without links.
      copyFileSync(join(project, each.path), target);
    }
    return { ...each, path };
  };
  const parts = file.parts?.map(one);
  return { ...one(file), ...(parts === undefined ? {} : { parts }) };
}

/** What is production's now is not the environment's own any more: it follows production again. */
async function forget(
  environment: Session,
  view: View,
  promotions: readonly Promotion[],
): Promise<void> {
  await (await environment.store()).commit(
    view.state,
    environment.host.clock.now(),
    () =>
      promotions.map(({ asset, partition, published }) => ({
        kind: "version-set",
        asset,
        partition,
        action: "wipe",
        version: published.version,
        text: "promoted",
      })),
  );
}
