/** What a screen's height means for what is printed: how high a chart may be, and when a pager helps to read. */
import { spawnSync } from "node:child_process";
import process from "node:process";
import type { Output } from "./output.ts";

/** Lines that a chart may have: the terminal's, but for the prompt's and the command's; no bound off a terminal. */
export function chartRows(output: Pick<Output, "terminal" | "rows">): number | undefined {
  return output.terminal ? Math.max(8, output.rows - 2) : undefined;
}

/**
 * Prints a result; on a terminal that is too low for it through `less -RFX` (or what PAGER names), where there is
 * such a program. `PAGER=cat` and `PAGER=` turn that off.
 */
export function page(output: Output, lines: readonly string[]): void {
  const text = lines.join("\n");
  const named = process.env["PAGER"]?.trim();
  const pager = named === undefined || named === "less" ? "less -RFX" : named;
  const wanted = output.terminal && output.live && lines.length > output.rows - 1 &&
    pager !== "" && pager !== "cat";
  if (wanted) {
    const [command = "", ...args] = pager.split(/\s+/);
    const done = spawnSync(command, args, {
      input: `${text}\n`,
      stdio: ["pipe", "inherit", "inherit"],
      // Without it less may show colours and box characters as codes.
      env: { ...process.env, LESSCHARSET: output.style.unicode ? "utf-8" : "ascii" },
    });
    if (done.error === undefined && done.status === 0) return;
  }
  output.out(text);
}
