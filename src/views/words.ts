/**
 * The marks and colours that states and outcomes have wherever they are shown, and how ids and schemes
 * read. The words themselves are the core's.
 */
import type { StepOutcome } from "../core/event.ts";
import type { RunHead } from "../core/heads.ts";
import type { PartitionScheme } from "../core/partition/scheme.ts";
import type { StepState } from "../core/status.ts";
import { paint, type Role, type Style } from "../term/style.ts";

/** Whatever is said of a step, an asset or a run. */
export type Word = StepState | StepOutcome | RunHead["state"] | "waiting" | "retrying" | "held";

interface Look {
  readonly mark: string;
  readonly ascii: string;
  readonly role: Role;
}

/** Told apart by the mark alone, for those who see no colour. */
const LOOKS: Readonly<Record<Word, Look>> = {
  fresh: { mark: "✓", ascii: "+", role: "good" },
  stale: { mark: "○", ascii: "o", role: "warn" },
  missing: { mark: "·", ascii: ".", role: "accent" },
  failed: { mark: "✗", ascii: "x", role: "bad" },
  running: { mark: "●", ascii: "*", role: "accent" },
  succeeded: { mark: "✓", ascii: "+", role: "good" },
  unchanged: { mark: "=", ascii: "=", role: "dim" },
  skipped: { mark: "-", ascii: "-", role: "dim" },
  blocked: { mark: "⊘", ascii: "/", role: "warn" },
  cancelled: { mark: "■", ascii: "#", role: "warn" },
  interrupted: { mark: "!", ascii: "!", role: "warn" },
  waiting: { mark: "·", ascii: ".", role: "dim" },
  retrying: { mark: "↻", ascii: "~", role: "warn" },
  held: { mark: "‖", ascii: "|", role: "warn" },
  queued: { mark: "·", ascii: ".", role: "dim" },
};

/** The one-column sign of a state, painted. */
export function markOf(word: Word, style: Style): string {
  return paint(style, LOOKS[word].role, lookOf(word, style));
}

/** The same without paint. */
export function lookOf(word: Word, style: Pick<Style, "unicode">): string {
  return style.unicode ? LOOKS[word].mark : LOOKS[word].ascii;
}

export function roleOf(word: Word): Role {
  return LOOKS[word].role;
}

/** `7f3a91`: the end of an id, where ids that were made in one moment differ. */
export function shortId(id: string): string {
  return id.slice(-6);
}

const UNITS = {
  hour: "hourly",
  day: "daily",
  week: "weekly",
  month: "monthly",
  year: "yearly",
} as const;

/** `monthly`, `static`, `dynamic`; two dimensions as `monthly|static`. */
export function schemeWord(scheme: PartitionScheme): string {
  switch (scheme.type) {
    case "time":
      return UNITS[scheme.unit];
    case "static":
    case "dynamic":
      return scheme.type;
    case "multi":
      return scheme.dimensions.map(({ scheme }) => schemeWord(scheme)).join("|");
  }
}
