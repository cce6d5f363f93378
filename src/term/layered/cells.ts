// Decides which character stands where lines run, meet and pass each other. A line that passes
// another without meeting it goes over it: `─│─`; where lines meet there is a corner, tee or cross.

import type { Style } from "../style.ts";

export const UP = 1, RIGHT = 2, DOWN = 4, LEFT = 8;

/** What a cell of lines holds: the sides at which it is open, and whether two lines only pass. */
export interface LineCell {
  arms: number;
  over: boolean;
}

const UNICODE = " ╵╶╰╷│╭├╴╯─┴╮┤┬┼";
const ASCII = " |-+||++-+-++++++";

/** The character of a cell. */
export function lineChar(cell: LineCell, style: Pick<Style, "unicode">): string {
  if (cell.over) return style.unicode ? "│" : "|";
  return (style.unicode ? UNICODE : ASCII)[cell.arms] as string;
}

/** The head of an arrow. */
export function arrowChar(direction: "right" | "down", style: Pick<Style, "unicode">): string {
  if (direction === "right") return style.unicode ? "▸" : ">";
  return style.unicode ? "▾" : "v";
}

/** A grid of cells that lines are drawn on; whoever draws a line names it by a number. */
export class LineGrid {
  readonly #cells = new Map<string, Map<number, number>>();

  /** A straight line between two cells, both included, from middle to middle. */
  line(net: number, x0: number, y0: number, x1: number, y1: number): void {
    const [left, right] = [Math.min(x0, x1), Math.max(x0, x1)];
    const [top, bottom] = [Math.min(y0, y1), Math.max(y0, y1)];
    for (let x = left; x <= right; x++) {
      for (let y = top; y <= bottom; y++) {
        let arms = 0;
        if (x > left) arms |= LEFT;
        if (x < right) arms |= RIGHT;
        if (y > top) arms |= UP;
        if (y < bottom) arms |= DOWN;
        this.arm(net, x, y, arms);
      }
    }
  }

  /** Opens a cell to some sides. */
  arm(net: number, x: number, y: number, arms: number): void {
    const id = `${x} ${y}`;
    const cell = this.#cells.get(id) ?? new Map<number, number>();
    cell.set(net, (cell.get(net) ?? 0) | arms);
    this.#cells.set(id, cell);
  }

  /** All cells that hold lines; two of different names that go straight through only pass. */
  cells(): (LineCell & { readonly x: number; readonly y: number })[] {
    return [...this.#cells].map(([id, nets]) => {
      const [x, y] = id.split(" ").map(Number) as [number, number];
      const all = [...nets.values()];
      const over = all.length > 1 &&
        all.every((arms) => arms === (LEFT | RIGHT) || arms === (UP | DOWN));
      return { x, y, arms: all.reduce((sum, arms) => sum | arms, 0), over };
    });
  }
}
