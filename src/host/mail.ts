/** Mail by SMTP. The library is loaded when there is a mail to be sent. */
import type { JsonObject } from "../core/json.ts";
import { drawnText, type Message } from "./message.ts";

/** Sends one mail; null when the server took it, else why not. `options`: to, from, server, user, password. */
export async function sendMail(
  options: JsonObject,
  message: Message,
  limitMs: number,
): Promise<string | null> {
  const { to, server } = options;
  const receivers = Array.isArray(to) ? to.map(String) : typeof to === "string" ? [to] : [];
  if (receivers.length === 0) return 'it has no receiver: add to: "ops@example.org"';
  const address = typeof server === "string" ? server : "smtp://localhost";
  const url = /^smtps?:\/\//.test(address) ? address : `smtp://${address}`;
  const from = typeof options["from"] === "string"
    ? options["from"]
    : `nycflow <nycflow@${new URL(url).hostname}>`;
  const { createTransport } = await import("nodemailer");
  const user = options["user"];
  const transport = createTransport({
    url,
    connectionTimeout: limitMs,
    greetingTimeout: limitMs,
    socketTimeout: limitMs,
    ...(typeof user === "string"
      ? { auth: { user, pass: String(options["password"] ?? "") } }
      : {}),
  });
  try {
    const sent = await transport.sendMail({
      from,
      to: receivers,
      subject: message.subject,
      text: drawnText(message),
      // Readers of plain text show it in letters of any width, and a chart in those is none.
      ...(message.drawings?.length ? { html: htmlOf(drawnText(message)) } : {}),
    });
    const refused = sent.rejected.map(String);
    return refused.length === 0 ? null : `the server refused ${refused.join(", ")}`;
  } finally {
    transport.close();
  }
}

function htmlOf(text: string): string {
  const safe = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return `<pre style="font:13px/1.2 ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace">${safe}</pre>`;
}
