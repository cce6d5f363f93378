/**
 * Tells somebody outside: a command that gets the message on its standard input, or a webhook. A sink that fails is
 * a problem to be shown, never a reason to fail; none may hold a run up for longer than `LIMIT_MS`.
 */
import { spawn } from "node:child_process";
import process from "node:process";
import type { NotifySink } from "../core/definition.ts";
import type { Json, JsonObject } from "../core/json.ts";
import { type Problem, problem } from "../core/problem/problem.ts";
import { childEnvironment } from "./self.ts";

const LIMIT_MS = 10_000;

export interface Message {
  /** One line. */
  readonly subject: string;
  /** Several lines, plain. */
  readonly text: string;
  /** The same as data. */
  readonly fields: JsonObject;
}

/** Sends one message; null when it was taken. */
export async function sendMessage(
  sink: NotifySink,
  message: Message,
  env: Readonly<Record<string, string | undefined>>,
  project: string,
): Promise<Problem | null> {
  try {
    const failed = sink.kind === "command"
      ? await byCommand(resolve(sink.options["command"], env), message, env, project)
      : sink.kind === "webhook"
      ? await byWebhook(sink, message, env)
      : `sinks of kind ${sink.kind} are not known here`;
    return failed === null ? null : sinkProblem(sink, failed);
  } catch (error) {
    return sinkProblem(sink, error instanceof Error ? error.message : String(error));
  }
}

/** A sink's name in facts and messages; never its values, which may be secret. */
export function sinkName(sink: NotifySink): string {
  const named = sink.options["name"];
  return typeof named === "string" ? named : sink.kind;
}

function sinkProblem(sink: NotifySink, why: string): Problem {
  return problem("step-failed", {
    message: `Cannot notify by ${sinkName(sink)}`,
    why,
    hint: "check notify in nycflow.config.ts; the run itself is not affected",
  });
}

/** `${NAME}` in a sink's value is that environment variable; a missing one is an error, never "". */
function resolve(
  value: Json | undefined,
  env: Readonly<Record<string, string | undefined>>,
): string {
  if (typeof value !== "string" || value === "") throw new Error("it has no command or url");
  return value.replace(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (_all, name: string) => {
    const found = env[name];
    if (found === undefined) throw new Error(`the environment variable ${name} is not set`);
    return found;
  });
}

/** Runs it by the shell with the text on standard input and the fields in `NYCFLOW_*`. */
function byCommand(
  command: string,
  message: Message,
  env: Readonly<Record<string, string | undefined>>,
  project: string,
): Promise<string | null> {
  const own: Record<string, string> = { NYCFLOW_SUBJECT: message.subject };
  for (const [name, value] of Object.entries(message.fields)) {
    if (value !== null && typeof value !== "object") {
      own[`NYCFLOW_${name.toUpperCase()}`] = String(value);
    }
  }
  return new Promise((settle) => {
    const windows = process.platform === "win32";
    const child = spawn(windows ? "cmd" : "/bin/sh", windows ? ["/c", command] : ["-c", command], {
      cwd: project,
      env: { ...childEnvironment(env), ...own },
      stdio: ["pipe", "ignore", "pipe"],
      detached: !windows,
    });
    let said = "";
    const end = setTimeout(() => {
      if (child.pid !== undefined) {
        try {
          process.kill(windows ? child.pid : -child.pid, "SIGKILL");
        } catch {
          // it ended just now
        }
      }
      settle(`it did not end within ${LIMIT_MS / 1000} s`);
    }, LIMIT_MS);
    child.stderr.on("data", (chunk: Uint8Array) => {
      if (said.length < 2000) said += new TextDecoder().decode(chunk);
    });
    child.stdin.on("error", () => {});
    child.on("error", (error) => {
      clearTimeout(end);
      settle(error.message);
    });
    child.on("close", (code) => {
      clearTimeout(end);
      const last = said.trim().split("\n").at(-1) ?? "";
      settle(code === 0 ? null : `it ended with ${code}${last === "" ? "" : `: ${last}`}`);
    });
    child.stdin.end(`${message.subject}\n\n${message.text}\n`);
  });
}

/** Posts JSON in the shape that the receiver knows: Slack and Discord take one text, others the fields too. */
async function byWebhook(
  sink: NotifySink,
  message: Message,
  env: Readonly<Record<string, string | undefined>>,
): Promise<string | null> {
  const url = resolve(sink.options["url"], env);
  const whole = `${message.subject}\n${message.text}`;
  const shape = sink.options["shape"] ?? guessShape(url);
  const body = shape === "slack"
    ? { text: whole }
    : shape === "discord"
    ? { content: whole.slice(0, 1990) }
    : { subject: message.subject, text: message.text, ...message.fields };
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(LIMIT_MS),
  });
  await answer.body?.cancel();
  return answer.ok ? null : `it answered ${answer.status} ${answer.statusText}`.trim();
}

function guessShape(url: string): string {
  if (url.includes("hooks.slack.com")) return "slack";
  return url.includes("discord.com/api/webhooks") ? "discord" : "plain";
}
