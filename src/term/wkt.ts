// Reads well-known text (POLYGON, MULTIPOLYGON) into the coordinates that GeoJSON has. Numbers
// are read as JavaScript reads them, to the last digit. Other shapes are an error that says so.

/** Longitude and latitude (or x and y), as in GeoJSON; further numbers of a point are left out. */
export type Position = readonly [x: number, y: number];
export type Ring = readonly Position[];

export interface PolygonGeometry {
  readonly type: "Polygon";
  /** The outline first, then its holes. */
  readonly coordinates: readonly Ring[];
}

export interface MultiPolygonGeometry {
  readonly type: "MultiPolygon";
  readonly coordinates: readonly (readonly Ring[])[];
}

export type AreaGeometry = PolygonGeometry | MultiPolygonGeometry;

/** What was wrong with a text, and where: `at` counts characters from 0. */
export interface WktProblem {
  readonly message: string;
  readonly at: number;
}

export type WktResult =
  | { readonly ok: true; readonly geometry: AreaGeometry }
  | { readonly ok: false; readonly problem: WktProblem };

interface Reader {
  readonly text: string;
  at: number;
  problem: WktProblem | undefined;
}

const OPEN = 40, CLOSE = 41, COMMA = 44;

/** The geometry in a text, or what is wrong with it. `SRID=…;` before it is passed over. */
export function parseWkt(text: string): WktResult {
  const head = /^\s*(?:SRID=\d+;)?\s*([A-Za-z]+)\s*(?:Z|M|ZM)?\s*/i.exec(text);
  const name = head?.[1]?.toUpperCase().replace(/(?<=POLYGON)Z?M?$/, "");
  const reader: Reader = { text, at: head?.[0].length ?? 0, problem: undefined };
  if (name !== "POLYGON" && name !== "MULTIPOLYGON") {
    const found = name ?? JSON.stringify(text.trim().slice(0, 20));
    return failed(
      `expected POLYGON or MULTIPOLYGON, found ${found === '""' ? "nothing" : found}`,
      0,
    );
  }
  const multi = name === "MULTIPOLYGON";
  if (/^EMPTY\s*$/i.test(text.slice(reader.at, reader.at + 20))) {
    return { ok: true, geometry: { type: "MultiPolygon", coordinates: [] } };
  }
  const geometry: AreaGeometry = multi
    ? { type: "MultiPolygon", coordinates: listOf(reader, polygon) }
    : { type: "Polygon", coordinates: polygon(reader) };
  skip(reader);
  if (reader.problem === undefined && reader.at < text.length) {
    fail(reader, `expected the end, found ${foundAt(reader)}`);
  }
  return reader.problem === undefined
    ? { ok: true, geometry }
    : { ok: false, problem: reader.problem };
}

function failed(message: string, at: number): WktResult {
  return { ok: false, problem: { message, at } };
}

function fail(reader: Reader, message: string): void {
  reader.problem ??= { message, at: reader.at };
  // Nothing after the first fault is worth reading.
  reader.at = reader.text.length;
}

function foundAt({ text, at }: Reader): string {
  return at >= text.length ? "the end of the text" : JSON.stringify(text.slice(at, at + 12));
}

function skip(reader: Reader): void {
  while (reader.text.charCodeAt(reader.at) <= 32) reader.at++;
}

/** "(" item "," item … ")". */
function listOf<T>(reader: Reader, item: (reader: Reader) => T): T[] {
  const items: T[] = [];
  skip(reader);
  if (reader.text.charCodeAt(reader.at) !== OPEN) {
    fail(reader, `expected "(", found ${foundAt(reader)}`);
    return items;
  }
  for (;;) {
    reader.at++;
    items.push(item(reader));
    skip(reader);
    const next = reader.text.charCodeAt(reader.at);
    if (next === COMMA) continue;
    if (next === CLOSE) reader.at++;
    else fail(reader, `expected "," or ")", found ${foundAt(reader)}`);
    return items;
  }
}

function polygon(reader: Reader): Ring[] {
  return listOf(reader, ring);
}

function ring(reader: Reader): Ring {
  const start = reader.at;
  const points = listOf(reader, position);
  if (reader.problem === undefined && points.length < 3) {
    reader.at = start;
    fail(reader, `a ring needs three points, found ${points.length}`);
  }
  return points;
}

function position(reader: Reader): Position {
  const x = number(reader), y = number(reader);
  // Heights and measures have no place on a map.
  for (;;) {
    skip(reader);
    const next = reader.text.charCodeAt(reader.at);
    if (next === COMMA || next === CLOSE || Number.isNaN(next) || reader.problem) return [x, y];
    number(reader);
  }
}

const TENTHS = Array.from({ length: 23 }, (_, i) => 10 ** i);

function number(reader: Reader): number {
  skip(reader);
  const { text } = reader;
  const start = reader.at;
  let end = start, whole = 0, decimals = -1, simple = true;
  if (text.charCodeAt(end) === 45) end++;
  for (;; end++) {
    const code = text.charCodeAt(end);
    if (code >= 48 && code <= 57) {
      whole = whole * 10 + code - 48;
      if (decimals >= 0) decimals++;
    } else if (code === 46 && decimals < 0) decimals = 0;
    // + - . e E: not plain digits, but perhaps a number all the same.
    else if (code === 43 || code === 45 || code === 46 || code === 69 || code === 101) {
      simple = false;
    } else break;
  }
  // Both exact in a double, so their quotient is the nearest one, as Number() would find it.
  const exact = simple && whole <= Number.MAX_SAFE_INTEGER && decimals <= 22 && end - start > 1;
  const value = exact
    ? (text.charCodeAt(start) === 45 ? -whole : whole) / (TENTHS[Math.max(0, decimals)] as number)
    : end === start
    ? NaN
    : Number(text.slice(start, end));
  if (!Number.isFinite(value)) fail(reader, `expected a number, found ${foundAt(reader)}`);
  else reader.at = end;
  return value;
}
