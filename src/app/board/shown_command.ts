/** A command of nycflow whose printed lines are shown in the dashboard: painted, as wide as there is room. */
import { Lines } from "../../host/lines.ts";
import { startChild } from "../../host/process.ts";
import { selfCommand } from "../../host/self.ts";
import type { Style } from "../../term/style.ts";

export interface ShownCommand {
  readonly argv: readonly string[];
  readonly project: string;
  readonly environment: string | null;
  readonly style: Style;
  readonly columns: number;
  /** Ends it. */
  readonly signal: AbortSignal;
}

const MOST = 20_000;
const LEVELS = { none: "0", "16": "1", "256": "2", "16m": "3" } as const;

/** Its lines, results first, and its exit code; null where it could not be started. */
export async function runCommand(
  { argv, project, environment, style, columns, signal }: ShownCommand,
): Promise<{ readonly code: number | null; readonly lines: readonly string[] }> {
  const around = [
    "-C",
    project,
    ...(environment === null || argv.includes("--env") ? [] : ["--env", environment]),
  ];
  const { command, args, env } = selfCommand("cli", [...argv, ...around]);
  const child = startChild({
    command,
    args,
    env: { ...env, COLUMNS: String(columns), FORCE_COLOR: LEVELS[style.color], NO_COLOR: "" },
    cwd: project,
  });
  child.process?.stdin?.end();
  const end = () => child.kill("SIGTERM");
  signal.addEventListener("abort", end);
  const out: string[] = [], err: string[] = [];
  const readers = ([["stdout", out], ["stderr", err]] as const).map(([name, lines]) => {
    const reader = new Lines((line) => void (lines.length < MOST && lines.push(line)));
    child.process?.[name]?.on("data", (bytes: Uint8Array) => reader.take(bytes));
    return reader;
  });
  const closed = new Promise<void>((resolve) => {
    if (child.process === null) resolve();
    else child.process.on("close", () => resolve());
  });
  const ended = await child.ended;
  await closed;
  signal.removeEventListener("abort", end);
  for (const reader of readers) reader.end();
  const why = ended.kind === "not-started" ? [ended.why] : [];
  const code = ended.kind === "exited" ? ended.code : null;
  return { code, lines: [...out, ...err, ...why] };
}
