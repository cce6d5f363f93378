/**
 * Tells somebody outside: a command that gets the message on its standard input, a webhook, mail, or a ping that says
 * nothing but that we live. A sink that fails is a problem to be shown, never a reason to fail; none may hold anything
 * up for longer than `LIMIT_MS`.
 */
import { spawn } from "node:child_process";
import process from "node:process";
import type { NotifySink } from "../core/definition.ts";
import type { Json, JsonObject } from "../core/json.ts";
import { type Problem, problem } from "../core/problem/problem.ts";
import { drawnText, type Message } from "./message.ts";
import { killGroup } from "./process.ts";
import { childEnvironment } from "./self.ts";

const LIMIT_MS = 10_000;

export type Variables = Readonly<Record<string, string | undefined>>;

/** Sends one message; null when it was taken. Never rejects. */
export async function sendMessage(
  sink: NotifySink,
  name: string,
  message: Message,
  env: Variables,
  project: string,
): Promise<Problem | null> {
  try {
    const failed = await send(sink, message, env, project);
    return failed === null ? null : sinkProblem(name, failed);
  } catch (error) {
    return sinkProblem(name, wordsOf(error));
  }
}

async function send(
  sink: NotifySink,
  message: Message,
  env: Variables,
  project: string,
): Promise<string | null> {
  switch (sink.kind) {
    case "command":
      return await byCommand(sink.options["command"], message, env, project);
    case "webhook":
      return await byWebhook(sink, message, env);
    case "ping":
      return await byPing(fill(sink.options["url"], env));
    case "mail": {
      const { sendMail } = await import("./mail.ts");
      return await sendMail(filled(sink.options, env), message, LIMIT_MS);
    }
  }
}

/** Names of sinks in facts and messages, each once: `webhook`, `webhook 2`. Never their values, which may be secret. */
export function sinkNames(sinks: readonly NotifySink[]): readonly string[] {
  const counts = new Map<string, number>();
  return sinks.map(({ kind, options }) => {
    const name = typeof options["name"] === "string" ? options["name"] : kind;
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return count === 1 ? name : `${name} ${count}`;
  });
}

function sinkProblem(name: string, why: string): Problem {
  return problem("step-failed", {
    message: `Cannot notify by ${name}`,
    why,
    hint: "try it with: nycflow notify test; runs are not affected",
  });
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return `it did not answer within ${LIMIT_MS / 1000} s`;
  const { cause } = error;
  // Some runtimes say only "fetch failed", and why in the cause.
  return cause instanceof Error && error.message.length < 20
    ? `${error.message}: ${cause.message}`
    : error.message;
}

/** `${NAME}` in a sink's value is that environment variable; a missing one is an error, never "". */
function fill(value: Json | undefined, env: Variables): string {
  if (typeof value !== "string" || value === "") throw new Error("it has no command or address");
  return value.replace(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (_all, name: string) => {
    const found = env[name];
    if (found === undefined) throw new Error(`the environment variable ${name} is not set`);
    return found;
  });
}

function filled(options: JsonObject, env: Variables): JsonObject {
  return Object.fromEntries(
    Object.entries(options).map(([name, value]): [string, Json] => [
      name,
      typeof value === "string" && value !== ""
        ? fill(value, env)
        : Array.isArray(value)
        ? value.map((each) => typeof each === "string" ? fill(each, env) : each)
        : value ?? null,
    ]),
  );
}

/** A line for the shell, or a program with its arguments; the text on standard input, the fields in `NYCFLOW_*`. */
function byCommand(
  command: Json | undefined,
  message: Message,
  env: Variables,
  project: string,
): Promise<string | null> {
  const own: Record<string, string> = { NYCFLOW_SUBJECT: message.subject };
  for (const [name, value] of Object.entries(message.fields)) {
    if (value !== null && typeof value !== "object") {
      own[`NYCFLOW_${name.toUpperCase()}`] = String(value);
    }
  }
  const windows = process.platform === "win32";
  const [program = "", ...args] = Array.isArray(command)
    ? command.map((each) => fill(each, env))
    // The shell sees variables in its environment; a line is passed as it was written.
    : windows
    ? ["cmd", "/c", String(command ?? "")]
    : ["/bin/sh", "-c", String(command ?? "")];
  if (program === "") throw new Error("it has no command");
  return new Promise((settle) => {
    const child = spawn(program, args, {
      cwd: project,
      env: { ...childEnvironment(env), ...own },
      stdio: ["pipe", "ignore", "pipe"],
      detached: !windows,
    });
    let said = "";
    let over = false;
    const done = (answer: string | null) => {
      if (over) return;
      over = true;
      clearTimeout(end);
      child.stderr.destroy();
      settle(answer);
    };
    const end = setTimeout(() => {
      killGroup(child.pid, "SIGKILL");
      done(`it did not end within ${LIMIT_MS / 1000} s`);
    }, LIMIT_MS);
    child.stderr.on("data", (chunk: Uint8Array) => {
      if (said.length < 2000) said += new TextDecoder().decode(chunk);
    });
    child.stdin.on("error", () => {});
    child.on("error", (error) => done(error.message));
    // `exit`, not `close`: what it started may hold the pipe for long.
    child.on("exit", (code, signal) => {
      const last = said.trim().split("\n").at(-1) ?? "";
      const how = code === null ? `it was ended by ${signal}` : `it ended with ${code}`;
      done(code === 0 ? null : `${how}${last === "" ? "" : `: ${last}`}`);
    });
    child.stdin.end(`${message.subject}\n\n${drawnText(message)}\n`);
  });
}

/** Posts the shape that the receiver knows: Slack, Discord and Teams take one text, others the fields too. */
async function byWebhook(
  sink: NotifySink,
  message: Message,
  env: Variables,
): Promise<string | null> {
  const url = fill(sink.options["url"], env);
  const shape = sink.options["shape"] ?? guessShape(url);
  const said = sink.options["headers"];
  const headers = typeof said === "object" && said !== null && !Array.isArray(said)
    ? filled(said as JsonObject, env)
    : {};
  const plain = shape === "text";
  const answer = await fetch(url, {
    method: "POST",
    headers: {
      "content-type": plain ? "text/plain; charset=utf-8" : "application/json",
      ...Object.fromEntries(Object.entries(headers).map(([name, each]) => [name, String(each)])),
    },
    body: plain
      ? `${message.subject}\n\n${drawnText(message)}\n`
      : JSON.stringify(bodyOf(shape, message)),
    signal: AbortSignal.timeout(LIMIT_MS),
  });
  await answer.body?.cancel();
  return answer.ok ? null : `it answered ${answer.status} ${answer.statusText}`.trim();
}

/** Discord refuses more than 2,000 characters, Slack cuts at 40,000. A fence keeps what is drawn in its columns. */
function bodyOf(shape: Json, message: Message): JsonObject {
  const { drawings = [] } = message;
  const whole = { ...message, text: `${message.subject}\n${message.text}` };
  switch (shape) {
    case "slack":
    case "teams":
      return { text: drawnText(whole, 30_000, FENCE).slice(0, 30_000) };
    case "discord":
      return { content: drawnText(whole, 1990, FENCE).slice(0, 1990) };
    default:
      return {
        subject: message.subject,
        text: message.text,
        ...message.fields,
        ...(drawings.length === 0 ? {} : { drawings: [...drawings] }),
      };
  }
}

const FENCE = "```";

function guessShape(url: string): string {
  if (/hooks\.slack\.com/.test(url)) return "slack";
  if (/discord(app)?\.com\/api\/webhooks/.test(url)) return "discord";
  return /webhook\.office\.com/.test(url) ? "teams" : "json";
}

async function byPing(url: string): Promise<string | null> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(LIMIT_MS / 2) });
  await answer.body?.cancel();
  return answer.ok ? null : `it answered ${answer.status} ${answer.statusText}`.trim();
}
