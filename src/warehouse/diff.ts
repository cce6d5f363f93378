/**
 * What differs between two states of one table: rows added, removed and changed, columns, a sample of each. Rows are
 * told apart by their hash (floating point cut as everywhere); where rows have a key, one that is on both sides with
 * other values is a change and not a removal and an addition. Only rows that differ are laid beside each other, so
 * that a small change of a large table costs a scan of both and little more.
 */
import type { Json } from "../core/json.ts";
import type { TableDiff } from "../core/diff.ts";
import type { InputTable } from "../core/order.ts";
import type { Column } from "../core/version.ts";
import type { Session } from "./driver.ts";
import { canonical, holdsFloat } from "./float_digits.ts";
import { relation } from "./read.ts";
import { ident } from "./sql_text.ts";

export interface DiffOptions {
  /** Declared to tell rows apart. */
  readonly key: readonly string[];
  /** Rows of each kind that are shown. */
  readonly limit: number;
}

/** Compares two tables; a side without versions is an empty one. Throws what the engine throws. */
export async function diffTables(
  session: Session,
  project: string,
  before: InputTable,
  after: InputTable,
  options: DiffOptions,
): Promise<TableDiff> {
  const old = schemaOf(before) ?? schemaOf(after) ?? [];
  const now = schemaOf(after) ?? old;
  const shared = now.filter((each) => find(old, each.name));
  const names = shared.map((each) => each.name);
  const read = (table: InputTable) =>
    table.versions.length === 0 && !table.view
      ? `select ${
        now.map((each) => `null::${each.type} as ${ident(each.name)}`).join(", ")
      } where false`
      : relation(table, project);
  // A column that has another type now is compared as what it would be.
  const casts = shared.map(({ name, type }) =>
    `try_cast(${ident(name)} as ${type}) as ${ident(name)}`
  );
  const readBefore = casts.length === 0
    ? read(before)
    : `select ${casts.join(", ")} from (${read(before)}\n)`;
  const columns = {
    added: now.filter((each) => !find(old, each.name)),
    removed: old.filter((each) => !find(now, each.name)),
    retyped: shared.flatMap(({ name, type }) => {
      const was = find(old, name)?.type ?? type;
      return was === type ? [] : [{ name, from: was, to: type }];
    }),
  };
  // First in 65,536 heaps by hash: of those that are alike nothing more is read.
  await session.run(
    `create or replace temp table nycflow_heap_before as ${heaps(readBefore, shared)}`,
  );
  await session.run(
    `create or replace temp table nycflow_heap_after as ${heaps(read(after), shared)}`,
  );
  try {
    const count = async (side: string) =>
      Number((await session.rows(`select coalesce(sum(n), 0)::bigint from ${side}`)).rows[0]?.[0]);
    const sizes = {
      before: await count("nycflow_heap_before"),
      after: await count("nycflow_heap_after"),
    };
    await session.run(
      `create or replace temp table nycflow_heaps as select coalesce(a.heap, b.heap) as heap
       from nycflow_heap_before a full join nycflow_heap_after b on a.heap = b.heap
       where a.n is distinct from b.n or a.s is distinct from b.s`,
    );
    await take(session, "nycflow_before", readBefore, shared);
    await take(session, "nycflow_after", read(after), shared);
    // Hashes that one side has more often than the other, and how many rows more.
    const more = async (name: string, one: string, other: string) => {
      await session.run(
        `create or replace temp table ${name} as select a.h, a.n - coalesce(b.n, 0) as n
         from (select nycflow_hash as h, count(*) as n from ${one} group by all) a
         left join (select nycflow_hash as h, count(*) as n from ${other} group by all) b
         on a.h = b.h where a.n > coalesce(b.n, 0)`,
      );
      return await count(name);
    };
    const gone = await more("nycflow_gone", "nycflow_before", "nycflow_after");
    const come = await more("nycflow_come", "nycflow_after", "nycflow_before");
    await keep(session, "nycflow_removed", "nycflow_before", shared, "nycflow_gone");
    await keep(session, "nycflow_added", "nycflow_after", shared, "nycflow_come");
    const key = gone > 0 && come > 0 ? await keyOf(session, shared, options.key) : {
      columns: options.key.filter((each) => find(shared, each)),
      by: options.key.length > 0 ? "declared" as const : null,
    };
    const pairs = key.columns.length > 0 && gone > 0 && come > 0
      ? await changedRows(session, names, key.columns, options.limit)
      : { count: 0, columns: {}, sample: [] };
    const alone = (side: string, other: string) => {
      if (key.columns.length === 0 || pairs.count === 0) return side;
      const same = key.columns.map((each) =>
        `a.${ident(each)} is not distinct from b.${ident(each)}`
      );
      return `(select a.* from ${side} a where not exists (select 1 from ${other} b where ${
        same.join(" and ")
      }))`;
    };
    const sample = async (from: string) => {
      const list = names.map(ident).join(", ") || "1";
      const by = key.columns.length > 0 ? ` order by ${key.columns.map(ident).join(", ")}` : "";
      return (await session.rows(`select ${list} from ${from}${by} limit ${options.limit}`)).rows;
    };
    return {
      ...sizes,
      key: key.columns,
      keyBy: key.by,
      added: come - pairs.count,
      removed: gone - pairs.count,
      changed: pairs.count,
      columns: { ...columns, changed: pairs.columns },
      names,
      sample: {
        added: come === pairs.count ? [] : await sample(alone("nycflow_added", "nycflow_removed")),
        removed: gone === pairs.count
          ? []
          : await sample(alone("nycflow_removed", "nycflow_added")),
        changed: pairs.sample,
      },
    };
  } finally {
    for (const name of TEMPORARY) {
      await session.run(`drop table if exists nycflow_${name}`);
    }
  }
}

function schemaOf(table: InputTable): readonly Column[] | null {
  return table.versions.length === 0 && !table.view ? null : table.schema;
}

function find(schema: readonly Column[], name: string): Column | undefined {
  return schema.find((each) => each.name.toLowerCase() === name.toLowerCase());
}

function hashOf(shared: readonly Column[]): string {
  const parts = shared.map(({ name, type }) =>
    holdsFloat(type) ? canonical(ident(name), type, true) : ident(name)
  );
  return parts.length === 0 ? "0::ubigint" : `hash(${parts.join(", ")})`;
}

const TEMPORARY = [
  "heap_before",
  "heap_after",
  "heaps",
  "before",
  "after",
  "gone",
  "come",
  "removed",
  "added",
];

/** Rows and the sum of their hashes, by the hash's upper bits. */
function heaps(sql: string, shared: readonly Column[]): string {
  return `select (h >> 48) as heap, count(*) as n, sum(h) as s
    from (select ${hashOf(shared)} as h from (${sql}\n)) group by all`;
}

/** The rows of the heaps that are not alike, with their hashes. */
async function take(
  session: Session,
  name: string,
  sql: string,
  shared: readonly Column[],
): Promise<void> {
  const list = shared.map(({ name, type }) => `${ident(name)}::${type} as ${ident(name)}`);
  const own = [...list, `${hashOf(shared)} as nycflow_hash`].join(", ");
  await session.run(
    `create or replace temp table ${name} as select * from (select ${own} from (${sql}\n))
     where (nycflow_hash >> 48) in (select heap from nycflow_heaps)`,
  );
}

/** The rows of these hashes, as often as they are too many. */
async function keep(
  session: Session,
  name: string,
  from: string,
  shared: readonly Column[],
  hashes: string,
): Promise<void> {
  const list = shared.map((each) => `r.${ident(each.name)}`).join(", ") || "1 as nothing";
  await session.run(
    `create or replace temp table ${name} as select ${list} from (
       select *, row_number() over (partition by nycflow_hash) as nycflow_nth
       from ${from} where nycflow_hash in (select h from ${hashes})
     ) r join ${hashes} d on r.nycflow_hash = d.h where r.nycflow_nth <= d.n`,
  );
}

/** The declared key, or a column (or two) whose values are all different among the rows that differ, on both sides. */
async function keyOf(
  session: Session,
  shared: readonly Column[],
  declared: readonly string[],
): Promise<{ readonly columns: readonly string[]; readonly by: "declared" | "found" | null }> {
  const isUnique = async (columns: readonly string[]) => {
    const list = columns.map(ident).join(", ");
    const one = (side: string) =>
      `(select count(*) = count(distinct (${list})) and count(*) = count(${
        columns.map((each) => ident(each)).join(") and count(*) = count(")
      }) from ${side})`;
    const { rows } = await session.rows(
      `select ${one("nycflow_removed")} and ${one("nycflow_added")}`,
    );
    return rows[0]?.[0] === true;
  };
  /** A key that no two rows have in common says nothing about changes. */
  const isKey = async (columns: readonly string[]) => {
    if (!await isUnique(columns)) return false;
    const list = columns.map(ident).join(", ");
    const { rows } = await session.rows(
      `select exists (select 1 from nycflow_removed a join nycflow_added b using (${list}))`,
    );
    return rows[0]?.[0] === true;
  };
  const known = declared.filter((each) => find(shared, each));
  if (known.length > 0 && known.length === declared.length && await isUnique(known)) {
    return { columns: known, by: "declared" };
  }
  const plain = shared.filter(({ type }) =>
    !holdsFloat(type) && !/[[(]|JSON|BLOB/.test(type.replace(/^DECIMAL\(.*\)$/, ""))
  )
    .map((each) => each.name);
  const likely = [...plain].sort((a, b) => score(b) - score(a)).slice(0, 12);
  for (const column of likely) if (await isKey([column])) return { columns: [column], by: "found" };
  for (const [at, one] of likely.slice(0, 6).entries()) {
    for (const other of likely.slice(at + 1, 6)) {
      if (await isKey([one, other])) return { columns: [one, other], by: "found" };
    }
  }
  return { columns: [], by: null };
}

/** Names of keys before others; the order of the columns decides among equals. */
function score(name: string): number {
  return /(^|_)(id|key|code|uuid)$/i.test(name)
    ? 2
    : /(^|_)(date|day|month|period|name)$/i.test(name)
    ? 1
    : 0;
}

async function changedRows(
  session: Session,
  names: readonly string[],
  key: readonly string[],
  limit: number,
): Promise<{
  readonly count: number;
  readonly columns: Record<string, number>;
  readonly sample: { before: readonly Json[]; after: readonly Json[] }[];
}> {
  const on = key.map((each) => `a.${ident(each)} is not distinct from b.${ident(each)}`).join(
    " and ",
  );
  const joined = `nycflow_removed a join nycflow_added b on ${on}`;
  const others = names.filter((each) =>
    !key.some((one) => one.toLowerCase() === each.toLowerCase())
  );
  const counts = others.map((each) =>
    `count(*) filter (where a.${ident(each)} is distinct from b.${ident(each)})`
  );
  const { rows } = await session.rows(
    `select count(*)${counts.map((each) => `, ${each}`).join("")} from ${joined}`,
  );
  const found = rows[0] ?? [];
  const list = [
    ...names.map((each) => `a.${ident(each)}`),
    ...names.map((each) => `b.${ident(each)}`),
  ];
  const sample = await session.rows(
    `select ${list.join(", ")} from ${joined} order by ${
      key.map((each) => `a.${ident(each)}`).join(", ")
    } limit ${limit}`,
  );
  return {
    count: Number(found[0]),
    columns: Object.fromEntries(
      others.map((each, at) => [each, Number(found[at + 1])] as const).filter(([, n]) => n > 0),
    ),
    sample: sample.rows.map((row) => ({
      before: row.slice(0, names.length),
      after: row.slice(names.length),
    })),
  };
}
