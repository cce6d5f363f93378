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

/** Rows are told apart by this: no drawing is as wide. */
const ROW = 1 << 20;

/** A grid of cells that lines are drawn on; whoever draws a line names it by a number. */
export class LineGrid {
  /** By place, what each line does there: its number, then the sides at which it opens the cell. */
  readonly #cells = new Map<number, number[]>();

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
    const id = y * ROW + x;
    const cell = this.#cells.get(id);
    if (cell === undefined) {
      this.#cells.set(id, [net, arms]);
      return;
    }
    for (let at = 0; at < cell.length; at += 2) {
      if (cell[at] !== net) continue;
      cell[at + 1] = (cell[at + 1] as number) | arms;
      return;
    }
    cell.push(net, arms);
  }

  /** All cells that hold lines; two of different names that go straight through only pass. */
  cells(): (LineCell & { readonly x: number; readonly y: number })[] {
    const found: (LineCell & { readonly x: number; readonly y: number })[] = [];
    for (const [id, nets] of this.#cells) {
      let arms = 0, over = nets.length > 2;
      for (let at = 1; at < nets.length; at += 2) {
        const own = nets[at] as number;
        arms |= own;
        over &&= own === (LEFT | RIGHT) || own === (UP | DOWN);
      }
      found.push({ x: id % ROW, y: Math.floor(id / ROW), arms, over });
    }
    return found;
  }
}
