/** How `sql` shows rows: as a table, row by row, as CSV or JSON. */
import type { Rows } from "../../core/rows.ts";
import type { Output } from "../output.ts";

export const MODES = ["table", "vertical", "csv", "json"] as const;
export type Mode = typeof MODES[number];

/** What a shell or script is set to; changed by `.mode` and `.limit`. */
export interface Look {
  mode: Mode;
  /** Rows that are asked for; null for all. */
  limit: number | null;
}

export async function rowLines(rows: Rows, mode: Mode, output: Output): Promise<readonly string[]> {
  switch (mode) {
    case "json": {
      const { rowObjects } = await import("../../views/documents.ts");
      return [JSON.stringify(rowObjects(rows))];
    }
    case "csv": {
      const { csvText } = await import("../../views/csv.ts");
      return [csvText(rows)];
    }
    case "table":
    case "vertical": {
      const { rowsTable } = await import("../../views/table.ts");
      const layout = mode === "vertical" ? "vertical" : "auto";
      return rowsTable(rows, output.style, output.columns, { layout });
    }
  }
}
