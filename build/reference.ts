// `deno task reference`: makes docs/reference/ from the code: the commands from their declarations, the header and
// the configuration from the loader's tables, the functions from their docstrings. tests/docs holds the committed
// pages against it.

import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { editorSchemas } from "../src/loader/json_schema.ts";
import { CHECKOUT } from "./packages.ts";
import { apiPage } from "./reference/api.ts";
import { commandsPage } from "./reference/commands.ts";
import { dashboardPage } from "./reference/dashboard.ts";
import { chartsPage, configPage, headerPage } from "./reference/keys.ts";

/** Where the pages stand. */
export const REFERENCE = "docs/reference";

/** All pages by file name. */
export async function referencePages(): Promise<Readonly<Record<string, string>>> {
  return {
    "README.md": INDEX,
    "commands.md": await commandsPage(),
    "header.md": headerPage(),
    "charts.md": chartsPage(),
    "config.md": configPage(),
    "dashboard.md": dashboardPage(),
    "api.md": apiPage(),
    ...Object.fromEntries(
      Object.entries(editorSchemas()).map((
        [name, schema],
      ) => [name, `${JSON.stringify(schema, null, 2)}\n`]),
    ),
  };
}

const INDEX = `# Reference

Made from the code by \`deno task reference\`; what is wrong here is to be mended there.

- [Commands](commands.md): every command with its options
- [Header](header.md): every key of a SQL asset's header, checks and partitions included
- [Charts](charts.md): every type of chart and what it takes
- [Configuration](config.md): every key of \`nycflow.config.ts\`
- [Dashboard](dashboard.md): every key, and the names by which they are changed
- [TypeScript](api.md): everything that \`import … from "nycflow"\` gives
- For editors: [header.schema.json](header.schema.json), [config.schema.json](config.schema.json)
`;

if (import.meta.main) {
  const folder = join(CHECKOUT, REFERENCE);
  const pages = await referencePages();
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder)) if (!(name in pages)) rmSync(join(folder, name));
  for (const [name, text] of Object.entries(pages)) writeFileSync(join(folder, name), text);
  console.log(`${Object.keys(pages).length} pages in ${REFERENCE}`);
}
