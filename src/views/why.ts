/** `why`: the chain behind a state told as a story, oldest cause first, with times and versions. */
import { type AssetKey, type PartitionKey, WHOLE } from "../core/key.ts";
import type { Why, WhyLink } from "../core/why.ts";
import { relativeTime } from "../term/duration.ts";
import { counted, grouped } from "../term/number.ts";
import { sanitize } from "../term/sanitize.ts";
import { paint, type Style } from "../term/style.ts";
import { pad, truncate, width, wrap } from "../term/width.ts";
import { type Around, type Times, timesIn } from "./times.ts";
import { markOf, shortId } from "./words.ts";

const LEAST_ROOM = 24;

/** The story as lines of at most `columns` cells. */
export function whyLines(why: Why, around: Around, style: Style, columns: number): string[] {
  const times = timesIn(around.timezone);
  const name = stepText(why.asset, why.partition, style);
  const lines = [
    truncate(
      `${markOf(why.state, style)} ${paint(style, "heading", name)} is ${why.state}${
        paint(style, "dim", amongText(why))
      }`,
      columns,
      style,
    ),
  ];
  const whens = why.chain.map((link) => whenText(link, around, times));
  const size = Math.max(0, ...whens.map(width));
  let before = "";
  why.chain.forEach((link, i) => {
    const own = stepText(link.asset, link.partition, style);
    if (own !== before) {
      before = own;
      lines.push("");
      const file = link.file === null ? "" : `  ${paint(style, "dim", sanitize(link.file, style))}`;
      lines.push(truncate(`  ${paint(style, "key", own)}${file}`, columns, style));
    }
    lines.push(...linkLines(whens[i] ?? "", linkText(link, style), size, style, columns));
  });
  const next = nextOf(why);
  if (next !== null) {
    lines.push(
      "",
      truncate(`${paint(style, "accent", "next:")} ${sanitize(next, style)}`, columns, style),
    );
  }
  return lines;
}

/** How many others stand as this partition does. */
function amongText({ among }: Why): string {
  if (among === undefined || among.total < 2) return "";
  const { alike, total } = among;
  if (alike === total) return `, as are all ${grouped(total)} partitions`;
  return `, ${alike === 1 ? "alone" : `as are ${grouped(alike)}`} of ${
    counted(total, "partition")
  }`;
}

/** When it was beside what it was, or above it where there is little room. */
function linkLines(
  when: string,
  text: string,
  size: number,
  style: Style,
  columns: number,
): string[] {
  const room = columns - size - 6;
  if (room < LEAST_ROOM) {
    const told = paint(style, "dim", truncate(when, columns - 4, style));
    return [`    ${told}`, ...wrap(text, columns - 6).map((line) => `      ${line}`)];
  }
  return wrap(text, room).map((line, row) =>
    `    ${paint(style, "dim", pad(row === 0 ? when : "", size))}  ${line}`.trimEnd()
  );
}

function stepText(asset: AssetKey, partition: PartitionKey, style: Style): string {
  return sanitize(partition === WHOLE ? asset : `${asset} ${partition}`, style);
}

/** `12 min ago (08:00:12)`; what still holds is `now`. */
function whenText({ at, kind }: WhyLink, { now }: Around, times: Times): string {
  if (at === null) return "now";
  const wall = times.wall(at, now);
  if (kind === "held") return at > now ? `until ${wall} (${relativeTime(at, now)})` : "now";
  return `${relativeTime(at, now)} (${wall})`;
}

function linkText({ kind, text, version }: WhyLink, style: Style): string {
  const words = sanitize(text, style);
  const id = version === null ? "" : shortId(version);
  const dim = (said: string) => paint(style, "dim", said);
  switch (kind) {
    case "materialized":
      return `${words}${id === "" ? "" : dim(` (version ${id})`)}`;
    case "failed":
      return paint(style, "bad", words);
    case "held":
      return `${paint(style, "warn", "held:")} ${words}`;
    case "running":
      return paint(style, "accent", words);
    case "fresh":
      return `${paint(style, "good", words)}${id === "" ? "" : dim(` (version ${id})`)}`;
    default:
      return `${words}${id === "" ? "" : dim(` (published: version ${id})`)}`;
  }
}

function nextOf({ asset, state, chain, waitsFor }: Why): string | null {
  if (state === "fresh" || state === "running") return null;
  if (waitsFor !== undefined) return `nycflow why ${waitsFor}`;
  const held = chain.some((link) => link.kind === "held" && link.asset === asset);
  return held || state === "failed" ? `nycflow run ${asset}` : "nycflow up";
}
