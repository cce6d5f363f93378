/** `why`: the chain behind a state told as a story, oldest cause first, with times and versions. */
import { type AssetKey, type PartitionKey, WHOLE } from "../core/key.ts";
import type { Why, WhyLink } from "../core/why.ts";
import { relativeTime } from "../term/duration.ts";
import { sanitize } from "../term/sanitize.ts";
import { paint, type Style } from "../term/style.ts";
import { pad, truncate, width, wrap } from "../term/width.ts";
import { type Around, type Times, timesIn } from "./times.ts";
import { markOf, shortId } from "./words.ts";

/** The story as lines of at most `columns` cells. */
export function whyLines(why: Why, around: Around, style: Style, columns: number): string[] {
  const times = timesIn(around.timezone);
  const name = stepText(why.asset, why.partition, style);
  const lines = [
    truncate(
      `${markOf(why.state, style)} ${paint(style, "heading", name)} is ${why.state}`,
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
    const room = Math.max(20, columns - size - 6);
    wrap(linkText(link, style), room).forEach((text, row) => {
      const when = row === 0 ? whens[i] ?? "" : "";
      lines.push(`    ${paint(style, "dim", pad(when, size))}  ${text}`.trimEnd());
    });
  });
  const next = nextOf(why);
  if (next !== null) {
    lines.push("", truncate(`${paint(style, "accent", "next:")} ${next}`, columns, style));
  }
  return lines;
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

function nextOf({ asset, state, chain }: Why): string | null {
  if (state === "fresh" || state === "running") return null;
  const held = chain.some((link) => link.kind === "held" && link.asset === asset);
  return held || state === "failed" ? `nycflow run ${asset}` : "nycflow up";
}
