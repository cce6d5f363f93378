/**
 * Whom to tell of what: once when a step begins to fail, again only after it has succeeded, and of the recovery to
 * those who were told of the failure. Pure over the state.
 */
import type { State } from "./heads.ts";
import { type AssetKey, type Instant, type PartitionKey, stepKey } from "./key.ts";
import type { Problem } from "./problem/problem.ts";

export interface Notice {
  readonly of: "failure" | "recovery";
  readonly about: string;
  readonly asset: AssetKey;
  readonly partition: PartitionKey;
  readonly problem: Problem | null;
  readonly at: Instant;
}

/** Steps that fail for good and of which nobody was told since their last success; and the other way round. */
export function noticesDue(state: State): readonly Notice[] {
  const due: Notice[] = [];
  for (const [asset, heads] of state.heads) {
    for (const [partition, head] of heads) {
      const about = stepKey(asset, partition);
      const told = state.facts.get(`told:${about}`);
      const { failure, published } = head;
      const toldFailing = toldOf(told?.value) === "failure" || toldOf(told?.value) === "reminder";
      if (failure !== null && failure.retryAt === null) {
        const since = published !== null && told !== undefined && told.at < published.at;
        if (!toldFailing || since) {
          due.push({
            of: "failure",
            about,
            asset,
            partition,
            problem: failure.problem,
            at: failure.at,
          });
        }
      } else if (failure === null && published !== null && toldFailing) {
        due.push({ of: "recovery", about, asset, partition, problem: null, at: published.at });
      }
    }
  }
  return due;
}

function toldOf(value: unknown): string | null {
  if (typeof value !== "object" || value === null || !("of" in value)) return null;
  return typeof value.of === "string" ? value.of : null;
}
