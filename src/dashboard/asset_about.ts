/** What an asset is and why it stands as it does: what failed first, then the story, facts and courses. */
import type { Stored } from "../core/event.ts";
import type { AssetKey } from "../core/key.ts";
import { trendsOf } from "../core/trend.ts";
import { rule } from "../term/box.ts";
import { relativeTime } from "../term/duration.ts";
import { sanitize } from "../term/sanitize.ts";
import { paint } from "../term/style.ts";
import { pad, truncate, width, wrap } from "../term/width.ts";
import { problemLines } from "../views/problem.ts";
import { factLines } from "../views/show.ts";
import { trendLines, trendSpan } from "../views/trends.ts";
import { whyLines } from "../views/why.ts";
import { markOf, roleOf } from "../views/words.ts";
import { answerLines } from "./answer_lines.ts";
import { ownAnswer } from "./asset_wants.ts";
import type { Shown } from "./asset_sections.ts";
import { commandLine } from "./acting.ts";
import type { Model } from "./model.ts";

/** Asked for several times with every key: the last ones are kept while nothing of it is another. */
export function aboutLines(model: Model, shown: Shown, columns: number): readonly string[] {
  const of = [
    model.data,
    model.style,
    model.readOnly,
    shown.key,
    columns,
    Math.floor(model.now / (isYoung(model, shown) ? 1000 : 30_000)),
    ownAnswer(model, "asset:why", shown.key),
    ownAnswer(model, "asset:history", shown.key),
  ];
  if (kept === null || of.some((each, at) => each !== kept?.of[at])) {
    kept = { of, lines: linesOf(model, shown, columns) };
  }
  return kept.lines;
}
/** The asset that its state comes from, where that is another: what `enter` goes to. */
export function causeOf(model: Model, { key, status }: Shown): AssetKey | null {
  const told = ownAnswer(model, "asset:why", key);
  if (told?.kind !== "why" || status.state === "fresh") return null;
  const cause = told.why.waitsFor ?? told.why.chain.find((each) => each.asset !== key)?.asset;
  return cause !== undefined && model.data?.graph.has(cause) ? cause : null;
}

/** Of what happened just now seconds are told. */
function isYoung({ now }: Model, { status }: Shown): boolean {
  return now - (status.last?.published?.at ?? now) < 180_000;
}

let kept: { readonly of: readonly unknown[]; readonly lines: readonly string[] } | null = null;

function linesOf(model: Model, shown: Shown, columns: number): readonly string[] {
  const { data, style, now } = model;
  if (data === null) return [];
  const { def, status, key } = shown;
  const lines: string[] = [];
  const part = (title: string, body: readonly string[]) => {
    if (body.length === 0) return;
    if (lines.length > 0) lines.push("");
    if (title !== "") lines.push(rule({ width: columns, style, title }));
    lines.push(...body);
  };
  part("", failureLines(model, shown, columns));
  part("", def.description === "" ? [] : wrap(sanitize(def.description, style), columns));
  const facts = factLines(
    // Its neighbours have lines of their own, with how they stand.
    { def: { ...def, deps: [] }, status, downstream: [] },
    { now, timezone: data.timezone },
    style,
    columns,
  );
  part("", facts);
  const told = ownAnswer(model, "asset:why", key);
  part(
    "why",
    told?.kind === "why"
      ? whyLines(told.why, { now, timezone: data.timezone }, style, columns)
      : answerLines(told, style, columns),
  );
  part("reads", neighbourLines(model, data.graph.upstream(key), columns));
  part("read by", neighbourLines(model, data.graph.downstream(key), columns));
  const history = ownAnswer(model, "asset:history", key);
  const events: readonly Stored[] = history?.kind === "events" ? history.events : [];
  const trends = trendsOf(def.partitions !== null, status, events);
  part(`trends over ${trendSpan(trends)}`, trendLines(trends, style, columns));
  return lines;
}

/** Neighbours, and how each stands; what does not stand well first. */
const MOST_NEIGHBOURS = 8;

function neighbourLines(
  { data, style, now }: Model,
  keys: readonly AssetKey[],
  columns: number,
): readonly string[] {
  const found = keys.flatMap((each) => data?.statuses.get(each) ?? []);
  const sorted = [...found].sort((a, b) =>
    Number(a.state === "fresh") - Number(b.state === "fresh")
  );
  const shown = sorted.slice(0, MOST_NEIGHBOURS);
  const names = Math.max(0, ...shown.map(({ asset }) => width(sanitize(asset, style))));
  const lines = shown.map(({ asset, state, last, reasons }) => {
    const made = last?.published;
    const why = reasons[0]?.text ?? (made ? relativeTime(made.at, now) : "");
    const name = pad(sanitize(asset, style), names);
    const text = paint(style, "dim", sanitize(why, style));
    return truncate(
      `${markOf(state, style)} ${name}  ${paint(style, roleOf(state), state)}  ${text}`,
      columns,
      style,
    );
  });
  const more = found.length - shown.length;
  return more <= 0
    ? lines
    : [...lines, paint(style, "dim", `${style.unicode ? "…" : "..."} ${more} more`)];
}

/** The last failure, led by what is done about it. */
function failureLines(model: Model, { status, key }: Shown, columns: number): readonly string[] {
  const { style } = model;
  const found = status.partitions.findLast((each) => each.head?.failure);
  const failure = found?.head?.failure;
  if (!failure || found === undefined) return [];
  const failed = status.partitions.filter((each) => each.head?.failure).length;
  const where = found.partition === "" ? [] : ["--partition", found.partition];
  const again = model.readOnly ? "type" : "t tries again, e mends it:";
  const more = failed > 1 ? [paint(style, "dim", `the last of ${failed} failed partitions`)] : [];
  const next = `${again} ${commandLine(["run", key, ...where])}`;
  return [
    ...wrap(`${paint(style, "accent", "next:")} ${sanitize(next, style)}`, columns),
    ...more,
    "",
    ...problemLines(failure.problem, style, columns),
  ];
}
