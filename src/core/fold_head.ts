/**
 * How one asset partition's head follows from an event: what is published, what failed, was skipped, was cut
 * off, is pinned. The caller has made sure that the event is not a late attempt's (`fold.ts`).
 *
 * A publication ends a pin: it can only have come about by changed code, by force or after `unpin`, and these
 * are what a pin lasts until.
 */
import type {
  AttemptFailed,
  Checked,
  CheckResult,
  Materialized,
  StepEnded,
  Stored,
  VersionSet,
} from "./event.ts";
import type { Claim, Failure, Head, Published } from "./heads.ts";
import type { AssetKey, EventId, Instant, PartitionKey, RunId } from "./key.ts";
import { type Problem, problem } from "./problem/problem.ts";
import { unreachable } from "./result.ts";

/** The head after `stored`; the same object where nothing changed, null where there is none (any more). */
export function foldHead(
  head: Head | null,
  asset: AssetKey,
  partition: PartitionKey,
  stored: Stored,
  claim: Claim | null,
): Head | null {
  const event = stored.event;
  const before = head ?? blank(asset, partition, claim?.event ?? stored.id);
  switch (event.kind) {
    case "attempt-started":
      return head === null || head.interrupted === null
        ? head
        : { ...head, interrupted: null, event: stored.id };
    case "materialized":
      return {
        ...blank(asset, partition, claim?.event ?? stored.id),
        published: publishedOf(event, stored.at, stored.id),
        event: stored.id,
      };
    case "checked":
      return checked(before, event, stored.at, claim, stored.id);
    case "attempt-failed":
      return {
        ...before,
        failure: failureOf(before.failure, event, stored.at),
        skip: null,
        interrupted: null,
        event: stored.id,
      };
    case "step-ended":
      return ended(head, before, event, stored);
    case "observed":
      return {
        ...before,
        since: before.pinned === null ? stored.id : before.since,
        published: {
          version: event.dataVersion,
          dataVersion: event.dataVersion,
          output: "nothing",
          file: null,
          rows: 0,
          schema: [],
          ordered: false,
          code: "",
          checksVersion: "",
          inputs: "",
          reads: [],
          checks: [],
          metadata: event.metadata,
          run: "" as RunId,
          seconds: 0,
          at: stored.at,
          event: stored.id,
        },
        failure: null,
        skip: null,
        interrupted: null,
        event: stored.id,
      };
    case "version-set":
      return versionSet(head, before, event, stored);
    case "run-requested":
    case "run-started":
    case "run-ended":
    case "exported":
    case "notified":
    case "ticked":
    case "switched":
    case "partition-added":
    case "forgotten":
      return head;
    default:
      return unreachable(event);
  }
}

function blank(asset: AssetKey, partition: PartitionKey, since: EventId): Head {
  return {
    asset,
    partition,
    published: null,
    failure: null,
    skip: null,
    interrupted: null,
    pinned: null,
    since,
    event: since,
  };
}

/** What readers see from this event on. */
export function publishedOf(event: Materialized, at: Instant, id: EventId): Published {
  return {
    version: event.version,
    dataVersion: event.dataVersion,
    output: event.output,
    file: event.file,
    rows: event.rows,
    schema: event.schema,
    ordered: event.ordered,
    code: event.code,
    checksVersion: event.checksVersion,
    inputs: event.inputs,
    reads: event.reads,
    checks: event.checks,
    metadata: event.metadata,
    run: event.run,
    seconds: event.seconds,
    at,
    event: id,
  };
}

/** A retry that is still to come is not yet a failure more in a row: the step is not over. */
function failureOf(before: Failure | null, event: AttemptFailed, at: Instant): Failure {
  const inARow = before?.inARow ?? 0;
  return {
    run: event.run,
    attempt: event.attempt,
    at,
    problem: event.problem,
    code: event.code,
    inputs: event.inputs,
    reads: event.reads,
    checks: event.checks,
    inARow: event.retryAt === null ? inARow + 1 : inARow,
    retryAt: event.retryAt,
    tries: event.number,
    seconds: event.seconds,
    rejected: event.rejected,
    rejectedSchema: event.schema,
  };
}

/**
 * Checks were run again on what is published. A failed blocking one makes the asset failed, a later pass takes
 * just that failure away again: not one that an attempt to rebuild it had.
 */
function checked(
  head: Head,
  event: Checked,
  at: Instant,
  claim: Claim | null,
  id: EventId,
): Head {
  const published = head.published;
  if (published === null || published.version !== event.version) return head;
  const bad = event.checks.filter(isRefusal);
  const next: Head = {
    ...head,
    published: { ...published, checks: event.checks, checksVersion: event.checksVersion },
    interrupted: null,
    event: id,
  };
  const first = bad[0];
  if (first === undefined) {
    const cleared = head.failure !== null && isCheckFailure(head.failure.problem, event.version);
    return cleared ? { ...next, failure: null } : next;
  }
  return {
    ...next,
    failure: {
      run: event.run,
      attempt: event.attempt,
      at,
      problem: problem("check-failed", {
        message: `Cannot vouch for ${head.asset}: check ${first.name} failed on what is published`,
        where: head.partition === ""
          ? { asset: head.asset }
          : { asset: head.asset, partition: head.partition },
        why: bad.map((each) => each.text).join("; "),
        hint: `nycflow run ${head.asset}`,
        fields: { published: event.version, checks: bad.map((each) => each.name) },
      }),
      code: claim?.code ?? published.code,
      inputs: claim?.inputs ?? published.inputs,
      reads: published.reads,
      checks: event.checks,
      inARow: (head.failure?.inARow ?? 0) + 1,
      retryAt: null,
      tries: 1,
      seconds: event.seconds,
      rejected: null,
      rejectedSchema: [],
    },
  };
}

/** A check that must not have failed, and did, or could not be run. */
export function isRefusal(check: CheckResult): boolean {
  return check.blocking && (check.outcome === "failed" || check.outcome === "errored");
}

function isCheckFailure(found: Problem, version: string): boolean {
  return found.code === "check-failed" && found.fields?.["published"] === version;
}

function ended(head: Head | null, before: Head, event: StepEnded, stored: Stored): Head | null {
  switch (event.outcome) {
    case "skipped":
      // It was held, or an upstream was skipped: what it answered itself still stands.
      if (event.code === "" && before.skip !== null && event.withdrawn === undefined) return head;
      return {
        ...before,
        published: event.withdrawn ? null : before.published,
        skip: {
          at: stored.at,
          run: event.run,
          text: event.text,
          code: event.code,
          inputs: event.inputs,
          ...(event.reads === undefined ? {} : { reads: event.reads }),
        },
        // Its own `skip()` is an answer, and so ends a failure; to be skipped because an upstream was, is none.
        failure: event.attempt === null ? before.failure : null,
        interrupted: null,
        event: stored.id,
      };
    case "interrupted":
      if (event.attempt === null) return head;
      return { ...before, interrupted: { run: event.run, at: stored.at }, event: stored.id };
    case "cancelled": {
      // A step that is cancelled while it waits for its next try is over with the tries that it had.
      const failure = before.failure;
      if (head === null || failure === null) return head;
      if (failure.retryAt === null || failure.run !== event.run) return head;
      return {
        ...head,
        failure: { ...failure, retryAt: null, inARow: failure.inARow + 1 },
        event: stored.id,
      };
    }
    case "unchanged":
    case "blocked":
      return head;
    default:
      return unreachable(event.outcome);
  }
}

function versionSet(
  head: Head | null,
  before: Head,
  event: VersionSet,
  stored: Stored,
): Head | null {
  const settled = { failure: null, skip: null, interrupted: null, event: stored.id };
  switch (event.action) {
    case "rollback": {
      const published = event.restored === undefined
        ? before.published
        : publishedOf(event.restored.event, event.restored.at, stored.id);
      if (published === null || published.version !== event.version) return head;
      return {
        ...before,
        ...settled,
        published,
        since: event.restored === undefined ? before.since : stored.id,
        pinned: {
          at: stored.at,
          text: event.text,
          code: event.code ?? before.published?.code ?? published.code,
        },
      };
    }
    case "unpin":
      return head === null || head.pinned === null
        ? head
        : { ...head, pinned: null, event: stored.id };
    case "mark": {
      const version = event.version ?? before.published?.version;
      if (version === undefined) return head;
      const basis = {
        version,
        dataVersion: event.version ?? before.published?.dataVersion ?? version,
        code: event.code ?? before.published?.code ?? "",
        checksVersion: event.checksVersion ?? before.published?.checksVersion ?? "",
        inputs: event.inputs ?? before.published?.inputs ?? "",
        reads: event.reads ?? before.published?.reads ?? [],
        at: stored.at,
        event: stored.id,
      };
      const published: Published = before.published === null
        ? {
          ...basis,
          output: "nothing",
          file: null,
          rows: 0,
          schema: [],
          ordered: false,
          checks: [],
          metadata: {},
          run: "" as RunId,
          seconds: 0,
        }
        : { ...before.published, ...basis };
      return { ...before, ...settled, published };
    }
    case "wipe":
      return null;
    case "packed": {
      const published = head?.published;
      if (!published || published.version !== event.version || event.file === undefined) {
        return head;
      }
      return { ...before, published: { ...published, file: event.file }, event: stored.id };
    }
    default:
      return unreachable(event.action);
  }
}
