/** The half of `doctor` that is about one project: definitions, state store, processes, files, disk, mirror. */
import { accessSync, constants, existsSync, readFileSync, statfsSync, statSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import type { State } from "../core/heads.ts";
import { type HolderId, stepKey } from "../core/key.ts";
import { type Problem, ProblemError } from "../core/problem/problem.ts";
import { deadClaims, deadOf, holdersOf } from "../core/rules.ts";
import { bytes, counted, grouped } from "../term/number.ts";
import { lakeUse, sizeOf } from "./disk_use.ts";
import { type Finding, findingsIn } from "./finding.ts";
import type { Session } from "./session.ts";

const { ok, warn, bad } = findingsIn("project");
/** Clocks of one machine may differ by so much between two looks. */
const SLACK_MS = 60_000;
const LITTLE = 1e9, HARDLY_ANY = 5e7;

/** Looks at everything, whatever is wrong with the first of it; changes nothing. */
export async function lookAtProject(session: Session): Promise<readonly Finding[]> {
  const found: Finding[] = [ok("project", `The project is ${session.project}`)];
  found.push(writable(session.project), ...await definitions(session));
  const { findings, state } = await stateStore(session);
  found.push(...findings);
  if (state !== null) {
    found.push(...await processes(session, state), ...clock(session, state));
    found.push(...await lake(session, state));
  }
  found.push(...disk(session.project), ...await mirror(session));
  found.push(...ignored(session.project), ...secrets(session.project));
  return found;
}

function writable(project: string): Finding {
  try {
    accessSync(project, constants.W_OK);
    if (existsSync(join(project, ".nycflow"))) {
      accessSync(join(project, ".nycflow"), constants.W_OK);
    }
    return ok("permission", "It may be written");
  } catch {
    return bad(
      "permission",
      "It may not be written: only commands that read work",
      `chmod -R u+rwX '${project}'`,
    );
  }
}

async function definitions(session: Session): Promise<readonly Finding[]> {
  try {
    const { project, warnings, cached } = await session.load();
    const from = cached ? " (from the cache)" : "";
    return [
      ok(
        "definitions",
        `${counted(project.assets.length, "asset")} are defined without a fault${from}`,
      ),
      ...warnings.map((each) => warn("environment", each.message, each.hint ?? "see .env.example")),
    ];
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    const [first, ...more] = error.problems;
    const also = more.length === 0 ? "" : `, and ${counted(more.length, "more problem")}`;
    return [bad(
      "definitions",
      `The definitions do not load: ${placed(first)}${also}`,
      "see all of it with: nycflow check",
    )];
  }
}

function placed(problem: Problem | undefined): string {
  if (problem === undefined) return "";
  const { file, line } = problem.where ?? {};
  const place = file === undefined ? "" : ` (${file}${line === undefined ? "" : `:${line}`})`;
  return `${problem.message}${place}`;
}

async function stateStore(
  session: Session,
): Promise<{ readonly findings: readonly Finding[]; readonly state: State | null }> {
  const file = join(session.project, session.root, "state.db");
  if (!existsSync(file)) {
    const left = existsSync(join(session.project, session.lake));
    const finding = left
      ? bad(
        "state-store",
        "The state store is gone, and there are versions in the lake",
        "make it anew from them: nycflow doctor --rebuild",
      )
      : ok("state-store", "There is no state store yet: nothing has been run here");
    return { findings: [finding], state: null };
  }
  try {
    const { checkSqliteStore } = await import("../stores/sqlite/check.ts");
    const { faults } = await checkSqliteStore(file);
    if (faults.length > 0) return { findings: [damaged(faults[0] ?? "")], state: null };
    const store = await session.store();
    const state = await store.load();
    const size = bytes(sizeOf(file) + sizeOf(`${file}-wal`));
    const text = `The state store is whole: ${counted(state.last, "event")}, ${size}`;
    return { findings: [ok("state-store", text)], state };
  } catch (error) {
    if (!(error instanceof ProblemError)) {
      return { findings: [damaged(String(error))], state: null };
    }
    const [problem] = error.problems;
    const finding = problem?.code === "store-damaged"
      ? damaged(problem.why ?? "")
      : bad("state-store", placed(problem), problem?.hint ?? "see: nycflow --verbose");
    return { findings: [finding], state: null };
  }
}

function damaged(why: string): Finding {
  return bad(
    "state-store",
    `The state store is damaged: ${why.split("\n", 1)[0]}`,
    "make it anew from the versions: nycflow doctor --rebuild",
  );
}

async function processes(session: Session, state: State): Promise<readonly Finding[]> {
  const liveness = await session.liveness();
  const living = existsSync(join(session.project, ".nycflow", "live"))
    ? await liveness.living()
    : [];
  const told = await Promise.all(living.map(async (each) => await liveness.describe(each)));
  const names = told.flatMap((each) => each === null ? [] : [`${each.command} (pid ${each.pid})`]);
  const found = [
    ok(
      "processes",
      names.length === 0
        ? "No process works here now"
        : `${counted(names.length, "process", "processes")} work here: ${names.join(", ")}`,
    ),
  ];
  const dead = deadOf(holdersOf(state), new Set<HolderId>(living));
  const claims = deadClaims(state, dead);
  if (claims.length > 0) {
    const steps = claims.slice(0, 3).map((each) => stepKey(each.asset, each.partition)).join(", ");
    found.push(warn(
      "claims",
      `${counted(claims.length, "step")} of processes that died ${
        claims.length === 1 ? "is" : "are"
      } still open: ${steps}`,
      "nycflow up ends them as interrupted and goes on from there",
    ));
  }
  return found;
}

function clock(session: Session, state: State): readonly Finding[] {
  let latest = 0;
  for (const heads of state.heads.values()) {
    for (const { published } of heads.values()) latest = Math.max(latest, published?.at ?? 0);
  }
  const now = session.host.clock.now();
  if (latest <= now + SLACK_MS) return [];
  return [warn(
    "clock",
    `Something was published at ${new Date(latest).toISOString()}, which is still to come`,
    "set the clock right: freshness and schedules go by it",
  )];
}

async function lake(session: Session, state: State): Promise<readonly Finding[]> {
  const use = await lakeUse(session, state);
  const found = [
    ok(
      "lake",
      `The lake holds ${bytes(use.current.bytes)} in ${
        counted(use.current.files, "current version")
      } and ${bytes(use.older.bytes)} in ${grouped(use.older.files)} older ones`,
    ),
  ];
  if (use.missing.length > 0) {
    found.push(bad(
      "lake-missing",
      `${counted(use.missing.length, "published file")} ${
        use.missing.length === 1 ? "is" : "are"
      } gone: ${use.missing.slice(0, 3).join(", ")}`,
      `build it again: nycflow run ${use.missing[0]?.split("[", 1)[0] ?? ""} --force`,
    ));
  }
  if (use.orphans.files > 0) {
    found.push(warn(
      "orphans",
      `${counted(use.orphans.files, "file")} (${
        bytes(use.orphans.bytes)
      }) in the lake belong to nobody`,
      "nycflow up removes them within the hour",
    ));
  }
  return found;
}

function disk(project: string): readonly Finding[] {
  const { bavail, bsize } = statfsSync(project);
  const free = Number(bavail) * Number(bsize);
  const text = `${bytes(free)} are free on the disk`;
  if (free >= LITTLE) return [ok("disk", text)];
  const next = "free some space; nycflow clean removes old versions";
  return [free < HARDLY_ANY ? bad("disk", text, next) : warn("disk", text, next)];
}

async function mirror(session: Session): Promise<readonly Finding[]> {
  const loaded = await session.load().catch(() => null);
  const path = loaded?.project.warehouse.mirror ?? null;
  if (loaded === null || path === null) return [];
  const file = join(session.project, path);
  if (!existsSync(file)) return [ok("mirror", `The mirror ${path} is not there yet`)];
  const { probeFile } = await import("../warehouse/probe.ts");
  const { prepareDuckDb } = await import("../host/duckdb_library.ts");
  const state = await probeFile({
    project: session.project,
    limits: session.scratch(session.shares(loaded.project).own),
    timezone: loaded.project.timezone,
    prepare: prepareDuckDb,
  }, file).catch((error: unknown) => ({ error: String(error) }));
  if (state === "free") {
    return [ok("mirror", `The mirror ${path} is free (${bytes(sizeOf(file))})`)];
  }
  if (state === "locked") {
    return [warn(
      "mirror",
      `Another program has the mirror ${path} open for writing`,
      "close it there, or open it read-only: until then the mirror is not kept up to date",
    )];
  }
  return [bad(
    "mirror",
    `The mirror ${path} cannot be read: ${state.error}`,
    `remove it (rm '${path}'); nycflow up makes it anew`,
  )];
}

function ignored(project: string): readonly Finding[] {
  if (!existsSync(join(project, ".git"))) return [];
  const file = join(project, ".gitignore");
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  const lines = text.split("\n").map((line) => line.trim().replace(/^\//, "").replace(/\/$/, ""));
  const lacks = [".nycflow", ".env"].filter((name) =>
    !lines.includes(name) && (name !== ".env" || existsSync(join(project, ".env")))
  );
  if (lacks.length === 0) return [ok("gitignore", "git ignores what it should")];
  return [warn(
    "gitignore",
    `git does not ignore ${lacks.join(" and ")}`,
    `printf '%s\\n' ${
      lacks.map((name) => name === ".nycflow" ? ".nycflow/" : name).join(" ")
    } >> .gitignore`,
  )];
}

/** Secrets that other users of the machine may read. */
function secrets(project: string): readonly Finding[] {
  const found = statSync(join(project, ".env"), { throwIfNoEntry: false });
  if (found === undefined || process.platform === "win32" || (found.mode & 0o044) === 0) return [];
  return [warn("env-file", "Other users may read .env", "chmod 600 .env")];
}
