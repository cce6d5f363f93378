// The page of the dashboard's keys, from the table that they are looked up in.

import { BINDINGS } from "../../src/dashboard/bindings.ts";
import { SCREEN_NAMES } from "../../src/dashboard/states.ts";

const HEAD = `# The dashboard's keys

\`nycflow up\` on a terminal opens the dashboard and keeps the project up to date; \`nycflow dash\` only looks. \`?\`
shows the keys of the screen that one is on. An action gets other keys in \`nycflow.config.ts\`, by its name:
\`dashboard: { keys: { run: "ctrl+r" } }\`.
`;

export function dashboardPage(): string {
  const everywhere = BINDINGS.filter((each) => each.on === undefined);
  const parts = [
    part("Everywhere", everywhere),
    ...SCREEN_NAMES.flatMap((screen) => {
      const own = BINDINGS.filter((each) => each.on?.includes(screen));
      return own.length === 0 ? [] : [part(`On ${screen}`, own)];
    }),
  ];
  return `${HEAD}\n${parts.join("\n")}`;
}

function part(title: string, bindings: typeof BINDINGS): string {
  const rows = bindings.map(({ keys, action, help }) =>
    `| ${keys.map((key) => `\`${key}\``).join(", ")} | ${help} | \`${action}\` |`
  );
  return `## ${title}\n\n| keys | what it does | action |\n| --- | --- | --- |\n${
    rows.join("\n")
  }\n`;
}
