/** All screens, by name. */
import type { Screens } from "./screen.ts";
import { asset } from "./screens/asset.ts";
import { automation } from "./screens/automation.ts";
import { lineage } from "./screens/lineage.ts";
import { overview } from "./screens/overview.ts";
import { problems } from "./screens/problems.ts";
import { run } from "./screens/run.ts";
import { runs } from "./screens/runs.ts";
import { sql } from "./screens/sql.ts";

export const SCREENS: Screens = { overview, lineage, runs, automation, sql, problems, asset, run };
