/**
 * How a value of the engine is written in JSON, as `cli.md` promises it: integers beyond 2^53,
 * decimals and 128-bit values as strings, dates and times in ISO 8601, instants with the offset of
 * the project's time zone. Nothing is rounded silently.
 */
import type * as Api from "@duckdb/node-api";
import type { Json } from "../core/json.ts";

type Convert = Api.DuckDBValueConverter<Json>;

/** `api` is handed in, since only the driver may load it. */
export function jsonConverter(api: typeof Api, timezone: string): Convert {
  const id = api.DuckDBTypeId;
  const said: Convert = (value) => String(value);
  const number: Convert = (value) => Number(value);
  const integer: Convert = (value) => {
    const found = BigInt(value as bigint);
    return Number.isSafeInteger(Number(found)) ? Number(found) : String(found);
  };
  const naive: Convert = (value) => isoNaive(String(value));
  const list: Convert = (value, type, convert) => {
    const item = (type as Api.DuckDBListType).valueType;
    return (value as Api.DuckDBListValue).items.map((each) => convert(each, item, convert));
  };
  const byType: Record<number, Convert> = {
    [id.BOOLEAN]: (value) => Boolean(value),
    [id.TINYINT]: number,
    [id.SMALLINT]: number,
    [id.INTEGER]: number,
    [id.UTINYINT]: number,
    [id.USMALLINT]: number,
    [id.UINTEGER]: number,
    [id.BIGINT]: integer,
    [id.UBIGINT]: integer,
    [id.DOUBLE]: (value) => finite(value as number),
    [id.FLOAT]: (value) => finite(shortest(value as number)),
    [id.TIMESTAMP]: naive,
    [id.TIMESTAMP_S]: naive,
    [id.TIMESTAMP_MS]: naive,
    [id.TIMESTAMP_NS]: naive,
    [id.TIMESTAMP_TZ]: (value) =>
      isoInstant((value as Api.DuckDBTimestampTZValue).micros, timezone),
    [id.VARCHAR]: (value, type) =>
      type.alias === "JSON" ? nested(value as string) : value as string,
    [id.LIST]: list,
    [id.ARRAY]: list,
    [id.STRUCT]: (value, type, convert) => {
      const struct = type as Api.DuckDBStructType;
      const { entries } = value as Api.DuckDBStructValue;
      return Object.fromEntries(
        struct.entryNames.map((name, at) => [
          name,
          convert(entries[name] ?? null, struct.entryTypes[at]!, convert),
        ]),
      );
    },
    [id.MAP]: (value, type, convert) => {
      const { keyType, valueType } = type as Api.DuckDBMapType;
      const pairs = (value as Api.DuckDBMapValue).entries.map((entry) => ({
        key: convert(entry.key, keyType, convert),
        value: convert(entry.value, valueType, convert),
      }));
      if (keyType.typeId !== id.VARCHAR) return pairs;
      return Object.fromEntries(pairs.map(({ key, value }) => [String(key), value]));
    },
    [id.UNION]: (value, type, convert) => {
      const { tag, value: inner } = value as Api.DuckDBUnionValue;
      return {
        [tag]: convert(inner, (type as Api.DuckDBUnionType).memberTypeForTag(tag), convert),
      };
    },
    [id.SQLNULL]: () => null,
  };
  return (value, type, convert) =>
    value === null || value === undefined
      ? null
      : (byType[type.typeId] ?? said)(value, type, convert);
}

function finite(value: number): Json {
  return Number.isFinite(value) ? value : String(value);
}

/** A 32-bit float with as few digits as tell it apart: 0.1, not 0.10000000149011612. */
function shortest(value: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}

function isoNaive(value: string): string {
  return /^\d{4}-\d\d-\d\d \d/.test(value) ? value.replace(" ", "T") : value;
}

const INFINITE = 9223372036854775807n;

function isoInstant(micros: bigint, timezone: string): string {
  if (micros === INFINITE) return "infinity";
  if (micros === -INFINITE) return "-infinity";
  try {
    return Temporal.Instant.fromEpochNanoseconds(micros * 1000n).toZonedDateTimeISO(timezone)
      .toString({ timeZoneName: "never" });
  } catch {
    return `${micros} microseconds since 1970`; // beyond the years that ISO 8601 has here
  }
}

function nested(value: string): Json {
  try {
    // A number that JavaScript would round stays as it is written.
    if (/[0-9]{16}/.test(value)) return value;
    return JSON.parse(value) as Json;
  } catch {
    return value;
  }
}
