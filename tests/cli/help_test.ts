/** Every page of `--help`, as its reader sees it at 80 columns. */
import { deepEqual, ok } from "node:assert/strict";
import { GROUPS, withHelp } from "../../src/cli/help.ts";
import { declaredCommands } from "../../src/cli/program.ts";

const [program, ...commands] = await declaredCommands();

Deno.test("each command stands in one group of the overview, and in one line of it", () => {
  const grouped = Object.values(GROUPS).flat();
  deepEqual([...grouped].sort(), commands.map((each) => each.name()).sort());
  let page = "";
  for (const each of commands) program!.addCommand(each);
  withHelp(program!, (text) => page += text).outputHelp();
  for (const name of grouped) {
    const at = page.split("\n").findIndex((line) => line.startsWith(`  ${name} `));
    ok(at >= 0, name);
    ok(!page.split("\n")[at + 1]!.startsWith("    "), `${name} takes two lines`);
  }
});

Deno.test("no line of any page is wider than 80 columns, and what is special comes first", () => {
  for (const command of [program!, ...commands]) {
    let page = "";
    withHelp(command, (text) => page += text).outputHelp();
    const wide = page.split("\n").filter((line) => line.length > 80);
    deepEqual(wide, [], command.name());
    const common = page.indexOf("Options of every command:");
    if (common >= 0) ok(page.indexOf("\nOptions:") < common, command.name());
    ok((page.match(/^ {2}\S*.*nycflow/gm) ?? []).length >= 2, `${command.name()}: two examples`);
  }
});
