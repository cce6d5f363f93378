/** The bare command: what failed first, what runs, what is stale and why, and what to type next. */
import type { RunHead } from "../core/heads.ts";
import type { AssetStatus, StepState } from "../core/status.ts";
import { duration, relativeTime } from "../term/duration.ts";
import { PRODUCT, VERSION } from "../core/product.ts";
import { bytes, counted, grouped } from "../term/number.ts";
import { sanitize } from "../term/sanitize.ts";
import { paint, type Style } from "../term/style.ts";
import { fit, truncate, width } from "../term/width.ts";
import type { StatusData } from "./documents_show.ts";
import { reasonText } from "./list.ts";
import { markOf, roleOf } from "./words.ts";

const ORDER: readonly StepState[] = ["failed", "running", "stale", "missing"];
/** Of each state; `ls` has them all. */
const MOST = 8;

export function statusLines(data: StatusData, style: Style, columns: number): string[] {
  const { listed, runs, lastRun, bytes: size } = data;
  const { statuses, view } = listed;
  const lines = [truncate(headLine(statuses, style), columns, style)];
  if (statuses.some((each) => each.state !== "fresh")) lines.push("");
  const off = ORDER.flatMap((state) => statuses.filter((each) => each.state === state));
  const names = Math.min(
    Math.max(0, ...off.map(({ asset }) => width(sanitize(asset, style)))),
    Math.max(12, Math.floor(columns * 0.4)),
  );
  for (const state of ORDER) {
    const found = off.filter((each) => each.state === state);
    for (const status of found.slice(0, MOST)) lines.push(assetLine(status, names, style, columns));
    const more = found.length - MOST;
    if (more > 0) {
      const dots = style.unicode ? "…" : "...";
      lines.push(
        paint(style, "dim", `${dots} ${grouped(more)} more ${state}: nycflow ls is:${state}`),
      );
    }
  }
  lines.push("");
  const facts: [string, string][] = [
    ...runs.map((run): [string, string] => ["running", runText(run, view.now)]),
    ...(lastRun === null || runs.some(({ run }) => run === lastRun.run)
      ? []
      : [["last run", runText(lastRun, view.now)] as [string, string]]),
    ["disk", diskText(size, data.disk)],
    ...(data.nextTick
      ? [["due", `${data.nextTick.name} ${relativeTime(data.nextTick.at, view.now)}`] as [
        string,
        string,
      ]]
      : []),
    ...(data.resident
      ? [
        [
          "up",
          `process ${data.resident.pid} stays, for ${duration(view.now - data.resident.since)}`,
        ] as [string, string],
      ]
      : []),
    ...[...data.failingSensors ?? []].map(([sensor, why]): [string, string] => [
      "sensor",
      `${sensor} failed: ${why}`,
    ]),
    ...[...data.failingSinks ?? []].map(([sink, why]): [string, string] => [
      "notify",
      `${sink} did not arrive: ${why}`,
    ]),
    ["next", nextOf(statuses)],
  ];
  for (const [name, text] of facts) {
    const label = paint(style, name === "next" ? "accent" : "dim", name.padEnd(10));
    lines.push(truncate(`${label}${sanitize(text, style)}`, columns, style));
  }
  return lines;
}

/** `12 assets: 9 fresh, 2 stale, 1 failed`. */
function headLine(statuses: readonly AssetStatus[], style: Style): string {
  const words: readonly StepState[] = ["fresh", ...ORDER];
  const parts = words.flatMap((word) => {
    const count = statuses.filter((each) => each.state === word).length;
    return count === 0 ? [] : [paint(style, roleOf(word), `${grouped(count)} ${word}`)];
  });
  const head = paint(style, "heading", counted(statuses.length, "asset"));
  return parts.length === 0 ? head : `${head}: ${parts.join(", ")}`;
}

function assetLine(status: AssetStatus, names: number, style: Style, columns: number): string {
  const { asset, state } = status;
  const name = fit(sanitize(asset, style), names, style);
  const word = paint(style, roleOf(state), state.padEnd(7));
  const why = state === "running" ? runningText(status) : reasonText(status);
  const text = paint(style, "dim", sanitize(why, style));
  return truncate(`${markOf(state, style)} ${name}  ${word}  ${text}`, columns, style).trimEnd();
}

function runningText({ counts, partitions }: AssetStatus): string {
  return partitions.length > 1
    ? `${grouped(counts.running)} of ${counted(partitions.length, "partition")}`
    : "";
}

function runText(run: RunHead, now: number): string {
  const start = run.startedAt ?? run.requestedAt;
  const steps = Object.entries(run.steps)
    .flatMap(([word, n]) => typeof n === "number" && n > 0 ? [`${grouped(n)} ${word}`] : []);
  const counts = steps.length === 0 ? "" : `: ${steps.join(", ")}`;
  if (run.state === "running" || run.state === "queued") {
    return `${run.state} for ${duration(now - start)}${counts} (run ${run.run.slice(-6)})`;
  }
  const took = run.endedAt === null ? "" : ` in ${duration(run.endedAt - start)}`;
  return `${run.state} ${relativeTime(run.endedAt ?? start, now)}${took}${counts}`;
}

/** The most useful thing to type now. */
function nextOf(statuses: readonly AssetStatus[]): string {
  const failed = statuses.find((each) => each.state === "failed");
  if (failed !== undefined) return `nycflow why ${failed.asset}`;
  if (statuses.some((each) => each.state === "stale" || each.state === "missing")) {
    return "nycflow up";
  }
  if (statuses.some((each) => each.state === "running")) return "nycflow ls";
  const leaf = statuses.at(-1);
  return leaf === undefined ? "nycflow init taxi" : `nycflow show ${leaf.asset}`;
}

/** Outside of any project: what to type first. */
export function firstLines(style: Style, columns: number): string[] {
  const commands = [
    [
      `${PRODUCT} init taxi && cd taxi && ${PRODUCT} up`,
      "the demo: New York's taxi trips, offline",
    ],
    [`${PRODUCT} -C DIR`, "the project in another folder"],
    [`${PRODUCT} --help`, "all commands"],
  ] as const;
  const size = Math.max(...commands.map(([command]) => width(command)));
  const beside = 2 + size + 3 + 24 <= columns;
  return [
    `${paint(style, "heading", PRODUCT)} ${VERSION}`,
    "fresh tables, files and charts from a folder of assets, in the terminal",
    "",
    "There is no project here. To begin:",
    "",
    ...commands.flatMap(([command, about]) => {
      const typed = paint(style, "accent", beside ? command.padEnd(size) : command);
      const told = paint(style, "dim", about);
      return beside ? [`  ${typed}   ${told}`] : [`  ${typed}`, `      ${told}`];
    }),
  ].map((line) => truncate(line, columns, style));
}

/** `1.2 GB in current versions, 3.4 GB with older ones, of 20 GB`. */
function diskText(current: number, disk: StatusData["disk"]): string {
  const all = disk?.bytes ?? null;
  const older = all !== null && all > current ? `, ${bytes(all)} with older ones` : "";
  const budget = disk?.budget ?? null;
  if (budget === null) return `${bytes(current)} in current versions${older}`;
  const over = (all ?? current) > budget ? " (over it: nothing more can be cleaned)" : "";
  return `${bytes(current)} in current versions${older}, of ${bytes(budget)}${over}`;
}
