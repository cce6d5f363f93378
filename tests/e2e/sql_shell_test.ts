// The shell of `sql` on a terminal, and a script on its standard input.

import assert from "node:assert/strict";
import { bothWays, oneWay } from "../rig/program.ts";
import { KEYS } from "../rig/screen.ts";

const FILES = { "assets/numbers.sql": "select range as n, range * 2 as twice from range(3)\n" };

bothWays("sql: a shell with completion, errors, a query broken off, and history", async (rig) => {
  rig.project(FILES);
  assert.equal((await rig.run(["up", "--quiet"])).code, 0);
  const screen = rig.screen(["sql"]);
  await screen.until(/^sql>$/m);
  screen.type("select tw\t\rfrom num\t;\r");
  await screen.until(/3 rows/);
  assert.match(screen.text(), /^sql> select twice\n\.\.\.> from numbers;\ntwice\n/m);
  screen.type("select thrice from numbers;\r");
  await screen.until(/next: .*\n(?:.*\n)*sql>$/);
  assert.match(screen.text(), /select thrice from numbers\n\s+│\s+\^{6}\n\s+why: .*n, twice/);
  screen.type("select count(*) from range(1000000000000) t(x) where x % 7 = 3;\r");
  await screen.until(/Ctrl-C cancels/);
  screen.type(KEYS.ctrlC);
  await screen.until(/^cancelled\nsql>$/m);
  screen.type(".mode csv\r.schema numbers\r");
  await screen.until(/^twice,BIGINT$/m);
  screen.type("show tables\r");
  await screen.until(/^numbers,3,2,/m);
  screen.type(`given up${KEYS.ctrlC}`);
  await screen.until(/\^C\nsql>$/);
  screen.type(KEYS.ctrlD);
  assert.equal(await screen.ended, 0);

  const again = rig.screen(["sql"]);
  await again.until(/^sql>$/m);
  again.type(`\x12twice${KEYS.enter}`);
  await again.until(/from numbers;$/);
  again.kill("SIGTERM");
  assert.equal(await again.ended, 143);
  assert.ok(again.raw.endsWith("\x1b[?2004l"), "the terminal is as it was");
});

oneWay("sql: a script on standard input, up to what cannot be done", async (rig) => {
  rig.project({ ...FILES, "assets/later.sql": "/* @asset\nautomation: manual\n*/\nselect 1 as x" });
  assert.equal((await rig.run(["up", "--quiet"])).code, 0);
  const script =
    "select 1 as a;\n.mode json\nselect ';' as b; -- ;\nselect n\nfrom nmbers;\nselect 4;";
  const ended = await rig.run(["sql", "--csv"], { stdin: script });
  assert.equal(ended.code, 1);
  assert.equal(ended.stdout, 'a\n1\n[{"b":";"}]\n');
  assert.match(
    ended.stderr,
    /5 │ from nmbers\n.*\n.*why: there is no table nmbers\n next: did you mean numbers\?/,
  );
  const unmade = await rig.run(["sql"], { stdin: "from later" });
  assert.match(unmade.stderr, /why: later has not been materialized\n next: nycflow run later/);
});
