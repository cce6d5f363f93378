/** Tells a problem from where its reader stands: paths within the project, not of the machine. */
import type { Problem } from "./problem.ts";

/** The problem with every path below `folder` (absolute) written relative to it. */
export function inProject(found: Problem, folder: string): Problem {
  const prefix = folder.endsWith("/") ? folder : `${folder}/`;
  const short = (text: string) => text.replaceAll(prefix, "");
  // What is to be typed stays as it is: one may stand elsewhere.
  const { where, why } = found;
  return {
    ...found,
    message: short(found.message),
    ...(why === undefined ? {} : { why: short(why) }),
    ...(where?.file === undefined ? {} : { where: { ...where, file: short(where.file) } }),
  };
}
