/**
 * From the columns that a query gives to those that are kept: names that differ, types that come back as they were,
 * the one cast that is made by itself. Decides what is refused and says which cast to write.
 */
import { type Problem, problem, ProblemError } from "../core/problem/problem.ts";
import type { Column } from "../core/version.ts";
import { decideType } from "./column_types.ts";
import { ident } from "./sql_text.ts";

export interface Copying {
  readonly schema: readonly Column[];
  /** What is copied: the query, with casts around it where HUGEINT becomes BIGINT. */
  readonly sql: string;
  /** How many characters stand before the query in `sql`. */
  readonly before: number;
  readonly notes: readonly string[];
  /** Columns that are cast. */
  readonly cast: readonly string[];
}

/** What is written of these columns. Throws `ProblemError` for what cannot be kept. */
export function shapeOf(columns: readonly Column[], asset: string, sql: string): Copying {
  const seen = new Map<string, string>();
  const schema: Column[] = [];
  const notes: string[] = [];
  const cast: string[] = [];
  const refused: { name: string; from: string; to: string; why: string }[] = [];
  for (const { name, type } of columns) {
    const twin = seen.get(name.toLowerCase());
    if (twin !== undefined) throw new ProblemError(sameName(asset, twin, name));
    if (name.toLowerCase() === "file_row_number") throw new ProblemError(reserved(asset, name));
    seen.set(name.toLowerCase(), name);
    const decided = decideType(type);
    if (decided.kind === "refused") {
      refused.push({ name, from: type, to: decided.type, why: decided.why });
    } else if (decided.kind === "cast") {
      cast.push(name);
      if (decided.note) notes.push(`${name}: ${decided.note}`);
    }
    schema.push({ name, type: decided.kind === "kept" ? type : decided.type });
  }
  if (refused.length > 0) throw new ProblemError(notKept(asset, refused));
  if (cast.length === 0) return { schema, sql, before: 0, notes, cast };
  const list = schema.map(({ name, type }) =>
    cast.includes(name) ? `${ident(name)}::${type} as ${ident(name)}` : ident(name)
  );
  const before = `select ${list.join(", ")} from (`;
  return { schema, sql: `${before}${sql}\n)`, before: before.length, notes, cast };
}

function sameName(asset: string, one: string, other: string): Problem {
  return problem("result-invalid", {
    message: `Cannot build ${asset}`,
    why: one === other
      ? `two of its columns are called ${one}`
      : `its columns ${one} and ${other} differ only in case`,
    hint: `give one of them another name: … as ${one}_2`,
    fields: { columns: [{ name: other }] },
  });
}

/** The engine gives a row's place in its file this name; packed partitions are told apart by it. */
function reserved(asset: string, name: string): Problem {
  return problem("result-invalid", {
    message: `Cannot build ${asset}`,
    why: `DuckDB itself has a column ${name} in every Parquet file`,
    hint: `give it another name: ${name} as row_number`,
  });
}

function notKept(
  asset: string,
  refused: readonly { name: string; from: string; to: string; why: string }[],
): Problem {
  const first = refused[0]!;
  const short = first.from.length > 60 ? `${first.from.slice(0, 57)}…` : first.from;
  return problem("type-not-kept", {
    message: `Cannot keep column ${first.name} of ${asset} as ${short}`,
    why: `${first.why}${refused.length > 1 ? ` (and ${refused.length - 1} more columns)` : ""}`,
    hint: `write ${
      refused.slice(0, 4).map((each) => `${ident(each.name)}::${each.to} as ${ident(each.name)}`)
        .join(", ")
    }`,
    fields: { columns: refused.map((each) => ({ name: each.name, type: each.from, as: each.to })) },
  });
}
