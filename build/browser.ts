// Opens a page in a headless Chromium, where there is one: a screenshot, what it said on its console, whom it asked.

import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { delimiter, join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";

const NAMES = ["chromium", "chromium-browser", "google-chrome"];

/** The browser on PATH; null where there is none. */
export function findBrowser(): string | null {
  return (process.env["PATH"] ?? "").split(delimiter)
    .flatMap((folder) => NAMES.map((name) => join(folder, name)))
    .find((file) => existsSync(file)) ?? null;
}

export interface Opened {
  /** Lines of its console. */
  readonly said: readonly string[];
  /** Hosts that were asked for anything. */
  readonly asked: readonly string[];
}

/** What the browser itself looks for, whatever page it opens. */
const OWN_HOSTS = /(^|\.)(google|googleapis|gstatic|gvt1)\.com(:\d+)?$/;

/** Opens a file. Everything that goes out goes to a proxy of ours, which answers nothing and remembers whom it was for. */
export async function openPage(
  browser: string,
  options: {
    readonly file: string;
    readonly width: number;
    readonly height: number;
    readonly dark: boolean;
    readonly shot: string;
    /** For the browser's own files. */
    readonly profile: string;
  },
): Promise<Opened> {
  const asked: string[] = [];
  const proxy = await listen((line) => {
    const host = /^\S+ (?:\w+:\/\/)?([^\s/]+)/.exec(line)?.[1] ?? line;
    if (!OWN_HOSTS.test(host)) asked.push(host);
  });
  try {
    const { stderr } = await promisify(execFile)(browser, [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--hide-scrollbars",
      "--disable-background-networking",
      "--disable-component-update",
      "--enable-logging=stderr",
      `--proxy-server=http://127.0.0.1:${proxy.port}`,
      `--user-data-dir=${options.profile}`,
      `--blink-settings=preferredColorScheme=${options.dark ? 0 : 1}`,
      `--window-size=${options.width},${options.height}`,
      `--screenshot=${options.shot}`,
      `file://${options.file}`,
    ], { timeout: 60_000 });
    return { said: stderr.split("\n").filter((line) => line.includes("CONSOLE")), asked };
  } finally {
    proxy.server.close();
  }
}

async function listen(
  onRequest: (line: string) => void,
): Promise<{ readonly server: Server; readonly port: number }> {
  const server = createServer((socket) => {
    socket.once("data", (chunk) => {
      onRequest(String(chunk).split("\r\n")[0] ?? "");
      socket.destroy();
    });
    socket.on("error", () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return { server, port: typeof address === "object" && address !== null ? address.port : 0 };
}
