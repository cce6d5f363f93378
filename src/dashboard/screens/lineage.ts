/** lineage */
import type { Screen } from "../screen.ts";
import type { LineageState } from "../states.ts";

export const lineage: Screen<LineageState> = {
  title: "lineage",
  act: () => null,
  subject: () => null,
  view: () => [],
};
