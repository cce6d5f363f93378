/** What an `up` that stays tells, as lines for a log. */
import type { ChildRun, StayEvent } from "../ports/stay.ts";
import { problemsText } from "../views/problem.ts";
import type { Style } from "../term/style.ts";

export interface StayLinesOptions {
  /** Only what is wrong, and what changes who does the work. */
  readonly quiet: boolean;
  readonly style: Style;
  readonly columns: number;
}

/** Makes the lines of one event after the other; none for what is no news to a reader. */
export function stayLines(
  { quiet, style, columns }: StayLinesOptions,
): (event: StayEvent) => readonly string[] {
  let lookedOn = false;
  let stopping = false;
  const unlessQuiet = (line: string) => quiet ? [] : [line];
  return (event) => {
    switch (event.kind) {
      case "role": {
        const { role, by } = event;
        if (role === "onlooker") {
          lookedOn = true;
          const who = by === null ? "another process" : `process ${by.pid}`;
          return [`${who} keeps it up to date already; this one takes over when that ends`];
        }
        if (role === "ended") return unlessQuiet("ended");
        return unlessQuiet(
          lookedOn ? "taking over" : "keeping the project up to date; Ctrl-C ends it",
        );
      }
      case "child-said":
        return event.stream === "err" ? [event.line] : [];
      case "child-ended":
        if (event.end.kind === "not-started") return [`cannot start a run: ${event.end.why}`];
        return event.end.kind === "killed" && !stopping
          ? [`a run was ended by ${event.end.signal}`]
          : [];
      case "definitions":
        if (event.are === "changed") return unlessQuiet("the definitions changed");
        return event.are === "broken"
          ? ["the last good definitions are used until this is mended"]
          : ["the definitions are right again"];
      case "sensed":
        return unlessQuiet(`sensor ${event.sensor}: ${event.asked} new`);
      case "rejected":
        return [`${event.file} was not accepted: ${event.why} (it is now ${event.to})`];
      case "problems":
        return problemsText(event.problems, style, columns).split("\n");
      case "stopping":
        stopping = true;
        return event.children.length === 0 ? [] : [stopText(event.how, event.children)];
      case "reloading":
        return ["reloading"];
      case "child-started":
      case "looked":
        return [];
    }
  };
}

function stopText(how: "wait" | "end" | "kill", children: readonly ChildRun[]): string {
  const what = children.length === 1 ? "a run" : `${children.length} runs`;
  if (how === "wait") return `waiting for ${what} to end; Ctrl-C again ends ${them(children)}`;
  return how === "end" ? `ending ${what}` : `killing ${what}`;
}

function them(children: readonly ChildRun[]): string {
  return children.length === 1 ? "it" : "them";
}
