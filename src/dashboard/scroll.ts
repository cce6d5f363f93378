/** A cursor in a list, or a place in a text, and the part of it that is seen. */

export interface Scroll {
  /** The marked line. */
  readonly cursor: number;
  /** The first line that is seen. */
  readonly top: number;
}

export const AT_TOP: Scroll = { cursor: 0, top: 0 };

/** The same scroll with cursor and top where they may stand: the cursor in the list, and seen. */
export function settled(scroll: Scroll, length: number, rows: number): Scroll {
  const cursor = Math.max(0, Math.min(length - 1, scroll.cursor));
  const seen = Math.max(1, rows);
  const most = Math.max(0, length - seen);
  const top = Math.max(0, Math.min(most, scroll.top, cursor), cursor - seen + 1);
  return cursor === scroll.cursor && top === scroll.top ? scroll : { cursor, top };
}

/** Where an action moves the cursor of a list; null where it is no movement. */
export function moved(scroll: Scroll, action: string, length: number, rows: number): Scroll | null {
  const page = Math.max(1, rows - 1);
  const to = (cursor: number) => settled({ ...scroll, cursor }, length, rows);
  switch (action) {
    case "up":
      return to(scroll.cursor - 1);
    case "down":
      return to(scroll.cursor + 1);
    case "page-up":
      return to(scroll.cursor - page);
    case "page-down":
      return to(scroll.cursor + page);
    case "first":
      return to(0);
    case "last":
      return to(length - 1);
    default:
      return null;
  }
}

/** The same for a text without a marked line: movements move what is seen. */
export function scrolled(top: number, action: string, length: number, rows: number): number | null {
  const most = Math.max(0, length - rows);
  const to = (next: number) => Math.max(0, Math.min(most, next));
  switch (action) {
    case "up":
      return to(top - 1);
    case "down":
      return to(top + 1);
    case "page-up":
      return to(top - Math.max(1, rows - 1));
    case "page-down":
      return to(top + Math.max(1, rows - 1));
    case "first":
      return 0;
    case "last":
      return most;
    default:
      return null;
  }
}
