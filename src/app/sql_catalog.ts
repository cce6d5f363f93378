/** Which tables a query may read, with their columns as far as the log knows them: nothing is opened for that. */
import type { Column } from "../core/version.ts";
import { tablesOf } from "./look.ts";
import { rejectedTables } from "./rejected.ts";
import { HISTORY_TABLES } from "../views/sql_completion.ts";
import type { Session } from "./session.ts";

export interface KnownTable {
  readonly name: string;
  /** Empty where only the engine can tell: a view's. */
  readonly columns: readonly Column[];
  /** null for a view. */
  readonly rows: number | null;
  readonly description: string;
}

/** All tables, assets first. */
export async function knownTables(session: Session): Promise<readonly KnownTable[]> {
  const view = await session.view();
  const assets = tablesOf(view).map((table): KnownTable => ({
    name: table.asset,
    columns: table.view === null ? table.schema ?? [] : [],
    rows: table.view === null ? table.versions.reduce((sum, each) => sum + each.rows, 0) : null,
    description: view.layout.def(table.asset).description,
  }));
  const rejected = rejectedTables(view).map((table): KnownTable => ({
    name: table.asset,
    columns: table.schema ?? [],
    rows: null,
    description: "rows that a check has refused",
  }));
  const history = HISTORY_TABLES.map(([name, description, columns]): KnownTable => ({
    name,
    columns: columns.split(" ").map((each) => ({ name: each, type: "" })),
    rows: null,
    description,
  }));
  return [...assets, ...rejected, ...history];
}
