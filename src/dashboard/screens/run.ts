/** run */
import type { Screen } from "../screen.ts";
import type { RunState } from "../states.ts";

export const run: Screen<RunState> = {
  title: "run",
  act: () => null,
  subject: () => null,
  view: () => [],
};
