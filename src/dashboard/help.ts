/** The help of a screen: all its keys, from the table that they are looked up in. */
import { paint } from "../term/style.ts";
import { pad, width, wrap } from "../term/width.ts";
import { bindingsOn } from "./bindings.ts";
import { type Model, placeOf } from "./model.ts";

/** Columns between keys and words, and what the frame takes. */
const GAP = 2;
const FRAME = 4;

/** As wide as fits into a frame across the whole terminal; what a key does is wrapped, not cut. */
export function helpLines(model: Model): readonly string[] {
  const { style } = model;
  const room = Math.max(10, model.columns - FRAME);
  const rows = bindingsOn(model.keys, placeOf(model).screen).map((each) => ({
    ...each,
    shown: each.keys.map((key) => key === "escape" ? "esc" : key).join(", "),
    off: each.acts === true && model.readOnly,
  }));
  const keys = Math.min(
    Math.floor(room * 0.4),
    Math.max(...rows.map(({ shown }) => width(shown))),
  );
  return rows.flatMap(({ shown, help, off }) => {
    const text = off ? `${help} (not here: dash only looks)` : help;
    const left = wrap(shown, keys);
    const right = wrap(text, Math.max(8, room - keys - GAP));
    return Array.from({ length: Math.max(left.length, right.length) }, (_, row) => {
      const words = right[row] ?? "";
      const key = paint(style, "key", pad(left[row] ?? "", keys));
      return `${key}${" ".repeat(GAP)}${off ? paint(style, "dim", words) : words}`;
    });
  });
}
