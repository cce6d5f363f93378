/** Tables as they were, for `AT (…)` in a query: which versions an asset had then, read off the log. */
import {
  eventBack,
  eventBefore,
  eventOfVersion,
  stateAt,
  type VersionChange,
} from "../core/history.ts";
import type { AssetKey, EventId } from "../core/key.ts";
import type { InputTable } from "../core/order.ts";
import { type Problem, problem, ProblemError } from "../core/problem/problem.ts";
import type { VersionRef } from "../core/version.ts";
import { cleanedProblem } from "./by_hand.ts";
import { changesOf, keptVersion } from "./history.ts";
import { assetNamed } from "./look.ts";
import type { Session, View } from "./session.ts";
import { timesIn } from "../views/times.ts";

interface Asked {
  readonly name: string;
  readonly as: string;
  readonly version: number | string | null;
  readonly at: number | null;
}

/** Does a text look as if it had an AT clause? Asked before anything is parsed. */
export function looksTimed(sql: string): boolean {
  return /\bat\s*\(\s*(version|timestamp)\b/i.test(sql);
}

/** The query without its AT clauses, and the tables that stand for them. */
export async function atTimes(
  session: Session,
  view: View,
  sql: string,
): Promise<{ readonly sql: string; readonly tables: readonly InputTable[] }> {
  if (!looksTimed(sql)) return { sql, tables: [] };
  const found = await (await session.warehouse()).withoutTimes(sql);
  if (!found.ok) throw new ProblemError(found.error);
  const tables: InputTable[] = [];
  for (const asked of found.value.tables) tables.push(await tableThen(session, view, asked));
  return { sql: found.value.sql, tables };
}

/** An asset as a version of it was: 0 is now, -1 what its last change replaced; or a version's id, or the end of it. */
export async function tableAt(
  session: Session,
  view: View,
  asset: AssetKey,
  version: number | string,
): Promise<InputTable> {
  return await tableThen(session, view, { name: asset, as: asset, version, at: null });
}

async function tableThen(session: Session, view: View, asked: Asked): Promise<InputTable> {
  const asset = assetNamed(view, asked.name);
  const def = view.layout.def(asset);
  if (def.materialized === "view") {
    throw new ProblemError(problem("query-failed", {
      message: `Cannot read ${asset} as it was`,
      where: { asset, file: def.origin.file },
      why: "a view keeps no versions of its own",
      hint: `read what it stands on as it was: ${def.deps.map((each) => each.asset).join(", ")}`,
    }));
  }
  const changes = await changesOf(session, asset);
  const event = eventFor(changes, asked);
  if (event === null) throw new ProblemError(notThen(view, asset, changes, asked));
  const versions: VersionRef[] = [];
  for (const version of stateAt(changes, event).values()) {
    if (!view.layout.has(asset, version.partition)) continue;
    const held = keptVersion(session.project, changes, version);
    if (held === null) {
      throw new ProblemError(cleanedProblem(asset, version.partition, version.version));
    }
    versions.push(held);
  }
  if (versions.length === 0) throw new ProblemError(notThen(view, asset, changes, asked));
  versions.sort((a, b) => a.partition < b.partition ? -1 : 1);
  return {
    asset: asked.as as AssetKey,
    versions,
    schema: newest(versions)?.schema ?? null,
    view: null,
  };
}

function eventFor(changes: readonly VersionChange[], { version, at }: Asked): EventId | null {
  if (at !== null) return eventBefore(changes, at);
  return typeof version === "string"
    ? eventOfVersion(changes, version)
    : eventBack(changes, -(version ?? 0));
}

function notThen(
  view: View,
  asset: AssetKey,
  changes: readonly VersionChange[],
  { version, at }: Asked,
): Problem {
  const first = changes[0];
  const times = timesIn(view.loaded.project.timezone);
  const kept = [...new Set(changes.flatMap(({ after }) => after === null ? [] : [after.version]))];
  return problem("query-failed", {
    message: at !== null
      ? `Cannot read ${asset} as it was at ${times.iso(at)}`
      : `Cannot read version ${version} of ${asset}`,
    why: first === undefined
      ? "it has never been materialized"
      : at !== null
      ? `the log knows it since ${times.iso(first.at)}`
      : `it has ${kept.length} version${kept.length === 1 ? "" : "s"}: ${
        kept.slice(-5).reverse().map((each) => each.slice(-6)).join(", ")
      }${kept.length > 5 ? ", …" : ""}`,
    hint: "version 0 is what is published now, -1 what its last change replaced",
  });
}

function newest(versions: readonly VersionRef[]): VersionRef | null {
  return versions.reduce<VersionRef | null>(
    (best, each) => best === null || each.at > best.at ? each : best,
    null,
  );
}
