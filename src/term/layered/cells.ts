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
  readonly cells = new Map<string, LineCell & { readonly nets: Set<number> }>();

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
        this.#add(net, x, y, arms);
      }
    }
  }

  /** An end that reaches over to the next cell. */
  arm(net: number, x: number, y: number, arms: number): void {
    this.#add(net, x, y, arms);
  }

  #add(net: number, x: number, y: number, arms: number): void {
    const id = `${x} ${y}`;
    const found = this.cells.get(id);
    if (found === undefined) {
      this.cells.set(id, { arms, over: false, nets: new Set([net]) });
      return;
    }
    const straight = LEFT | RIGHT, upright = UP | DOWN;
    const crossing = !found.nets.has(net) &&
      ((found.arms === straight && arms === upright) ||
        (found.arms === upright && arms === straight));
    // A third line through a crossing, or one that ends in it, makes it a meeting again.
    found.over = found.nets.has(net) ? found.over && (arms & ~found.arms) === 0 : crossing;
    found.arms |= arms;
    found.nets.add(net);
  }
}
