/** What can happen to the dashboard. */
import type { Key } from "../term/keys.ts";
import type { Instant } from "../core/key.ts";
import type { Answer, BoardData, Role } from "./board.ts";

export type Message =
  | { readonly kind: "key"; readonly key: Key }
  | { readonly kind: "resized"; readonly columns: number; readonly rows: number }
  /** Time went on; `frame` counts while something is at work. */
  | { readonly kind: "ticked"; readonly now: Instant; readonly frame: number }
  | { readonly kind: "data"; readonly data: BoardData }
  | { readonly kind: "role"; readonly role: Role }
  | {
    readonly kind: "answered";
    readonly name: string;
    readonly version: string;
    readonly columns: number;
    readonly answer: Answer;
  }
  /** A command that was asked for ended. `lines` is what it printed, painted. */
  | {
    readonly kind: "commanded";
    readonly argv: readonly string[];
    readonly show: boolean;
    /** Null where it could not be started. */
    readonly code: number | null;
    readonly lines: readonly string[];
  }
  | { readonly kind: "completed"; readonly candidates: readonly string[] }
  /** Lines that runs of this process say. */
  | { readonly kind: "said"; readonly lines: readonly string[] }
  | { readonly kind: "noticed"; readonly text: string; readonly role: "dim" | "warn" | "bad" }
  | { readonly kind: "leaving" };
