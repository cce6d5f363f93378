/** `nycflow look`: the dashboard's reader. Questions come as lines of JSON on standard input, answers go out so. */
import { Command } from "commander";
import { withCommon } from "../options.ts";
import type { CommandContext } from "../context.ts";

export function declare(): Command {
  return withCommon(new Command("look")).description("answers the dashboard's questions");
}

export async function act(_command: Command, { output, common }: CommandContext): Promise<number> {
  const { createInterface } = await import("node:readline");
  const process = await import("node:process");
  const { openSession } = await import("../open.ts");
  const { replyTo } = await import("../dash/replies.ts");
  await using session = await openSession({ ...common, quiet: true });
  for await (const line of createInterface({ input: process.default.stdin })) {
    const { id, ...question } = JSON.parse(line);
    output.out(JSON.stringify({ id, answer: await replyTo(session, question) }));
  }
  return 0;
}
