/** Looks at the sources that others write; what differs from the last look is a new data version in the log. */
import { globSync, statSync } from "node:fs";
import { join } from "node:path";
import type { AssetDefinition } from "../core/definition.ts";
import { digestAll } from "../core/digest.ts";
import type { Event } from "../core/event.ts";
import type { JsonObject } from "../core/json.ts";
import { type AssetKey, type VersionId, WHOLE } from "../core/key.ts";
import { at, type Problem, problem } from "../core/problem/problem.ts";
import { err, ok, type Result } from "../core/result.ts";
import type { Session, View } from "./session.ts";

interface Seen {
  readonly dataVersion: string;
  readonly metadata: JsonObject;
}

/** How long looking at one may take. */
const LIMIT_MS = 30_000;

/** Looks at all of them; gives what could not be looked at. */
export async function observeSources(
  session: Session,
  view: View,
  wanted: (def: AssetDefinition) => boolean,
): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  const seen = new Map<AssetKey, Seen>();
  const defs = view.layout.graph.keys.map((key) => view.layout.def(key))
    .filter((def) => def.observe !== undefined && wanted(def));
  await Promise.all(defs.map(async (def) => {
    const found = await look(session, view, def);
    if (found.ok) seen.set(def.key, found.value);
    else problems.push(at({ asset: def.key, file: def.origin.file }, found.error));
  }));
  if (seen.size === 0) return problems;
  await (await session.store()).commit(
    view.state,
    session.host.clock.now(),
    (state) =>
      [...seen].flatMap(([asset, { dataVersion, metadata }]): Event[] => {
        const before = state.heads.get(asset)?.get(WHOLE)?.published?.dataVersion;
        return before === dataVersion ? [] : [{
          kind: "observed",
          asset,
          partition: WHOLE,
          dataVersion: dataVersion as VersionId,
          metadata,
        }];
      }),
  );
  return problems;
}

async function look(
  session: Session,
  view: View,
  def: AssetDefinition,
): Promise<Result<Seen, Problem>> {
  const { path = null, code = false } = def.observe ?? {};
  if (code) return await byCode(session, view, def);
  if (path === null) return ok({ dataVersion: "", metadata: {} });
  return /^https?:\/\//i.test(path) ? await byAddress(path) : byFiles(session.project, path);
}

async function byCode(
  session: Session,
  view: View,
  def: AssetDefinition,
): Promise<Result<Seen, Problem>> {
  const runner = await session.runner();
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort("timeout"), def.timeoutMs ?? LIMIT_MS);
  try {
    return await runner.observe({
      project: session.project,
      file: def.origin.file,
      exportName: def.origin.exportName ?? "default",
      asset: def.key,
      now: session.host.clock.now(),
      settings: view.loaded.project.settings,
    }, { signal: limit.signal, graceMs: 500, progress: () => {}, log: () => {} });
  } finally {
    clearTimeout(timer);
  }
}

/** What a server tells of the content without sending it. */
async function byAddress(url: string): Promise<Result<Seen, Problem>> {
  try {
    const answer = await fetch(url, { method: "HEAD", signal: AbortSignal.timeout(LIMIT_MS) });
    await answer.body?.cancel();
    if (!answer.ok) return err(unseen(url, `it answered ${answer.status} ${answer.statusText}`));
    const told = ["etag", "last-modified", "content-length"].map((name) =>
      answer.headers.get(name)
    );
    return ok({ dataVersion: digestAll(told), metadata: { url } });
  } catch (error) {
    return err(unseen(url, error instanceof Error ? error.message : String(error)));
  }
}

/** Names, sizes and times of all that match: cheap, however large they are. */
function byFiles(project: string, pattern: string): Result<Seen, Problem> {
  try {
    const files = globSync(pattern, { cwd: project }).map(String).sort();
    if (files.length === 0) return err(unseen(pattern, "there is no such file"));
    let bytes = 0;
    const parts = files.flatMap((file) => {
      const { size, mtimeMs } = statSync(join(project, file));
      bytes += size;
      return [file, String(size), String(mtimeMs)];
    });
    return ok({ dataVersion: digestAll(parts), metadata: { files: files.length, bytes } });
  } catch (error) {
    return err(unseen(pattern, error instanceof Error ? error.message : String(error)));
  }
}

function unseen(what: string, why: string): Problem {
  return problem("source-missing", {
    message: `Cannot look at ${what}`,
    why,
    hint: "check the source's path; what was made of it before stays as it is",
  });
}
