/** `log` of a context: lines beside whatever is printed. */
import type { Logger } from "../core/context.ts";
import type { LogLine } from "../core/order.ts";

/** Each call is one line of the step's log; fields follow the text as `name=value`. */
export function loggerOf(sink: (line: LogLine) => void): Logger {
  const at = (level: LogLine["level"]): Logger["info"] => (text, fields) => {
    const shown = Object.entries(fields ?? {}).map(([name, value]) => ` ${name}=${show(value)}`);
    sink({ at: Date.now(), stream: "log", level, text: `${String(text)}${shown.join("")}` });
  };
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

function show(value: unknown): string {
  if (typeof value === "string") return /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value);
  if (value instanceof Error) return JSON.stringify(value.message);
  try {
    return JSON.stringify(value, (_, each) => typeof each === "bigint" ? String(each) : each) ??
      String(value);
  } catch {
    return String(value);
  }
}
