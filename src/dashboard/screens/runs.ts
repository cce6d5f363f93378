/** runs */
import type { Screen } from "../screen.ts";
import type { RunsState } from "../states.ts";

export const runs: Screen<RunsState> = {
  title: "runs",
  act: () => null,
  subject: () => null,
  view: () => [],
};
