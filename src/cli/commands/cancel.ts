/** `nycflow cancel`: a clean stop of a run that another process works on. */
import { Command } from "commander";
import { readDuration, textOf, withCommon } from "../options.ts";
import type { CommandContext } from "../context.ts";

const WAIT_MS = 15_000;

export function declare(): Command {
  return withCommon(new Command("cancel"))
    .description("stop a run that another process works on, cleanly")
    .argument("[run]", "the run's id, or its last letters; the one that runs where absent")
    .option("--finish", "let the steps that run end by themselves")
    .option("--wait <time>", "how long to wait for its end", readDuration)
    .addHelpText("after", "\nExamples:\n  nycflow cancel\n  nycflow cancel 7f3a91 --finish");
}

export async function act(command: Command, { output, common }: CommandContext): Promise<number> {
  const { openSession } = await import("../open.ts");
  await using session = await openSession(common);
  const options = command.opts();
  const wait = options["wait"];
  const { cancelRun } = await import("../../app/cancel.ts");
  const done = await cancelRun(session, textOf(command.processedArgs[0]), {
    finish: options["finish"] === true,
    waitMs: typeof wait === "number" ? wait : WAIT_MS,
  });
  const { run, outcome, pid } = done;
  if (common.json) {
    output.out(JSON.stringify({ nycflow: 1, run: run.run, outcome, state: run.state, pid }));
  } else if (!common.quiet || outcome === "asked") {
    output.err(
      outcome === "over"
        ? `run ${run.run} is not running: it ${run.state === "running" ? "was cut off" : run.state}`
        : outcome === "ended"
        ? `run ${run.run} ${run.state}`
        : `run ${run.run} was asked to stop and has not ended yet (process ${pid})`,
    );
  }
  return outcome === "asked" ? 3 : 0;
}
