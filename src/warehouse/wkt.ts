/**
 * Well-known text to GeoJSON geometry: `MULTIPOLYGON (((-74 40.7, …)))`. Longitude first, as both
 * have it. Decides what is WKT; a third coordinate is kept, a measure is not.
 */
import type { Json, JsonObject } from "../core/json.ts";

const NAMES: Readonly<Record<string, string>> = {
  POINT: "Point",
  LINESTRING: "LineString",
  POLYGON: "Polygon",
  MULTIPOINT: "MultiPoint",
  MULTILINESTRING: "MultiLineString",
  MULTIPOLYGON: "MultiPolygon",
};
const BRACKETS: Readonly<Record<string, number>> = {
  POINT: 0,
  LINESTRING: 1,
  MULTIPOINT: 1,
  POLYGON: 2,
  MULTILINESTRING: 2,
  MULTIPOLYGON: 3,
};

/** The geometry, or null where the text is no WKT. */
export function geometryOf(wkt: string): JsonObject | null {
  const reader = new Reader(wkt);
  const found = reader.geometry();
  return found !== null && reader.atEnd() ? found : null;
}

/** Does a text look like WKT? Cheap, for choosing a column. */
export function looksLikeWkt(value: Json): boolean {
  return typeof value === "string" &&
    /^\s*(SRID=\d+;\s*)?(MULTI)?(POINT|LINESTRING|POLYGON)|^\s*GEOMETRYCOLLECTION/i.test(value);
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text.replace(/^\s*SRID=\d+;/i, "");
  }

  atEnd(): boolean {
    return this.#take(/\s*$/y) !== null;
  }

  geometry(): JsonObject | null {
    const type = this.#take(/\s*([A-Za-z]+)\s*/y)?.[1]?.toUpperCase();
    if (type === undefined) return null;
    const dimensions = this.#take(/(ZM|Z|M)\b\s*/iy)?.[1]?.toUpperCase() ?? "";
    const empty = this.#take(/EMPTY/iy) !== null;
    if (type === "GEOMETRYCOLLECTION") {
      const geometries = empty ? [] : this.#list(() => this.geometry());
      return geometries && { type: "GeometryCollection", geometries };
    }
    const name = NAMES[type];
    if (name === undefined) return null;
    if (empty) return { type: name, coordinates: [] };
    const depth = BRACKETS[type]!;
    const coordinates = depth === 0
      ? this.#list(() => this.#position(dimensions))?.[0] ?? null
      : this.#nested(depth, dimensions);
    return coordinates && { type: name, coordinates };
  }

  #nested(depth: number, dimensions: string): Json[] | null {
    if (depth > 1) return this.#list(() => this.#nested(depth - 1, dimensions));
    // MULTIPOINT is written with and without brackets around each point.
    return this.#list(() => {
      const inner = this.#peek("(") ? this.#list(() => this.#position(dimensions)) : null;
      return inner ? inner[0] ?? null : this.#position(dimensions);
    });
  }

  #list<T extends Json>(item: () => T | null): T[] | null {
    if (this.#take(/\s*\(/y) === null) return null;
    const items: T[] = [];
    do {
      const found = item();
      if (found === null) return null;
      items.push(found);
    } while (this.#take(/\s*,/y) !== null);
    return this.#take(/\s*\)/y) === null ? null : items;
  }

  #position(dimensions: string): Json[] | null {
    const numbers: number[] = [];
    for (;;) {
      const found = this.#take(/\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)/y)?.[1];
      if (found === undefined) break;
      numbers.push(Number(found));
    }
    if (numbers.length < 2) return null;
    return numbers.slice(0, dimensions === "M" ? 2 : 3);
  }

  #peek(character: string): boolean {
    const found = /\S/.exec(this.#text.slice(this.#at, this.#at + 20));
    return found?.[0] === character;
  }

  #take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found) this.#at = pattern.lastIndex;
    return found;
  }
}
