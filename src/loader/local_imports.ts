/** Which files of the project a module's text imports, as far as its words tell: enough to know whom to ask about. */
import { posix } from "node:path";

const SPECIFIER = /(?:\bfrom\s*|\bimport\s*\(?\s*)(?:"(\.{1,2}\/[^"\n]+)"|'(\.{1,2}\/[^'\n]+)')/g;

/** Paths relative to the project, with `/`; those that lead out of it are left out. */
export function localImports(file: string, text: string): readonly string[] {
  const found = new Set<string>();
  for (const [, double, single] of text.matchAll(SPECIFIER)) {
    const path = posix.normalize(posix.join(posix.dirname(file), double ?? single ?? ""));
    if (!path.startsWith("../")) found.add(path);
  }
  return [...found];
}
