/** How one asset and its rows stand in JSON documents; used by `ls`, `show` and the status. */
import type { AssetDefinition } from "../core/definition.ts";
import type { JsonObject } from "../core/json.ts";
import type { AssetKey, Instant } from "../core/key.ts";
import type { Rows } from "../core/rows.ts";
import type { AssetStatus } from "../core/status.ts";
import { timesIn } from "./times.ts";
import { schemeWord } from "./words.ts";

/** What `ls` and the status are drawn from; `view` is whatever knows now and the time zone. */
export interface Listed {
  readonly statuses: readonly AssetStatus[];
  readonly defs: ReadonlyMap<AssetKey, AssetDefinition>;
  readonly view: { readonly now: Instant; readonly layout: { readonly timezone: string } };
}

/** `ls --json`. */
export function listDocument({ statuses, defs, view }: Listed): JsonObject {
  const iso = timesIn(view.layout.timezone).iso;
  const assets = statuses.flatMap((status) => {
    const def = defs.get(status.asset);
    return def === undefined ? [] : [assetDocument(status, def, iso)];
  });
  return { nycflow: 1, assets };
}

/** One asset as in `ls --json`. */
export function assetDocument(
  status: AssetStatus,
  def: AssetDefinition,
  iso: (at: Instant) => string,
): JsonObject {
  const { counts, partitions } = status;
  const last = status.last?.published ?? null;
  return {
    key: status.asset,
    group: def.group,
    kind: def.kind,
    description: def.description,
    deps: def.deps.map((each) => each.asset),
    partitions: def.partitions === null ? null : {
      scheme: schemeWord(def.partitions),
      total: partitions.length,
      materialized: partitions.filter((each) => each.head?.published).length,
      stale: counts.stale,
      failed: counts.failed,
      missing: counts.missing,
      running: counts.running,
    },
    state: status.state,
    reasons: status.reasons.map(({ kind, text, held, of, partitions }) => ({
      kind,
      text,
      held,
      of,
      partitions,
    })),
    last: last === null
      ? null
      : { run: last.run, at: iso(last.at), rows: last.rows, seconds: last.seconds },
    freshness: status.freshness,
    rows: status.rows,
    pinned: status.pinned,
    owner: def.owner,
    tags: def.tags,
    file: def.origin.file,
  };
}

/** A result as row objects, in order. A second column of one name gets a number, so that nothing is lost. */
export function rowObjects({ columns, rows }: Rows): readonly JsonObject[] {
  const names: string[] = [];
  for (const { name } of columns) {
    let own = name;
    for (let n = 1; names.includes(own); n++) own = `${name}_${n}`;
    names.push(own);
  }
  return rows.map((row) => Object.fromEntries(names.map((name, i) => [name, row[i] ?? null])));
}
