/**
 * Floating point as far as it is meant: 12 significant digits, one zero, one NaN, however deep it is
 * nested. Gives expressions; who hashes or compares with them is not its affair.
 */
import { type EngineType, typeText } from "./column_types.ts";
import { text } from "./sql_text.ts";
import { tokenize } from "./sql_tokens.ts";

/** Is there floating point in this type, at any depth? */
export function holdsFloat(type: string): boolean {
  return tokenize(type).some((each) =>
    each.kind === "name" && (each.text === "DOUBLE" || each.text === "FLOAT")
  );
}

// 2^13 + 1: splits a double so that its upper 40 bits remain, which is 12 digits (Dekker, Veltkamp).
// Three times as fast as anything with logarithms.
const SPLIT = "8193::double";

/**
 * Expressions, joined by commas, whose hash is that of the column with its floating point cut.
 * `careful` keeps infinities and NaN apart, which the fast way makes one.
 */
export function canonical(expression: string, type: string, careful: boolean): string {
  return cut(expression, parseType(type), careful, 0);
}

function cut(value: string, type: EngineType, careful: boolean, depth: number): string {
  const said = typeText(type);
  if (!holdsFloat(said)) return value;
  if (type.keyType && type.valueType) {
    const list = (part: string, of: EngineType) =>
      cut(`${part}(${value})`, { valueType: of, toString: () => "" }, careful, depth);
    return `${list("map_keys", type.keyType)}, ${list("map_values", type.valueType)}`;
  }
  if (type.entryNames && type.entryTypes) {
    const { entryNames, entryTypes } = type;
    const fields = entryNames.map((name, at) =>
      cut(`struct_extract(${value}, ${text(name)})`, entryTypes[at]!, careful, depth)
    );
    return [...fields, `${value} is null`].join(", ");
  }
  if (type.valueType) {
    const item = `x${depth}`;
    const inner = cut(item, type.valueType, true, depth + 1);
    return `list_transform(${value}, lambda ${item}: hash(${inner})), ${value} is null`;
  }
  // A 32-bit float has fewer digits than are kept.
  if (said === "FLOAT") return value;
  const upper = `${value} * ${SPLIT} - (${value} * ${SPLIT} - ${value})`;
  return careful ? `case when abs(${value}) < 1e300 then ${upper} else ${value} end` : upper;
}

/** A condition: equal, floating point nearly so. NULL equals NULL, NaN equals NaN. */
export function closeTo(one: string, other: string, type: string): string {
  return near(one, other, parseType(type), 0);
}

function near(a: string, b: string, type: EngineType, depth: number): string {
  const said = typeText(type);
  if (!holdsFloat(said)) return `${a} is not distinct from ${b}`;
  if (type.keyType && type.valueType) {
    const list = (part: string, of: EngineType) =>
      near(`${part}(${a})`, `${part}(${b})`, { valueType: of, toString: () => "" }, depth);
    return `(${list("map_keys", type.keyType)} and ${list("map_values", type.valueType)})`;
  }
  if (type.entryNames && type.entryTypes) {
    const { entryNames, entryTypes } = type;
    const fields = entryNames.map((name, at) =>
      near(
        `struct_extract(${a}, ${text(name)})`,
        `struct_extract(${b}, ${text(name)})`,
        entryTypes[at]!,
        depth,
      )
    );
    return `((${a} is null) = (${b} is null) and (${a} is null or (${fields.join(" and ")})))`;
  }
  if (type.valueType) {
    const pair = `p${depth}`;
    const inner = near(
      `struct_extract(${pair}, 1)`,
      `struct_extract(${pair}, 2)`,
      type.valueType,
      depth + 1,
    );
    return `((${a} is null and ${b} is null) or (len(${a}) = len(${b}) and not coalesce(list_bool_or(list_transform(list_zip(${a}, ${b}), lambda ${pair}: (${inner}) is not true)), false)))`;
  }
  const digits = said === "FLOAT" ? "1e-6" : "1e-11";
  const close = `abs(${a} - ${b}) <= ${digits} * greatest(abs(${a}), abs(${b}))`;
  return `(${a} is not distinct from ${b} or (isfinite(${a}) and isfinite(${b}) and ${close}))`;
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
