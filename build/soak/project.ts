// The project that is killed: assets in layers, each reading one or two of the layers before, some in TypeScript that
// fail at their first attempt and are tried again. What its tables hold depends on nothing but the seed.

import { chance } from "./random.ts";

/** The files of a project of `count` assets, by path. */
export function killedProject(count: number, seed: number): Record<string, string> {
  const { below } = chance(seed);
  const files: Record<string, string> = {};
  for (let at = 0; at < count; at++) {
    const upstream = at === 0 ? [] : [name(below(at)), name(below(at))];
    const [one, other] = upstream;
    if (one === undefined || other === undefined) {
      files[`assets/${name(at)}.sql`] = "select range as x, range % 7 as y from range(500)\n";
    } else if (at % 10 === 7) {
      files[`assets/${name(at)}.ts`] = stubborn(at, one);
    } else {
      files[`assets/${name(at)}.sql`] = one === other
        ? `select x, y + ${at} as y from ${one}\n`
        : `select x, (a.y * 31 + b.y + ${at}) % 100003 as y from ${one} a join ${other} b using (x)\n`;
    }
  }
  return files;
}

function name(at: number): string {
  return `k${String(at).padStart(3, "0")}`;
}

function stubborn(at: number, upstream: string): string {
  return `import { asset } from "nycflow";

export const ${name(at)} = asset({
  deps: ["${upstream}"],
  retry: { attempts: 3, delay: "5ms" },
  run: ({ run, db }) => {
    if (run.attempt === 1) throw new Error("not at the first attempt");
    return db.query("select x, (y + ${at}) % 100003 as y from ${upstream}");
  },
});
`;
}
