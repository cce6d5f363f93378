/** sql */
import type { Screen } from "../screen.ts";
import type { SqlState } from "../states.ts";

export const sql: Screen<SqlState> = {
  title: "sql",
  act: () => null,
  subject: () => null,
  view: () => [],
};
