/** asset */
import type { Screen } from "../screen.ts";
import type { AssetState } from "../states.ts";

export const asset: Screen<AssetState> = {
  title: "asset",
  act: () => null,
  subject: () => null,
  view: () => [],
};
