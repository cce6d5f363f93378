/** Every mistake in a SQL asset, told whole: code, place, the underlined text, message, why, hint. */
import assert from "node:assert/strict";
import { Project, told } from "./project.ts";

const a = "assets/a.sql";
const header = (yaml: string, query = "select 1 as x") => ({
  [a]: `/* @asset\n${yaml}\n*/\n${query}`,
});

const CASES: readonly (readonly [
  name: string,
  files: Readonly<Record<string, string>>,
  told: readonly string[],
])[] = [
  ["a misspelled key", header("descripton: Trips"), [
    'header-invalid assets/a.sql:2:1 «descripton» Cannot use "descripton" as a key of the header | no such key | did you mean description?',
  ]],
  ["a key like no other", header("zzz: 1\nowner: me"), [
    'header-invalid assets/a.sql:2:1 «zzz» Cannot use "zzz" as a key of the header | no such key; known are description, group, owner, tags, partitions, lookback, lookahead, mapping, deps, materialized, strategy, watermark, uniqueKey, columns, checks, metadata, chart, export, config, freshness, schedule, automation, when, needs, retry, timeout, pool, priority | remove zzz',
  ]],
  ["a misspelled key within", header("partitions: { weekly: { weekStrat: sunday } }"), [
    'header-invalid assets/a.sql:2:25 «weekStrat» Cannot use "weekStrat" as a key of partitions.weekly | no such key | did you mean weekStart?',
  ]],
  [
    "several at once, in order",
    header("retry: { attempts: three }\ntimeout: 10\nmaterialized: tabel"),
    [
      'header-invalid assets/a.sql:2:20 «three» Cannot use "three" as retry.attempts | expected a whole number, 1 or more | write attempts: 3',
      'header-invalid assets/a.sql:3:10 «10» Cannot use 10 as timeout | expected a length of time such as "30s", "10m", "1h30m" or "35d" | write timeout: 10m',
      'header-invalid assets/a.sql:4:15 «tabel» Cannot use "tabel" as materialized | expected one of table, view, incremental | did you mean table?',
    ],
  ],
  ["checks", header("checks:\n  - notnull: [x]\n  - rows: { mn: 1 }\n  - severity: warn"), [
    'header-invalid assets/a.sql:3:5 «notnull» Cannot use "notnull" as a key of checks[0] | no such key | did you mean not_null?',
    'header-invalid assets/a.sql:4:13 «mn» Cannot use "mn" as a key of checks[1].rows | no such key | did you mean min?',
    "header-invalid assets/a.sql:5:5 «severity: warn» Cannot tell which check this is | expected one of not_null, unique, accepted_values, relationships, range, rows, recent, holds, query | write them as in checks: [not_null: [period]]",
  ]],
  ["a check of no column", header("checks:\n  - accepted_values: { values: [1] }"), [
    "header-invalid assets/a.sql:3:22 «{ values: [1] }» Cannot use accepted_values without a column | accepted_values looks at one column or several | write accepted_values: { column: vendor_id, values: [1, 2, 6] }",
  ]],
  ["a bad cron line", header('schedule: "61 * * * *"'), [
    'cron-invalid assets/a.sql:2:11 «"61 * * * *"» Cannot use "61 * * * *" as schedule | minute: 61 is not within 0 to 59 | minute is 0 to 59, *, or lists and ranges of these',
  ]],
  ["a cron line that ends the comment", header('schedule: "*/5 * * * *"'), [
    'header-yaml assets/a.sql:2:11 «"» Cannot read the header as YAML | a quote or a bracket is never closed | */ ends the comment: write the cron line as 0-59/5 * * * *, or the header as -- lines',
  ]],
  ["a bad time zone", header("partitions: { monthly: { timezone: America/NewYork } }"), [
    'timezone-unknown assets/a.sql:2:36 «America/NewYork» Cannot use "America/NewYork" as partitions.monthly.timezone | a time zone is an IANA name such as America/New_York, or UTC | write America/New_York',
  ]],
  ["a day that does not exist", header("partitions: { daily: { start: 2023-02-30 } }"), [
    'header-invalid assets/a.sql:2:31 «2023-02-30» Cannot use "2023-02-30" as partitions.daily.start | expected a year, month, day or hour such as 2023-01, 2023-01-01 or 2023-01-01T05 | write start: 2023-01',
  ]],
  ["an end before the start", header("partitions: { monthly: { start: 2023-02, end: 2023-01 } }"), [
    "partition-scheme assets/a.sql:2:13 «{ monthly: { start: 2023-02, end: 2023-01 } }» Cannot partition from 2023-02 to 2023-01 | the end lies before the start | swap start and end",
  ]],
  ["an export of no known format", header("export: [exports/a.xlsx]"), [
    'header-invalid assets/a.sql:2:10 «exports/a.xlsx» Cannot use "exports/a.xlsx" as export[0] | the ending says the format: .csv, .parquet, .json, .geojson or .svg | write exports/a.csv',
  ]],
  ["an export that leaves the project", header("export: ../a.csv"), [
    'header-invalid assets/a.sql:2:9 «../a.csv» Cannot use "../a.csv" as export | the path leads out of the project | write a path relative to the project\'s folder, such as exports/trips.csv',
  ]],
  ["dependencies declared", header("deps: [b]"), [
    "header-invalid assets/a.sql:2:1 «deps» Cannot name dependencies in a header | they are read from the query | remove deps; to choose which partitions are read, write mapping: { taxi_trips: latest }",
  ]],
  ["merge without a key", header("materialized: incremental\nstrategy: merge"), [
    "header-invalid assets/a.sql:3:1 «strategy» Cannot merge without unique_key | merge replaces rows by their key | add unique_key: [id]",
  ]],
  ["unique_key of a table", header("unique_key: [x]"), [
    "header-invalid assets/a.sql:2:1 «unique_key» Cannot use unique_key here | it belongs to an incremental asset, and this one is a table | add materialized: incremental",
  ]],
  ["a partitioned view", header("materialized: view\npartitions: monthly"), [
    "header-invalid assets/a.sql:2:1 «materialized» Cannot partition a view | a view keeps no rows of its own | remove partitions, or write materialized: table",
  ]],
  ["a mapping of what is not read", header("mapping: { b: latest }"), [
    "header-invalid assets/a.sql:2:12 «b» Cannot map b, which a does not read | it reads no asset | remove it",
  ]],
  ["a quote left open", header('description: "open\nowner: x'), [
    'header-yaml assets/a.sql:2:14 «"» Cannot read the header as YAML | a quote or a bracket is never closed | close it',
  ]],
  ["a tab", header("checks:\n\t- rows"), [
    "header-yaml assets/a.sql:3:1 «\t» Cannot read the header as YAML | a line is indented with a tab; YAML takes spaces only | replace the tab by two spaces",
  ]],
  ["a key twice", header("owner: x\nowner: y"), [
    "header-yaml assets/a.sql:3:1 «o» Cannot read the header as YAML | a key stands twice | keep one of the two",
  ]],
  ["no keys at all", header("just words"), [
    "header-yaml assets/a.sql:1:4 «@asset» Cannot use the header: it has no keys | expected lines such as description: Trips per week | write key: value, with a space after the colon",
  ]],
  ["a header never closed", { [a]: "/* @asset\nowner: x\nselect 1" }, [
    "header-yaml assets/a.sql:1:1 «/*» Cannot find the end of the header | the comment that begins here is never closed | add */ on a line of its own after the header",
  ]],
  [
    "values within a key, and a unit written out",
    header("tags: {a: {b: 1}}\nfreshness: { within: 3 weeks }"),
    [
      'header-invalid assets/a.sql:2:11 «{b: 1}» Cannot use {"b":1} as tags.a | expected a text | write them as in tags: [daily, team=taxi]',
      'header-invalid assets/a.sql:3:22 «3 weeks» Cannot use "3 weeks" as freshness.within | "3 weeks" writes its unit out: write 3w | write 3w',
    ],
  ],
  ["a header whose mark is misspelled", { [a]: "-- @Aset\n-- owner: x\nselect 1 as y" }, [
    "header-invalid assets/a.sql:1:4 «@Aset» Cannot use @Aset as the beginning of a header | a header is a comment that begins with @asset | did you mean @asset?",
  ]],
  ["another mark", { [a]: "/* @author Ann */\nselect 1 as y" }, []],
  ["several mistakes in YAML, of which all but one follow", header("  - a\n b: ["), [
    'header-yaml assets/a.sql:3:2 «b» Cannot read the header as YAML | something stands here that belongs to no key | write key: value, one to a line; put quotes around a text that holds ": " or begins with * & ! % @',
  ]],
  ["a header that comes late", { [a]: "select 1\n/* @asset\nowner: x */" }, [
    "header-invalid assets/a.sql:2:4 «@asset» Cannot use a header that does not come first | only comments may stand before the header | move the @asset comment to the top of the file",
  ]],
  ["a query misspelled at its beginning", header("owner: x", "\nselct 1 from a"), [
    "sql-syntax assets/a.sql:5:1 «selct» Cannot read the query as SQL | selct cannot stand here | did you mean select?",
  ]],
  ["a query misspelled further on", header("owner: x", "select 1\nform t"), [
    "sql-syntax assets/a.sql:5:6 «t» Cannot read the query as SQL | t cannot stand here | did you mean from before it?",
  ]],
  ["a bracket left open", { [a]: "select (1 + 2" }, [
    "sql-syntax assets/a.sql:1:14 «» Cannot read the query as SQL | it ends before it is complete | close the bracket",
  ]],
  ["no query", header("owner: x", ""), [
    "sql-not-a-query assets/a.sql:4:1 «» Cannot read the query as SQL | there is no query here | write a query below the header, such as select 42 as answer",
  ]],
  ["a statement", { [a]: "create table x as select 1" }, [
    "sql-not-a-query assets/a.sql:1:1 «c» Cannot read the query as SQL | a query is expected, and this is a CREATE | begin with select, from or with: nycflow makes the table itself",
  ]],
  ["a check's query with a slip", header("checks:\n  - query: select * form a"), [
    "sql-syntax assets/a.sql:3:26 «a» Cannot read the check as SQL | a cannot stand here | did you mean from before it?",
  ]],
  ["a parameter without partitions", { [a]: "select\n  $partition_start as x" }, [
    "definition-invalid assets/a.sql:2:3 «$partition_start» Cannot bind $partition_start | the asset is not partitioned | add partitions: monthly to the header",
  ]],
  ["a misspelled parameter", header("partitions: monthly", "select $partition_strat as x"), [
    "definition-invalid assets/a.sql:4:8 «$partition_strat» Cannot bind $partition_strat | a query may bind $partition_start, $partition_end, $partition_start_tz, $partition_end_tz, $partition_key and $config.NAME | did you mean $partition_start?",
  ]],
  [
    "a setting that does not exist",
    header("config: { borough: Manhattan }", "select $config.boroug as x"),
    [
      "definition-invalid assets/a.sql:4:8 «$config.boroug» Cannot bind $config.boroug | there is no setting boroug | did you mean $config.borough?",
    ],
  ],
  ["an unknown table", {
    "assets/taxi_trips.sql": "select 1 as x",
    [a]: "/* @asset\nowner: x\n*/\nselect *\nfrom Taxi_Trips join taxi_trisp using (x)",
  }, [
    "unknown-dependency assets/a.sql:5:22 «taxi_trisp» Cannot find taxi_trisp, which a reads | it is no asset, CTE or function | did you mean taxi_trips?",
  ]],
  ["an unknown table in a file whose header is wrong too", header("ownr: x", "from nowhere"), [
    'header-invalid assets/a.sql:2:1 «ownr» Cannot use "ownr" as a key of the header | no such key | did you mean owner?',
    "unknown-dependency assets/a.sql:4:6 «nowhere» Cannot find nowhere, which a reads | it is no asset, CTE or function | add an asset nowhere: assets/nowhere.sql or .csv",
  ]],
  ["a catalog", { [a]: "from information_schema.tables" }, [
    "unknown-dependency assets/a.sql:1:6 «information_schema.tables» Cannot build a on information_schema.tables | a catalog is no asset, so nobody could tell when it has changed | read the assets themselves, or use nycflow sql to look at the catalog",
  ]],
  ["the history", { [a]: "from nycflow.runs" }, [
    "unknown-dependency assets/a.sql:1:6 «nycflow.runs» Cannot build a on nycflow.runs | the history of runs changes with every run, so nothing that stands on it is ever fresh | nycflow sql 'from nycflow.runs'",
  ]],
  ["an asset in a schema", { [a]: "from raw.b", "assets/b.sql": "select 1 as x" }, [
    "unknown-dependency assets/a.sql:1:6 «raw.b» Cannot find raw.b, which a reads | assets stand in no schema of their own | write b",
  ]],
  ["an unknown asset in a check", header("checks:\n  - relationships: { column: x, to: zones }"), [
    "unknown-dependency assets/a.sql:3:37 «zones» Cannot find zones, which a reads | it is no asset of this project | add an asset zones: assets/zones.sql or .csv",
  ]],
  ["a circle", { [a]: "from b", "assets/b.sql": "from c", "assets/c.sql": "select *\nfrom a" }, [
    "cycle assets/a.sql:1:6 «b» These assets wait for each other: a -> b -> c -> a | a reads b (assets/a.sql:1), b reads c (assets/b.sql:1), c reads a (assets/c.sql:2) | take one of these dependencies out",
  ]],
  ["itself", { [a]: "select * from a" }, [
    "cycle assets/a.sql:1:15 «a» a reads itself: a -> a | an asset cannot be made from what it is about to be | read another asset, or make it incremental",
  ]],
  ["two of one name, in two files", { [a]: "select 1 as x", "assets/x/A.csv": "b\n1\n" }, [
    "duplicate-asset assets/x/A.csv:1 Two assets have the name a | they stand in assets/a.sql:1 and assets/x/A.csv:1 (a, A: case makes no difference) | rename one of them",
  ]],
  ["a broken upstream is no unknown one", { [a]: "selct 1", "assets/b.sql": "from a" }, [
    "sql-syntax assets/a.sql:1:1 «selct» Cannot read the query as SQL | selct cannot stand here | did you mean select?",
  ]],
  ["a name that is none", { "assets/my trips.sql": "select 1" }, [
    'bad-asset-name assets/my trips.sql Cannot use "my trips" as an asset name | a name is letters, digits and _, does not begin with a digit, and has at most 200 characters | rename it to my_trips',
  ]],
  ["nothing at all", { "README.md": "" }, [
    "no-assets assets Cannot find any asset in this project | there is no folder assets/ | mkdir -p assets && echo 'select 42 as answer' > assets/hello.sql",
  ]],
];

for (const [name, files, expected] of CASES) {
  Deno.test(`loader: ${name}`, async () => {
    await using project = new Project(files);
    assert.deepEqual((await project.problems()).map(told), expected);
  });
}
