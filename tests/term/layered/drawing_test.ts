// A layered drawing is right when a reader who follows its lines finds exactly the arrows of the
// graph. So the tests read the drawing as a reader does, character by character.

import { deepEqual, equal, ok, throws } from "node:assert/strict";
import fc from "fast-check";
import { arrowChar, lineChar } from "../../../src/term/layered/cells.ts";
import { drawLayered, type LayeredDrawing } from "../../../src/term/layered/drawing.ts";
import type { Edge } from "../../../src/term/layered/layers.ts";

type Direction = "right" | "down";

/** Up, right, down, left: the sides at which each character is open. */
const SIDES: Readonly<Record<string, readonly [number, number, number, number]>> = {
  "│": [1, 0, 1, 0],
  "─": [0, 1, 0, 1],
  "╭": [0, 1, 1, 0],
  "╮": [0, 0, 1, 1],
  "╰": [1, 1, 0, 0],
  "╯": [1, 0, 0, 1],
  "├": [1, 1, 1, 0],
  "┤": [1, 0, 1, 1],
  "┬": [0, 1, 1, 1],
  "┴": [1, 1, 0, 1],
  "┼": [1, 1, 1, 1],
};
const STEPS = [[0, -1], [1, 0], [0, 1], [-1, 0]] as const;

/** The drawing as rows of characters; a node is its letter, repeated. */
function rowsOf(drawing: LayeredDrawing, sizes: readonly number[], direction: Direction): string[] {
  const rows = Array.from({ length: drawing.rows }, () => Array(drawing.columns).fill(" "));
  const put = (x: number, y: number, char: string) => {
    equal(rows[y]?.[x], " ", `two things at ${x},${y}`);
    (rows[y] as string[])[x] = char;
  };
  for (const { x, y, ...cell } of drawing.lines) put(x, y, lineChar(cell, { unicode: true }));
  for (const { x, y } of drawing.heads) put(x, y, arrowChar(direction, { unicode: true }));
  drawing.nodes.forEach(({ x, y }, node) => {
    for (let i = 0; i < (sizes[node] as number); i++) put(x + i, y, letter(node));
  });
  return rows.map((row) => row.join(""));
}

const letter = (node: number) => String.fromCodePoint(0x4e00 + node);

/** The arrows that a reader finds: never back against their direction, straight over what passes. */
function read(rows: readonly string[], count: number, direction: Direction): string[] {
  const at = (x: number, y: number) => rows[y]?.[x] ?? " ";
  const head = arrowChar(direction, { unicode: true });
  const back = direction === "right" ? 3 : 0;
  const found = new Set<string>();
  for (let node = 0; node < count; node++) {
    const cells = rows.flatMap((row, y) =>
      [...row].flatMap((char, x) => char === letter(node) ? [[x, y] as const] : [])
    );
    const seen = new Set<string>();
    const follow = (x: number, y: number, side: number): void => {
      const [dx, dy] = STEPS[side] as readonly [number, number];
      const [nx, ny] = [x + dx, y + dy];
      const id = `${nx} ${ny} ${side}`;
      if (seen.has(id)) return;
      seen.add(id);
      const char = at(nx, ny);
      if (char === head) {
        for (const far of [1, 2]) {
          const target = direction === "right" ? at(nx + far, ny) : at(nx, ny + far);
          if (target >= letter(0)) {
            found.add(`${node}>${target.codePointAt(0)! - 0x4e00}`);
            return;
          }
        }
        throw new Error(`an arrow to nothing at ${nx},${ny}\n${rows.join("\n")}`);
      }
      const sides = SIDES[char];
      const from = (side + 2) % 4;
      if (char === "│" && side % 2 === 1) {
        // it passes: straight on to the other side
        follow(nx, ny, side);
        return;
      }
      ok(
        sides !== undefined && sides[from] === 1,
        `a loose end at ${nx},${ny}\n${rows.join("\n")}`,
      );
      for (const out of [0, 1, 2, 3]) {
        if (sides[out] === 1 && out !== from && out !== back) follow(nx, ny, out);
      }
    };
    for (const [x, y] of cells) {
      if (direction === "down") {
        if (SIDES[at(x, y + 1)]?.[0] === 1) follow(x, y, 2);
      } else if (at(x + 1, y) === " " && SIDES[at(x + 2, y)]?.[3] === 1) follow(x + 1, y, 1);
    }
  }
  return [...found].sort();
}

function checkDrawing(
  sizes: readonly number[],
  edges: readonly Edge[],
  direction: Direction,
): void {
  const drawing = drawLayered(sizes, edges, { direction, columns: 100_000 });
  ok(drawing !== null);
  const rows = rowsOf(drawing, sizes, direction);
  const wanted = [...new Set(edges.map(([from, to]) => `${from}>${to}`))].sort();
  deepEqual(read(rows, sizes.length, direction), wanted, rows.join("\n"));
}

const graphs = fc.integer({ min: 2, max: 14 }).chain((count) =>
  fc.record({
    sizes: fc.array(fc.integer({ min: 3, max: 9 }), { minLength: count, maxLength: count }),
    edges: fc.array(
      fc.tuple(fc.nat(count - 1), fc.nat(count - 1)).filter(([a, b]) => a !== b)
        .map(([a, b]): Edge => a < b ? [a, b] : [b, a]),
      { maxLength: count * 2 },
    ),
  })
);

for (const direction of ["right", "down"] as const) {
  Deno.test(`whoever follows the lines (${direction}) finds exactly the arrows`, () => {
    fc.assert(
      fc.property(graphs, ({ sizes, edges }) => checkDrawing(sizes, edges, direction)),
      { numRuns: 1000 },
    );
  });
}

Deno.test("a fan, a diamond, a swap and a full square are drawn without a wrong line", () => {
  const sizes = Array(6).fill(4) as number[];
  for (const direction of ["right", "down"] as const) {
    checkDrawing(sizes, [[0, 1], [0, 2], [0, 3], [0, 4], [0, 5]], direction);
    checkDrawing(sizes, [[0, 1], [0, 2], [1, 3], [2, 3], [0, 3]], direction);
    checkDrawing(sizes, [[0, 3], [0, 4], [1, 3], [1, 4], [2, 5], [0, 5], [2, 3]], direction);
    checkDrawing(sizes, [[0, 2], [0, 3], [1, 2], [1, 3], [4, 5]], direction);
  }
});

Deno.test("a tree is drawn without a crossing", () => {
  const edges: Edge[] = [];
  for (let node = 1; node < 40; node++) edges.push([(node - 1) >> 1, node]);
  const drawing = drawLayered(Array(40).fill(5) as number[], edges, {
    direction: "right",
    columns: 200,
  });
  deepEqual(drawing?.lines.filter((line) => line.over), []);
});

Deno.test("what is too wide is no drawing; from top to bottom a wide layer is cut", () => {
  const fan = Array.from({ length: 12 }, (_, i): Edge => [0, i + 1]);
  const sizes = Array(13).fill(20) as number[];
  equal(drawLayered(sizes, [[0, 1], [1, 2], [2, 3]], { direction: "right", columns: 60 }), null);
  const down = drawLayered(sizes, fan, { direction: "down", columns: 70 });
  ok(down !== null && down.columns <= 70);
  deepEqual(
    read(rowsOf(down, sizes, "down"), 13, "down"),
    fan.map(([a, b]) => `${a}>${b}`).sort(),
  );
  equal(drawLayered([90], [], { direction: "down", columns: 70 }), null);
});

Deno.test("nodes without arrows stand below each other, and a cycle is refused", () => {
  const drawing = drawLayered([4, 4, 4], [], { direction: "right", columns: 10 });
  deepEqual(drawing?.nodes.map(({ y }) => y), [0, 1, 2]);
  throws(() => drawLayered([4, 4], [[0, 1], [1, 0]], { direction: "right", columns: 40 }), /cycle/);
});
