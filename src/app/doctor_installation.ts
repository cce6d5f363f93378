/** The half of `doctor` that needs no project: program, runtime, DuckDB, terminal, clock. */
import { tmpdir } from "node:os";
import process from "node:process";
import { VERSION } from "../core/product.ts";
import { duckDbLibrary, DuckDbUnavailable, prepareDuckDb } from "../host/duckdb_library.ts";
import { isCompiled } from "../host/self.ts";
import { type Finding, findingsIn } from "./finding.ts";
import type { AppHost } from "./host.ts";

/** What the command line knows of where it writes. */
export interface Terminal {
  readonly isTerminal: boolean;
  readonly columns: number;
  readonly color: string;
  readonly unicode: boolean;
}

const { ok, warn, bad } = findingsIn("installation");
/** Nothing of ours is older. */
const EPOCH = Date.UTC(2024, 0, 1);

export async function lookAtInstallation(
  host: AppHost,
  terminal: Terminal,
): Promise<readonly Finding[]> {
  return [
    ok("version", `nycflow ${VERSION}, ${runtimeName()} on ${process.platform} ${process.arch}`),
    ...await duckDb(),
    terminalFinding(host, terminal),
    clockFinding(host),
  ];
}

function runtimeName(): string {
  const { deno, bun, node } = process.versions as Record<string, string | undefined>;
  if (isCompiled()) return "one binary";
  return deno ? `Deno ${deno}` : bun ? `Bun ${bun}` : `Node ${node}`;
}

async function duckDb(): Promise<readonly Finding[]> {
  const found: Finding[] = [];
  try {
    const library = await duckDbLibrary();
    if (library.from === "unpacked") {
      found.push(ok("duckdb-library", `DuckDB's library is unpacked in ${library.folder}`));
      for (const { place, folder, reason } of library.refusals) {
        found.push(warn(
          "duckdb-place",
          `The ${place} ${folder} was not used for it: ${reason}`,
          "mend that, or name another folder with NYCFLOW_CACHE_DIR",
        ));
      }
    }
  } catch (error) {
    const refusals = error instanceof DuckDbUnavailable ? error.refusals : [];
    const told = refusals.map(({ folder, reason }) => `${folder}: ${reason}`).join("; ");
    return [engineFault(told || messageOf(error))];
  }
  const { probeEngine } = await import("../warehouse/probe.ts");
  const probed = await probeEngine({
    project: tmpdir(),
    limits: { memoryMb: 128, threads: 1, scratch: tmpdir() },
    timezone: "UTC",
    prepare: prepareDuckDb,
  });
  return [
    ...found,
    "version" in probed
      ? ok("duckdb", `DuckDB ${probed.version} works`)
      : engineFault(probed.error),
  ];
}

function engineFault(why: string): Finding {
  const lacks = /libstdc\+\+|libgcc_s|GLIBC/.exec(why)?.[0];
  const next = lacks === undefined
    ? "name a folder that may be written and run from with NYCFLOW_CACHE_DIR"
    : lacks === "GLIBC"
    ? "use a system with glibc 2.25 or later (not Alpine)"
    : "install it: apt-get install libstdc++6, or dnf install libstdc++";
  return bad("duckdb", `DuckDB cannot be loaded: ${why.split("\n", 1)[0]}`, next);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function terminalFinding({ env }: AppHost, terminal: Terminal): Finding {
  const { isTerminal, columns, color, unicode } = terminal;
  const locale = env["LC_ALL"] || env["LC_CTYPE"] || env["LANG"] || "none named";
  const colors = color === "none" ? "no colours" : `${color === "16m" ? "all" : color} colours`;
  const what = isTerminal
    ? `A terminal of ${columns} columns, ${colors}`
    : `No terminal, ${colors}`;
  return unicode ? ok("terminal", `${what}, Unicode (locale ${locale})`) : warn(
    "terminal",
    `${what}, plain ASCII (locale ${locale})`,
    "for charts in full detail: export LANG=C.UTF-8",
  );
}

function clockFinding({ clock, env }: AppHost): Finding {
  const now = clock.now();
  const zone = env["TZ"] || Intl.DateTimeFormat().resolvedOptions().timeZone;
  return now < EPOCH
    ? bad(
      "clock",
      `The clock says ${new Date(now).toISOString()}`,
      "set it; schedules and freshness go by it",
    )
    : ok(
      "clock",
      `The clock says ${new Date(now).toISOString().slice(0, 19)}Z (zone here ${zone})`,
    );
}
