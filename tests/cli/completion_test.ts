/** What may follow what has been typed, over a small tree of commands and names that need no project. */
import { deepEqual, equal } from "node:assert/strict";
import { Argument, Command, Option } from "commander";
import type { Names } from "../../src/app/names.ts";
import { complete } from "../../src/cli/completion.ts";

const asset = (key: string, over: Partial<Awaited<ReturnType<Names["assets"]>>[number]> = {}) => ({
  key,
  description: `about ${key}`,
  group: "",
  tags: [],
  owner: "",
  kind: "sql",
  ...over,
});

const names: Names = {
  assets: () =>
    Promise.resolve([
      asset("trips", { group: "tables", tags: ["pii", "cost=low"] }),
      asset("trips_by_week", { group: "reports", owner: "ann" }),
      asset("zones"),
    ]),
  partitions: (assets) =>
    Promise.resolve(assets.includes("trips") ? ["2023-02", "2023-01"] : ["2023-01-01"]),
  runs: () => Promise.resolve([{ value: "7f3a91", about: "up failed" }]),
  environments: () => Promise.resolve(["prod", "dev"]),
  schedules: () => Promise.resolve(["nightly", "trips"]),
  sensors: () => Promise.resolve(["inbox"]),
  templates: () => Promise.resolve(["taxi", "empty"]),
  settings: (assets) => Promise.resolve(assets.includes("trips") ? ["borough"] : []),
};

function program(): Command {
  const root = new Command("nycflow").option("-C, --project <dir>", "where");
  const selection = (name: string) =>
    new Command(name).argument("[selection...]", "assets").option("-C, --project <dir>", "where")
      .option("--exclude <selection...>", "without").option("-p, --partition <key...>", "which")
      .option("--set <key=value...>", "settings").option("--force", "all");
  return root
    .addCommand(selection("run").description("runs it"))
    .addCommand(selection("ls"))
    .addCommand(new Command("logs").argument("[run|asset]", "of what"))
    .addCommand(new Command("init").argument("[template]").argument("[dir]"))
    .addCommand(
      new Command("graph").addOption(new Option("--format <f>").choices(["text", "dot"])),
    )
    .addCommand(new Command("shells").addArgument(new Argument("<shell>").choices(["zsh"])))
    .addCommand(new Command("tick").argument("[action]", "on, off or tick"))
    .addCommand(new Command("schedules").argument("[action]").argument("[name...]"))
    .addCommand(new Command("sensors").argument("[action]").argument("[name...]"))
    .addCommand(new Command("env").argument("[what]", "ls or rm").argument("[name]"));
}

async function of(line: string): Promise<string[]> {
  const { candidates, paths } = await complete(program(), line.split(" "), names);
  return [...candidates.map(({ value }) => value), ...(paths === null ? [] : [`:${paths}`])];
}

const TOLD: Readonly<Record<string, readonly string[]>> = {
  "": [
    ...["run", "ls", "logs", "init", "graph", "shells", "tick"],
    ...["schedules", "sensors", "env", "help"],
  ],
  "l": ["ls", "logs"],
  "help g": ["graph"],
  "run tri": ["trips", "trips_by_week"],
  "run +trips_": ["+trips_by_week"],
  "run 2+z": ["2+zones"],
  "run @z": ["@zones"],
  "run trips,z": ["trips,zones"],
  "run (z": ["(zones"],
  "run tag:": ["tag:cost=low", "tag:pii"],
  "run trips group:r": ["group:reports"],
  "run is:st": ["is:stale"],
  "run owner:": ["owner:ann"],
  "run nosuch:": [],
  "run trips -p ": ["2023-02", "2023-01"],
  "run zones --partition ": ["2023-01-01"],
  "run trips -p 2023-01 2023-0": ["2023-02", "2023-01"],
  "run trips --partition=2023-02": ["--partition=2023-02"],
  "run trips --set ": ["borough="],
  "run --exclude z": ["zones"],
  "run --force z": ["zones"],
  "run --f": ["--force"],
  "run --force --f": [],
  "run -C ": [":dir"],
  "-C there run z": ["zones"],
  "run -- -": [],
  "logs 7": ["7f3a91"],
  "logs z": ["zones"],
  "logs zones z": [],
  "init ": ["taxi", "empty"],
  "init taxi ": [":dir"],
  "graph --format ": ["text", "dot"],
  "graph --format=d": ["--format=dot"],
  "shells ": ["zsh"],
  "tick o": ["on", "off"],
  "schedules off n": ["nightly"],
  "sensors tick ": ["inbox"],
  "env rm ": ["dev"],
  "nosuch ": [],
};

for (const [line, wanted] of Object.entries(TOLD)) {
  Deno.test(`nycflow ${line}<tab>`, async () => {
    deepEqual(await of(line), wanted);
  });
}

Deno.test("a candidate says what it is", async () => {
  const { candidates } = await complete(program(), ["ru"], names);
  equal(candidates[0]?.about, "runs it");
});
