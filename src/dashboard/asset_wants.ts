/** What the asset screen asks for, section by section, and the answers that are this asset's own. */
import type { AssetKey } from "../core/key.ts";
import type { Answer, Ask, Want } from "./board.ts";
import { NATURAL } from "./board.ts";
import { sectionOf, type Shown, stampOf } from "./asset_sections.ts";
import type { Model } from "./model.ts";
import type { AssetState } from "./states.ts";

/** The place of the questions on the screen. */
export type AssetPlace =
  | "asset:why"
  | "asset:history"
  | "asset:charts"
  | "asset:rows"
  | "asset:columns"
  | "asset:diff"
  | "asset:log"
  | "asset:source";

/** An answer about another asset is none. */
export function ownAnswer(model: Model, name: AssetPlace, key: AssetKey): Answer | null {
  const known = model.known.get(name);
  return known?.version.startsWith(`${key} `) === true ? known.answer : null;
}

/** The size of what is asked for. */
export interface Panes {
  readonly rows: number;
  readonly columns: number;
  /** Columns of the pane beside it; 0 for none. */
  readonly beside: number;
}

export function assetWants(
  model: Model,
  state: AssetState,
  shown: Shown,
  panes: Panes,
): readonly Want[] {
  const { key, def, status } = shown;
  const stamp = stampOf(status);
  const want = (name: AssetPlace, version: string, columns: number, ask: Ask): Want => ({
    name,
    version: `${key} ${version}`,
    columns,
    ask,
  });
  const charts = (columns: number) =>
    want("asset:charts", `${stamp} ${panes.rows}`, columns, {
      kind: "charts",
      asset: key,
      rows: panes.rows,
    });
  const history = want("asset:history", String(stamp), NATURAL, { kind: "history", asset: key });
  switch (sectionOf(shown, state)) {
    case "about": {
      // Only what it tells of makes it another story: an event elsewhere does not.
      const told = status.reasons.map(({ text, held }) => `${text} ${held ?? ""}`).join("; ");
      return [
        want("asset:why", `${stamp} ${status.state} ${told}`, NATURAL, {
          kind: "why",
          asset: key,
        }),
        ...(def.partitions === null ? [history] : []),
        ...(hasCharts(shown) && panes.beside > 0 ? [charts(panes.beside)] : []),
      ];
    }
    case "charts":
      return [charts(panes.columns)];
    case "rows":
      return [
        want("asset:rows", `${stamp} ${state.limit}`, NATURAL, {
          kind: "preview",
          asset: key,
          limit: state.limit,
        }),
      ];
    case "columns":
      return [want("asset:columns", String(stamp), NATURAL, { kind: "profile", asset: key })];
    case "versions": {
      const columns = panes.beside > 0 ? panes.beside : panes.columns;
      return state.diff === null ? [history] : [
        history,
        want("asset:diff", `${stamp} ${state.diff}`, columns, {
          kind: "diff",
          asset: key,
          event: state.diff,
        }),
      ];
    }
    case "log": {
      // What is being written is read again every second.
      const now = status.state === "running" ? ` ${Math.floor(model.now / 1000)}` : "";
      return [
        want("asset:log", `${stamp}${now} ${state.log ?? ""}`, NATURAL, {
          kind: "logs",
          name: key,
          lines: LOG_LINES,
          ...(state.log === null ? {} : { partition: state.log }),
        }),
      ];
    }
    case "source":
      return [
        want("asset:source", model.data?.fingerprint ?? "", NATURAL, {
          kind: "source",
          file: def.origin.file,
          asset: key,
        }),
      ];
    default:
      return [];
  }
}

const LOG_LINES = 2000;

export function hasCharts({ def, status }: Shown): boolean {
  const made = status.last?.published;
  return made !== undefined && made !== null && (def.charts.length > 0 || made.output === "chart");
}
