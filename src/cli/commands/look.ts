/**
 * `nycflow look`: the dashboard's reader. Questions come as lines of JSON on standard input, answers go out so, each
 * as soon as it is there; a long query keeps no preview waiting. Ends with its input, whatever it is at.
 */
import { Command } from "commander";
import { withCommon } from "../options.ts";
import type { CommandContext } from "../context.ts";

export function declare(): Command {
  return withCommon(new Command("look")).description("answers the dashboard's questions");
}

export async function act(_command: Command, { output, common }: CommandContext): Promise<number> {
  const { createInterface } = await import("node:readline");
  const { default: process } = await import("node:process");
  const { environmentFor } = await import("../../app/environments.ts");
  const { findProject } = await import("../../app/find.ts");
  const { goodSession } = await import("../../app/board/good_session.ts");
  const { hostOf } = await import("../open.ts");
  const { replyTo } = await import("../dash/replies.ts");
  const host = hostOf();
  const project = findProject(host, common.project);
  const environment = environmentFor(project, common.env ?? host.env["NYCFLOW_ENV"], false);
  const session = await goodSession(host, project, environment);
  let asked = 0;
  for await (const line of createInterface({ input: process.stdin })) {
    const { id, ...question } = JSON.parse(line);
    asked++;
    void replyTo(session, question).then((answer) => {
      asked--;
      output.out(JSON.stringify({ id, answer }));
    });
  }
  // Whoever asked is gone: what is still being worked out is not waited for.
  if (asked > 0) {
    await (await session.liveness()).release();
    process.exit(0);
  }
  await session[Symbol.asyncDispose]();
  return 0;
}
