/** `diff --env NAME`: an environment against production, all that it has or one asset row by row. */
import type { Session } from "../app/session.ts";
import type { CommandContext } from "./context.ts";
import { openSession } from "./open.ts";

export async function diffEnvironment(
  environment: Session,
  name: string | null,
  partition: string | null,
  limit: number,
  { output, common }: CommandContext,
): Promise<number> {
  await using production = await openSession({ ...common, env: "prod" });
  const { compareEnvironments, listDifferences } = await import("../app/diff_environment.ts");
  const own = environment.environmentName ?? "";
  if (name === null) {
    const found = await listDifferences(environment, production);
    const { differenceDocument, differenceLines } = await import("../views/environments.ts");
    if (common.json) output.out(JSON.stringify(differenceDocument(own, found)));
    else output.out(differenceLines(own, found, output.style, output.columns).join("\n"));
    return 0;
  }
  const { view, found } = await compareEnvironments(
    environment,
    production,
    name,
    partition,
    limit,
  );
  const { diffDocument, diffLines } = await import("../views/diff.ts");
  const around = { now: view.now, timezone: view.loaded.project.timezone };
  if (common.json) output.out(JSON.stringify(diffDocument(found, around.timezone)));
  else output.out(diffLines(found, around, output.style, output.columns).join("\n"));
  return 0;
}
