/** `nycflow notify test`: tries who is told of failures. */
import { Command } from "commander";
import { textOf, withCommon } from "../options.ts";
import type { CommandContext } from "../context.ts";

export function declare(): Command {
  return withCommon(new Command("notify"))
    .description("send a test message to everyone whom the configuration names")
    .argument("<action>", "test")
    .addHelpText("after", "\nExamples:\n  nycflow notify test\n  nycflow notify test --json");
}

export async function act(command: Command, { output, common }: CommandContext): Promise<number> {
  const action = textOf(command.processedArgs[0]) ?? "";
  if (action !== "test") {
    const { usage } = await import("../usage_of.ts");
    throw usage("notify", action, "there is: test");
  }
  const { openSession } = await import("../open.ts");
  await using session = await openSession(common);
  const { testSinks } = await import("../../app/notify.ts");
  const found = await testSinks(session);
  if (common.json) {
    output.out(JSON.stringify({
      nycflow: 1,
      sinks: found.map(({ sink, problem }) => ({
        sink,
        ok: problem === null,
        problem: problem?.why ?? null,
      })),
    }));
  } else if (found.length === 0) {
    output.out(
      'nobody is told: nycflow.config.ts has no notify, e.g. notify: [{ command: "cat" }]',
    );
  } else {
    for (const { sink, problem } of found) {
      if (problem === null) {
        if (!common.quiet) output.out(`${sink}: sent`);
      } else output.err(`${sink}: ${problem.why}`);
    }
  }
  return found.some(({ problem }) => problem !== null) ? 1 : 0;
}
