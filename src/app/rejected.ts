/**
 * Candidates that failed a blocking check: never published, kept a while to be looked at as `NAME__rejected`. Only
 * the last one of each partition, and only while the asset has not succeeded since.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Head } from "../core/heads.ts";
import type { AssetKey, VersionId } from "../core/key.ts";
import type { InputTable } from "../core/order.ts";
import { problem, ProblemError } from "../core/problem/problem.ts";
import type { VersionRef } from "../core/version.ts";
import { assetNamed } from "./look.ts";
import type { View } from "./session.ts";

export const REJECTED = "__rejected";

/** Is the name that of refused rows? An asset may itself be called so. */
export function isRejectedName(view: View, name: string): boolean {
  return name.toLowerCase().endsWith(REJECTED) && view.layout.graph.find(name) === null;
}

/** Of every asset that has refused rows: a table of them. */
export function rejectedTables(view: View): readonly InputTable[] {
  return view.layout.graph.keys.flatMap((asset) => {
    const name = `${asset}${REJECTED}`;
    if (view.layout.graph.find(name) !== null) return [];
    const heads = [...view.state.heads.get(asset)?.values() ?? []]
      .filter((head) => head.failure?.rejected != null && kept(view, head))
      .sort((a, b) => a.partition < b.partition ? -1 : 1);
    const newest = heads.toSorted((a, b) => (a.failure?.at ?? 0) - (b.failure?.at ?? 0)).at(-1);
    if (newest?.failure == null) return [];
    return [{
      asset: name as AssetKey,
      versions: heads.map(refOf),
      schema: newest.failure.rejectedSchema,
      view: null,
    }];
  });
}

/** The table of one asset's refused rows; says so where there are none. */
export function rejectedNamed(view: View, name: string): InputTable {
  const asset = assetNamed(view, name.slice(0, -REJECTED.length));
  const found = rejectedTables(view).find((each) => each.asset === `${asset}${REJECTED}`);
  if (found !== undefined) return found;
  throw new ProblemError(problem("source-missing", {
    message: `Cannot show ${asset}${REJECTED}: no rows of ${asset} were refused`,
    where: { asset, file: view.layout.def(asset).origin.file },
    why: "its last attempt failed no blocking check, or what it made has been cleaned away",
    hint: `nycflow show ${asset}`,
  }));
}

function kept(view: View, { failure }: Head): boolean {
  return failure?.rejected != null && existsSync(join(view.project, failure.rejected.path));
}

function refOf({ asset, partition, failure }: Head): VersionRef {
  const version = (failure?.attempt ?? "") as string as VersionId;
  return {
    asset,
    partition,
    version,
    dataVersion: version,
    output: "table",
    file: failure?.rejected ?? null,
    rows: 0,
    schema: failure?.rejectedSchema ?? [],
    ordered: false,
    at: failure?.at ?? 0,
  };
}
