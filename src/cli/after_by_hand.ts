/** After versions were changed by hand: files for people and the mirror show what is published again. */
import type { Session } from "../app/session.ts";
import type { CommandContext } from "./context.ts";

export async function afterByHand(
  session: Session,
  { output, common }: CommandContext,
): Promise<void> {
  const { afterPublishing } = await import("../app/behind.ts");
  const warnings = await afterPublishing(session, await session.view());
  if (warnings.length === 0 || common.json) return;
  const { problemsText } = await import("../views/problem.ts");
  output.err(problemsText(warnings, output.errStyle, output.columns));
}
