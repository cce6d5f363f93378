/** From what is wrong at a path to a problem at a place in a file, for headers and for modules. */
import { type Finding, type Path, pathText } from "./shape.ts";
import { type Problem, problem, type ProblemCode, type Where } from "../core/problem/problem.ts";
import type { DescribedExport } from "../ports/loader.ts";
import type { Locate } from "./header.ts";
import { HEADER } from "./schema_header.ts";
import { lineOf, offsetOf, placeAt } from "./source_text.ts";

/** Gives where a path's key or value stands. */
export type Placed = (path: Path, at: "key" | "value") => Where;

export function headerPlaces(file: string, text: string, locate: Locate): Placed {
  return (path, at) => {
    const span = locate(
      writtenPath(path, (each) => locate(each, "key").offset !== locate([], "key").offset),
      at,
    );
    return placeAt(file, text, span.offset, span.length);
  };
}

/** A module's options: their places where the runner found them, else the nearest above, else the export's. */
export function modulePlaces(file: string, text: string, found: DescribedExport): Placed {
  const placeOf = (path: Path) => found.places[pathText(path)];
  return (path, at) => {
    for (let length = path.length; length > 0; length--) {
      const place = placeOf(
        writtenPath(path.slice(0, length), (each) => placeOf(each) !== undefined),
      );
      if (place === undefined) continue;
      const span = at === "key" && length === path.length ? place.key : place.value;
      return placeAt(file, text, offsetOf(text, span.line, span.column), span.length);
    }
    return {
      file,
      line: found.line,
      column: found.column,
      source: lineOf(text, found.line),
      length: found.exportName === "default" ? 1 : found.exportName.length,
    };
  };
}

/** Paths are told with keys by their first name; what stands in the file may be the other spelling. */
function writtenPath(path: Path, exists: (path: Path) => boolean): Path {
  const [first, ...rest] = path;
  if (typeof first !== "string") return path;
  const names = [
    first,
    HEADER[first]?.also,
    ...Object.entries(HEADER).flatMap(([name, field]) => field.also === first ? [name] : []),
  ];
  const written = names.find((each) => each !== undefined && exists([each])) ?? first;
  return [written, ...rest];
}

export function toProblem(
  finding: Finding,
  placed: Placed,
  code: ProblemCode,
  asset?: string,
): Problem {
  return problem(finding.code ?? code, {
    message: finding.message,
    where: { ...(asset === undefined ? {} : { asset }), ...placed(finding.path, finding.at) },
    ...(finding.why === undefined ? {} : { why: finding.why }),
    ...(finding.hint === undefined ? {} : { hint: finding.hint }),
    ...(finding.path.length === 0 ? {} : { fields: { path: pathText(finding.path) } }),
  });
}
