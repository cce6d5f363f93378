/** Whether the state store's file is whole, for `doctor`: SQLite's own quick check, without writing a byte. */
import { connect } from "./connection.ts";

export interface StoreCheck {
  /** What SQLite finds wrong; empty where all is well. */
  readonly faults: readonly string[];
  readonly writable: boolean;
}

/** Throws `ProblemError` where it cannot even be opened. The file must be there. */
export async function checkSqliteStore(file: string): Promise<StoreCheck> {
  const { db, writable, close } = await connect(file, { create: false });
  try {
    const rows = db.prepare("pragma quick_check(5)").all();
    const said = rows.map((row) => String(Object.values(row)[0]));
    return { faults: said.filter((each) => each !== "ok"), writable };
  } finally {
    close();
  }
}
