/** A table with a geometry column in WKT as a GeoJSON FeatureCollection: one feature a row, the other columns its properties. */
import type { Json } from "../core/json.ts";
import { type Problem, problem } from "../core/problem/problem.ts";
import { err, ok, type Result } from "../core/result.ts";
import type { Table } from "./driver.ts";
import { geometryOf, looksLikeWkt } from "./wkt.ts";

const USUAL = /^(the_)?(geometry|geom|wkt|shape)$/i;

/** The document's text. Refused where there is no geometry, or a value that is none. */
export function featureCollection(table: Table, what: string): Result<string, Problem> {
  const at = geometryColumn(table);
  if (at === null) {
    return err(problem("export-failed", {
      message: what,
      why: `none of its columns holds WKT: ${table.columns.map((each) => each.name).join(", ")}`,
      hint: "GeoJSON needs a column geometry such as 'POINT (-73.98 40.75)'; or export CSV",
    }));
  }
  const features: string[] = [];
  for (const [index, row] of table.rows.entries()) {
    const value = row[at] ?? null;
    const geometry = value === null ? null : geometryOf(String(value));
    if (value !== null && geometry === null) {
      return err(problem("export-failed", {
        message: what,
        why: `row ${index + 1}: ${table.columns[at]!.name} is no WKT: ${
          JSON.stringify(String(value).slice(0, 60))
        }`,
        hint: "write it as WKT, e.g. 'POLYGON ((…))', or leave the row out",
      }));
    }
    const properties: Record<string, Json> = {};
    for (const [other, column] of table.columns.entries()) {
      if (other !== at) properties[column.name] = row[other] ?? null;
    }
    features.push(JSON.stringify({ type: "Feature", properties, geometry }));
  }
  return ok(`{"type":"FeatureCollection","features":[\n${features.join(",\n")}\n]}\n`);
}

function geometryColumn({ columns, rows }: Table): number | null {
  const usual = columns.findIndex((each) => USUAL.test(each.name));
  if (usual >= 0) return usual;
  const found = columns.findIndex((_, at) => {
    const first = rows.find((row) => row[at] !== null)?.[at];
    return first !== undefined && looksLikeWkt(first);
  });
  return found >= 0 ? found : null;
}
