/** automation */
import type { Screen } from "../screen.ts";
import type { AutomationState } from "../states.ts";

export const automation: Screen<AutomationState> = {
  title: "automation",
  act: () => null,
  subject: () => null,
  view: () => [],
};
