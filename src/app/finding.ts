/** One thing that `doctor` has looked at: how it stands, and what to do where it is not well. */
export interface Finding {
  /** A stable word for documents: `duckdb`, `state-store` … */
  readonly id: string;
  readonly area: "installation" | "project";
  readonly state: "ok" | "warn" | "bad";
  /** A sentence without a full stop. */
  readonly text: string;
  /** What to do; null where nothing is to be done. */
  readonly next: string | null;
}

/** Makes findings of one area. */
export function findingsIn(area: Finding["area"]) {
  return {
    ok: (id: string, text: string): Finding => ({ id, area, state: "ok", text, next: null }),
    warn: (id: string, text: string, next: string): Finding => ({
      id,
      area,
      state: "warn",
      text,
      next,
    }),
    bad: (id: string, text: string, next: string): Finding => ({
      id,
      area,
      state: "bad",
      text,
      next,
    }),
  };
}
