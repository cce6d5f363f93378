/** `nycflow sensors`: what asks for runs when something happens outside, and what it asked for. */
import { Command } from "commander";
import { listOf, textOf, withCommon } from "../options.ts";
import type { CommandContext } from "../context.ts";

export function declare(): Command {
  return withCommon(new Command("sensors"))
    .description("what each asked for; on, off, tick, keys and forget by name")
    .summary("what each asked for; on, off, tick, keys, forget")
    .argument("[action]", "on, off, tick, keys or forget")
    .argument("[name...]", "a sensor; for forget the keys after it")
    .option("--dry-run", "with tick: what it would ask for")
    .addHelpText(
      "after",
      "\nExamples:\n  nycflow sensors\n  nycflow sensors tick requests --dry-run",
    );
}

export async function act(command: Command, { output, common }: CommandContext): Promise<number> {
  const action = textOf(command.processedArgs[0]);
  const names = listOf(command.processedArgs[1]);
  const dry = command.opts()["dryRun"] === true;
  const { usage } = await import("../usage_of.ts");
  const { openSession } = await import("../open.ts");
  await using session = await openSession(
    common,
    action !== null && action !== "keys" && !(action === "tick" && dry),
  );
  const look = await import("../../app/look_automation.ts");
  const views = await import("../../views/automation.ts");
  const view = await session.view();
  const around = { now: view.now, timezone: view.loaded.project.timezone };
  if (action === null) {
    const found = look.listSensors(view, (text) => session.masked(text));
    output.out(
      common.json
        ? JSON.stringify(views.sensorsDocument(found, around.timezone))
        : views.sensorsLines(found, around, output.style, output.columns).join("\n"),
    );
    return 0;
  }
  const [name] = names;
  if (!["on", "off", "tick", "keys", "forget"].includes(action)) {
    throw usage("sensors", action, "there is: on, off, tick, keys, forget");
  }
  if (name === undefined) {
    throw usage("sensors", action, "a name is missing: nycflow sensors lists them");
  }
  const { sensorId } = await import("../../core/automation/source.ts");
  switch (action) {
    case "on":
    case "off": {
      const ids = names.map((each) => sensorId(look.sensorNamed(view, each).name));
      await look.switchSources(session, view, ids, action === "on");
      if (!common.quiet && !common.json) output.out(`${names.join(", ")}: ${action}`);
      return 0;
    }
    case "keys": {
      const keys = look.sensorKeys(view, look.sensorNamed(view, name));
      output.out(
        common.json
          ? JSON.stringify(views.keysDocument(name, keys, around.timezone))
          : views.keysLines(keys, around, output.style, output.columns).join("\n"),
      );
      return 0;
    }
    case "forget": {
      const keys = names.slice(1);
      if (keys.length === 0) throw usage("sensors", "forget", `nycflow sensors keys ${name}`);
      await look.forgetKeys(session, view, look.sensorNamed(view, name), keys);
      if (!common.quiet && !common.json) {
        output.out(
          `forgot ${keys.join(", ")}; the next up asks for ${keys[1] ? "them" : "it"} anew`,
        );
      }
      return 0;
    }
    default: {
      const { senseOne } = await import("../../app/automate.ts");
      const sensed = await senseOne(session, view, look.sensorNamed(view, name), dry);
      const { ProblemError } = await import("../../core/problem/problem.ts");
      if (sensed.problem !== null) throw new ProblemError(sensed.problem);
      if (common.json) {
        output.out(JSON.stringify(views.sensedDocument(sensed, dry)));
      } else if (!common.quiet) {
        output.out(views.sensedLines(sensed, dry, output.style, output.columns).join("\n"));
      }
      return 0;
    }
  }
}
