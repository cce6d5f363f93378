/**
 * Does a candidate hold the same rows as what is published? Both are hashed now, by this process:
 * hashes are never kept, since they differ between engine versions. Parallel sums of doubles differ
 * in their last bits at every rebuild, so floating point is cut to 12 significant digits first.
 */
import type { VersionRef } from "../core/version.ts";
import { type EngineType, typeText } from "./column_types.ts";
import type { Session } from "./driver.ts";
import type { Staged, StageHooks } from "./make.ts";
import { type Readable, reader } from "./read.ts";
import { ident, text } from "./sql_text.ts";
import { sameSchema } from "./column_types.ts";
import { tokenize } from "./sql_tokens.ts";

// Above this many rows two tables that differ only in digits are not compared row by row.
const MOST_ROWS_COMPARED = 2_000_000;

/** True where row count, schema and every row are equal. Throws what the engine throws. */
export async function isSame(
  session: Session,
  project: string,
  staged: Staged,
  previous: VersionRef | null,
  hooks: StageHooks = {},
): Promise<boolean> {
  if (!previous?.file || !staged.file || staged.output !== "table") return false;
  if (previous.output !== "table" || previous.file.format !== "parquet") return false;
  if (previous.rows !== staged.rows || !sameSchema(previous.schema, staged.schema)) return false;
  if (previous.ordered !== staged.ordered) return false;
  const ordered = staged.ordered;
  const one: Readable = { file: staged.file, schema: staged.schema };
  const other: Readable = { file: previous.file, schema: previous.schema };
  return await session.watched(hooks, async () => {
    const [mine, theirs] = [
      await digest(session, project, one, ordered),
      await digest(session, project, other, ordered),
    ];
    if (mine.rows !== staged.rows || theirs.rows !== previous.rows) {
      throw new Error(`a read gave ${mine.rows} and ${theirs.rows} of ${staged.rows} rows`);
    }
    if (mine.exact !== theirs.exact) return false;
    if (mine.all === theirs.all) return true;
    if (staged.rows > MOST_ROWS_COMPARED) return false;
    return await closeRowByRow(session, project, one, other, ordered);
  });
}

interface Digest {
  readonly rows: number;
  /** Of the columns that hold no floating point. */
  readonly exact: string;
  readonly all: string;
}

async function digest(
  session: Session,
  project: string,
  of: Readable,
  ordered: boolean,
): Promise<Digest> {
  const exact = of.schema.filter((each) => !holdsFloat(each.type)).map((each) => ident(each.name));
  const floats = of.schema.filter((each) => holdsFloat(each.type))
    .map((each) => canonical(ident(each.name), each.type));
  if (ordered) exact.unshift(ROW);
  const own = exact.length === 0 ? "0" : `hash(${exact.join(", ")})`;
  // The exact columns' hash goes into the other, so that they are hashed once for both sums.
  const all = floats.length === 0 ? "''" : `sum(hash(${[own, ...floats].join(", ")}))::varchar`;
  const { rows } = await session.rows(
    `select count(*), sum(${own})::varchar, ${all} from ${rowsOf(of, project, ordered)}`,
  );
  const [count, first, second] = rows[0]!;
  return { rows: Number(count), exact: String(first), all: String(second) };
}

const ROW = "file_row_number";

function rowsOf({ file, schema }: Readable, project: string, ordered: boolean): string {
  const names = schema.map((each) => ident(each.name)).join(", ");
  if (!ordered && !file.range) return `(select ${names} from ${reader([file], project)})`;
  const from = `(select ${names}, ${ROW} - ${file.range?.from ?? 0} as ${ROW} from ${
    reader([file], project, `, ${ROW}=true`)
  }`;
  if (!file.range) return `${from})`;
  const { range } = file;
  return `${from} where ${ROW} >= ${range.from} and ${ROW} < ${range.from + range.rows})`;
}

/**
 * Two values that differ in the 16th digit may still lie on both sides of where the 12th is cut.
 * So where all else is equal the tables are laid beside each other, sorted, and compared closely.
 */
async function closeRowByRow(
  session: Session,
  project: string,
  one: Readable,
  other: Readable,
  ordered: boolean,
): Promise<boolean> {
  const simple = one.schema.filter((each) => /^(DOUBLE|FLOAT)$/.test(each.type));
  if (one.schema.some((each) => holdsFloat(each.type) && !simple.includes(each))) return false;
  const keys = one.schema.filter((each) => !holdsFloat(each.type)).map((each) => ident(each.name));
  const by = ordered ? [ROW] : [...keys, ...simple.map((each) => ident(each.name))];
  const side = (of: Readable) =>
    `(select *, row_number() over (order by ${by.join(", ")}) as nycflow_row from ${
      rowsOf(of, project, ordered)
    })`;
  const near = simple.map(({ name, type }) => {
    const [a, b] = [`a.${ident(name)}`, `b.${ident(name)}`];
    const digits = type === "FLOAT" ? "1e-6" : "1e-11";
    return `(${a} is not distinct from ${b} or abs(${a} - ${b}) <= ${digits} * greatest(abs(${a}), abs(${b})))`;
  });
  const equal = keys.map((key) => `a.${key} is not distinct from b.${key}`);
  const { rows } = await session.rows(
    `select count(*) from ${side(one)} a join ${side(other)} b using (nycflow_row)
     where (${[...equal, ...near].join(" and ")}) is not true`,
  );
  return Number(rows[0]![0]) === 0;
}

function holdsFloat(type: string): boolean {
  return tokenize(type).some((each) =>
    each.kind === "name" && (each.text === "DOUBLE" || each.text === "FLOAT")
  );
}

// 2^13 + 1: splits a double so that its upper 40 bits remain, which is 12 digits. Twice as fast as
// anything with logarithms, and exact. Infinity and NaN, and what would overflow, stay as they are.
const SPLIT = "8193::double";

/** An expression for a column whose floating point is cut: one zero, one NaN. */
export function canonical(expression: string, type: string): string {
  return cut(expression, parseType(type), 0);
}

function cut(value: string, type: EngineType, depth: number): string {
  if (!holdsFloat(typeText(type))) return value;
  if (type.keyType && type.valueType) {
    return `${cut(`map_keys(${value})`, { valueType: type.keyType, toString: () => "" }, depth)}, ${
      cut(`map_values(${value})`, { valueType: type.valueType, toString: () => "" }, depth)
    }`;
  }
  if (type.entryNames && type.entryTypes) {
    const { entryNames, entryTypes } = type;
    return entryNames.map((name, at) =>
      cut(`struct_extract(${value}, ${text(name)})`, entryTypes[at]!, depth)
    ).concat(`${value} is null`).join(", ");
  }
  if (type.valueType) {
    const item = `x${depth}`;
    const inner = cut(item, type.valueType, depth + 1);
    return `list_transform(${value}, lambda ${item}: hash(${inner})), ${value} is null`;
  }
  if (typeText(type) === "FLOAT") return `${value} + 0::float`;
  return `case when abs(${value}) < 1e300 then ${value} * ${SPLIT} - (${value} * ${SPLIT} - ${value}) + 0::double else ${value} end`;
}

/** Reads back what `typeText` wrote, as deep as floating point can be nested. */
export function parseType(source: string): EngineType {
  const tokens = tokenize(source).filter((each) => each.kind !== "space");
  let at = 0;
  const next = () => tokens[at++]?.text ?? "";
  const one = (): EngineType => {
    const word = next();
    let type: EngineType;
    if (word === "STRUCT" && tokens[at]?.text === "(") {
      const entryNames: string[] = [];
      const entryTypes: EngineType[] = [];
      do {
        next();
        entryNames.push(next().replace(/^"|"$/g, "").replaceAll('""', '"'));
        entryTypes.push(one());
      } while (tokens[at]?.text === ",");
      next();
      type = { entryNames, entryTypes, toString: () => "STRUCT" };
    } else if (word === "MAP" && tokens[at]?.text === "(") {
      next();
      const keyType = one();
      next();
      const valueType = one();
      next();
      type = { keyType, valueType, toString: () => "MAP" };
    } else {
      let said = word;
      while (at < tokens.length && !/^[,)[]$/.test(tokens[at]!.text)) {
        if (tokens[at]!.text === "(") {
          while (tokens[at] && tokens[at]!.text !== ")") said += next();
          said += next();
        } else said += ` ${next()}`;
      }
      type = { toString: () => said };
    }
    while (tokens[at]?.text === "[") {
      next();
      while (next() !== "]" && at < tokens.length);
      const valueType = type;
      type = { valueType, toString: () => "LIST" };
    }
    return type;
  };
  return one();
}
