/** The lines of the overview: what failed first, then group by group; folded groups are one line. */
import type { AssetKey } from "../core/key.ts";
import type { BoardData } from "./board.ts";

export type OverviewItem =
  | {
    readonly kind: "head";
    /** What it is selected by: `group/`, or `!` for what failed. */
    readonly id: string;
    readonly title: string;
    readonly members: readonly AssetKey[];
    readonly folded: boolean;
  }
  | { readonly kind: "asset"; readonly id: string; readonly asset: AssetKey };

/** `keys` are those that are shown, in the graph's order. */
export function overviewItems(
  data: BoardData,
  keys: readonly AssetKey[],
  folded: readonly string[],
): readonly OverviewItem[] {
  const failed = keys.filter((key) => data.statuses.get(key)?.state === "failed");
  const groups = new Map<string, AssetKey[]>();
  for (const key of keys) {
    if (data.statuses.get(key)?.state === "failed") continue;
    const { group } = data.graph.def(key);
    const members = groups.get(group);
    if (members === undefined) groups.set(group, [key]);
    else members.push(key);
  }
  const sections: [string, string, readonly AssetKey[]][] = [];
  if (failed.length > 0) sections.push(["!", "failed", failed]);
  // What has no group stands first, and needs no heading where nothing has one.
  const none = groups.get("");
  if (none !== undefined) sections.push(["/", groups.size > 1 ? "(no group)" : "", none]);
  for (const [group, members] of groups) {
    if (group !== "") sections.push([`${group}/`, group, members]);
  }
  return sections.flatMap(([id, title, members]): OverviewItem[] => {
    const isFolded = folded.includes(id);
    const head: OverviewItem[] = title === ""
      ? []
      : [{ kind: "head", id, title, members, folded: isFolded }];
    if (isFolded && title !== "") return head;
    return [
      ...head,
      ...members.map((asset): OverviewItem => ({ kind: "asset", id: asset, asset })),
    ];
  });
}
