/** Looks at the sources that others write; what differs from the last look is a new data version in the log. */
import { globSync, statSync } from "node:fs";
import { join } from "node:path";
import type { AssetDefinition } from "../core/definition.ts";
import { digestAll } from "../core/digest.ts";
import type { Event } from "../core/event.ts";
import type { JsonObject } from "../core/json.ts";
import { type VersionId, WHOLE } from "../core/key.ts";
import { type Mask, maskAll, maskProblem } from "../core/mask.ts";
import { at, type Problem, problem } from "../core/problem/problem.ts";
import { err, ok, type Result } from "../core/result.ts";
import type { Session, View } from "./session.ts";

interface Seen {
  readonly dataVersion: string;
  readonly metadata: JsonObject;
}

/** How long looking at one may take. */
const LIMIT_MS = 30_000;

/** Looks at one; gives what is wrong where it could not be looked at. */
export async function observeSource(
  session: Session,
  view: View,
  def: AssetDefinition,
): Promise<Problem | null> {
  const found = await look(session, view, def);
  const mask = (text: string) => session.masked(text);
  if (!found.ok) {
    return maskProblem(at({ asset: def.key, file: def.origin.file }, found.error), mask);
  }
  const dataVersion = versionWithout(found.value.dataVersion, mask, await session.salt());
  const metadata = maskAll(found.value.metadata, mask);
  const before = view.state.heads.get(def.key)?.get(WHOLE)?.published?.dataVersion;
  // Most looks find nothing new, and write nothing.
  if (before === dataVersion) return null;
  await (await session.store()).commit(
    view.state,
    session.host.clock.now(),
    (state): readonly Event[] => {
      const now = state.heads.get(def.key)?.get(WHOLE)?.published?.dataVersion;
      return now === dataVersion ? [] : [{
        kind: "observed",
        asset: def.key,
        partition: WHOLE,
        dataVersion: dataVersion as VersionId,
        metadata,
      }];
    },
  );
  return null;
}

/** Where a version holds a secret its digest is kept: it differs when the version does, and says nothing. */
export function versionWithout(dataVersion: string, mask: Mask, salt: string): string {
  return mask(dataVersion) === dataVersion ? dataVersion : digestAll([salt, dataVersion]);
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
  return await runner.observe({
    project: session.project,
    file: def.origin.file,
    exportName: def.origin.exportName ?? "default",
    asset: def.key,
    now: session.host.clock.now(),
    settings: view.loaded.project.settings,
  }, def.timeoutMs ?? LIMIT_MS);
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
