/** The asset and SQL screens on a real pseudo-terminal, and what the dashboard's reader answers them. */
import { equal, match, ok } from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import type { Answer, Ask } from "../../src/dashboard/board.ts";
import { asciiStyle, plainStyle, type Style } from "../../src/term/style.ts";
import { width } from "../../src/term/width.ts";
import { bothWays, oneWay } from "../rig/program.ts";
import { KEYS } from "../rig/screen.ts";

const FILES = {
  "assets/daily.sql": `/* @asset
description: What each day had
partitions: { daily: { start: "2024-01-01", end: "2024-03-01" } }
checks:
  - not_null: [day]
chart: { type: line, x: day, y: n }
*/
select $partition_start::date as day, 40 as n`,
  "assets/evil.sql": `select 'a' || chr(27) || '[2J' as "co
l", range as n, 'x' || range as words from range(3000)`,
};

const ENDLESS = "select count(*) from range(1000000000000) t(x) where x % 7 = 3;\r";

/** The process of the dashboard's reader, by what it tells of itself. */
function readerOf(folder: string): number {
  for (const name of readdirSync(folder)) {
    if (!name.endsWith(".json")) continue;
    const told = JSON.parse(readFileSync(join(folder, name), "utf8"));
    if (/\blook\b/.test(String(told.command)) && isAlive(Number(told.pid))) return Number(told.pid);
  }
  throw new Error("no reader is there");
}

/** One that was ended leaves what it told until it is swept. */
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

bothWays("dashboard: an asset through its sections, a block backfilled, SQL", async (rig) => {
  // Two sizes, one a form: lists with and without a pane beside them.
  const [columns, rows] = rig.via === "deno" ? [140, 45] : [80, 24];
  equal((await rig.run(["run", "evil", "--quiet"])).code, 0);
  equal((await rig.run(["run", "daily", "--partition", "2024-01-10", "--quiet"])).code, 0);
  const screen = rig.screen(["up", "evil"], { columns, rows });
  await screen.until(/▌ ✓ evil/);
  screen.type(`:daily${KEYS.enter}`);
  await screen.until(/materialized for the first time|never materialized/);
  screen.type(KEYS.tab);
  await screen.until(/2024-01-10 +40/);
  screen.type(KEYS.tab);
  await screen.until(/\[?charts\]?[^]*daily: n/);
  screen.type(KEYS.tab);
  await screen.until(/day +DATE +none/);
  screen.type(KEYS.tab);
  await screen.until(/passed in 1 partition/);
  screen.type(KEYS.tab);
  await screen.until(/arrows walk/);
  screen.type("g" + "v" + "jj");
  await screen.until(/3 partitions marked/);
  screen.type("b");
  await screen.until(/nycflow backfill daily --from 2024-01-01 --to 2024-01-03/);
  screen.type("y");
  await screen.until(/4\/60 partitions/);
  screen.type(KEYS.escape + KEYS.tab);
  await screen.until(/the first +3 +2024-01-01/);
  screen.type(KEYS.enter);
  await screen.until(/\+3 added/);
  screen.type(KEYS.tab + KEYS.tab);
  await screen.until(/description: What each day had/);

  screen.type("5");
  await screen.until(/sql> from/);
  screen.type("select words, n fr\t evi\t where n < 3;\r");
  await screen.until(/3 rows in/);
  match(screen.text(), /x0 +0 /);
  const toChart = "\x07";
  screen.type(toChart);
  await screen.until(/ctrl\+g the table/);
  screen.type(toChart);
  screen.type(KEYS.ctrlC + "select m from evil;\r");
  await screen.until(/evil has no column m/);
  match(screen.text(), /│ select m from evil +\n +│ {8}\^/);
  screen.type(KEYS.ctrlC + ENDLESS);
  await screen.until(/esc interrupts/);
  screen.type(KEYS.escape);
  await screen.until(/This was interrupted/);
  screen.type(KEYS.ctrlC + "from evil limit 2;\r");
  await screen.until(/a␛\[2J/);
  // Whatever ends the reader, the next question has another.
  const reader = readerOf(rig.path(".nycflow", "live"));
  screen.type(KEYS.ctrlC + ENDLESS);
  await screen.until(/esc interrupts/);
  process.kill(reader, "SIGKILL");
  await screen.until(/its reader was ended/);
  screen.type(KEYS.ctrlC + "select 6 * 7 as answer;\r");
  await screen.until(/1 row in/);
  screen.resize(40, 12);
  await screen.until(/sql> select 6 \* 7 as answer;/);
  screen.type(KEYS.ctrlC + KEYS.ctrlC);
  equal(await screen.ended, 0);
  ok(!screen.alternate);
  ok(!screen.raw.includes("a\x1b[2J"), "data never moves the terminal");
}, { files: FILES });

oneWay(
  "look: every question has its answer, at its width, with no control characters",
  async (rig) => {
    equal(
      (await rig.run(["run", "evil", "daily", "--partition", "2024-01-10", "--quiet"])).code,
      0,
    );
    const reader = rig.start(["look"]);
    let id = 0;
    const ask = async (asked: Ask, columns = 60, style: Style = plainStyle) => {
      id++;
      reader.write(JSON.stringify({ id, ask: asked, columns, style }) + "\n");
      await reader.until(new RegExp(`^{"id":${id},.*}$`, "m"));
      const line = reader.stdout.split("\n").find((each) => each.startsWith(`{"id":${id},`)) ?? "";
      const answer = (JSON.parse(line) as { readonly answer: Answer }).answer;
      const lines = answer.kind === "lines" ? answer.lines : [];
      for (const each of lines) ok(![...each].some(isControl), JSON.stringify(each));
      if (columns > 0) { for (const each of lines) ok(width(each) <= columns, each); }
      return { answer, text: lines.join("\n"), lines };
    };
    const asset = "evil" as Extract<Ask, { kind: "preview" }>["asset"];
    const daily = "daily" as typeof asset;
    const rows = await ask({ kind: "preview", asset, limit: 5 }, 0);
    equal(rows.lines.length, 2 + 5);
    equal(rows.answer.kind === "lines" && rows.answer.more, true);
    match(rows.text, /a␛\[2J/);
    match((await ask({ kind: "preview", asset, limit: 5 }, 0, asciiStyle)).text, /a\\x1b\[2J/);
    match((await ask({ kind: "profile", asset }, 0)).text, /n +BIGINT +none +3,000 +█+/);
    match((await ask({ kind: "charts", asset: daily, rows: 12 }, 50)).text, /daily: n/);
    const why = (await ask({ kind: "why", asset: daily })).answer;
    ok(why.kind === "why");
    equal(why.why.state, "missing");
    const sql = (text: string, form: "table" | "chart" = "table") =>
      ask({ kind: "sql", text, limit: 10, form, rows: 14 }, form === "table" ? 0 : 60);
    const cut = await sql("select n from evil order by n;");
    equal(cut.lines.length, 2 + 10);
    match(
      cut.answer.kind === "lines" ? cut.answer.note ?? "" : "",
      /the first 10 rows, there are more/,
    );
    match((await sql("select 1 as a; select 2 as b;")).text, /^b\n/);
    match((await sql("select words, n from evil where n < 4", "chart")).text, /x3/);
    const wrong = await sql("select 1;\nselect nope from evil;");
    ok(wrong.answer.kind === "problems");
    equal(wrong.answer.problems[0]?.where?.line, 2);
    const gone = await ask({ kind: "diff", asset, event: 99_999 as never }, 60);
    equal(gone.answer.kind, "problems");
    // A long one keeps no other waiting, and is not waited for at the end.
    reader.write(
      JSON.stringify({
        id: 1000,
        ask: {
          kind: "sql",
          text: "select count(*) from range(1000000000000) t(x) where x % 7 = 3",
          limit: 1,
          form: "table",
          rows: 9,
        },
        columns: 0,
        style: plainStyle,
      }) + "\n",
    );
    match((await sql("select 42 as answer")).text, /42/);
    reader.end();
    equal((await reader.ended).code, 0);
  },
  { files: FILES },
);

function isControl(char: string): boolean {
  const code = char.codePointAt(0) ?? 0;
  return code < 0x20 || (code >= 0x7f && code < 0xa0);
}
