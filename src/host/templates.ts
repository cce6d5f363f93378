// Where a template's files come from: from source, beside main.ts; in the binary, out of itself.
// Which templates there are, and which of the checkout's files each one is, stands here; what is
// done with them (never overwriting, the words printed) is for the command.

import { lstat, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { embedded, type TemplateFile } from "./embedded.ts";

export type { TemplateFile } from "./embedded.ts";

/** Each template's root in the checkout, and what of it belongs to the template. */
export const TEMPLATES: Readonly<
  Record<string, { readonly root: string; readonly parts: readonly string[] }>
> = {
  taxi: { root: ".", parts: ["assets", "nycflow.config.ts", ".env.example"] },
  cookies: { root: "templates/cookies", parts: ["assets", "nycflow.config.ts", "LESSON.md"] },
};

/** The files of a template, by path; null for a name that is none. */
export async function templateFiles(name: string): Promise<readonly TemplateFile[] | null> {
  if (embedded) return embedded.templates[name] ?? null;
  return await readTemplate(name, fileURLToPath(new URL("../../", import.meta.url)));
}

/** As `templateFiles`, from a checkout; the build embeds what this gives. */
export async function readTemplate(name: string, checkout: string): Promise<TemplateFile[] | null> {
  const template = TEMPLATES[name];
  if (!template) return null;
  const root = join(checkout, template.root);
  const files: TemplateFile[] = [];
  const visit = async (path: string): Promise<void> => {
    const entry = await lstat(join(root, path)).catch(() => null);
    if (entry?.isFile()) {
      files.push({ path, text: await readFile(join(root, path), "utf8") });
    } else if (entry?.isDirectory()) {
      for (const name of (await readdir(join(root, path))).sort()) {
        if (!name.startsWith(".") && name !== "node_modules") await visit(`${path}/${name}`);
      }
    }
  };
  for (const part of template.parts) await visit(part);
  return files;
}
