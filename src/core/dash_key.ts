/** How a key is written in the configuration: `r`, `R`, `ctrl+r`, `shift+tab`, `f5`; and what is wrong with one. */

const NAMED: ReadonlySet<string> = new Set([
  ...["enter", "tab", "space", "backspace", "escape", "insert", "delete"],
  ...["up", "down", "left", "right", "home", "end", "pageup", "pagedown"],
  ...Array.from({ length: 20 }, (_, at) => `f${at + 1}`),
]);

const ALIASES: Readonly<Record<string, string>> = {
  esc: "escape",
  return: "enter",
  del: "delete",
  ins: "insert",
  pgup: "pageup",
  pgdn: "pagedown",
  pgdown: "pagedown",
  " ": "space",
};

const MODIFIERS: Readonly<Record<string, string>> = {
  ctrl: "ctrl",
  ctl: "ctrl",
  control: "ctrl",
  c: "ctrl",
  alt: "alt",
  meta: "alt",
  option: "alt",
  shift: "shift",
};

/** Why no terminal sends this key, and how the one is written that may be meant; null where it is right. */
export function keyTrouble(text: string): { readonly why: string; readonly hint: string } | null {
  const meant = meantBy(text);
  if (meant === text) return null;
  return {
    why: `no key is written ${text}`,
    hint: meant === null
      ? "a key is one character or a name such as enter, pageup or f5, with ctrl+, alt+ or shift+ before it"
      : `write ${meant}`,
  };
}

/** The key as it is written, read with good will; null where none can be made out. */
function meantBy(text: string): string | null {
  // The last part may itself be a plus or a minus.
  const parts = /^((?:[a-z]+[+-])*)(.+)$/isu.exec(text);
  if (parts === null) return null;
  const [, before = "", last = ""] = parts;
  const held = before.toLowerCase().split(/[+-]/).filter((each) => each !== "");
  const known = new Set(held.map((each) => MODIFIERS[each] ?? null));
  if (known.has(null)) return null;
  const small = last.toLowerCase();
  const named = NAMED.has(small) ? small : ALIASES[small] ?? null;
  if (named === null && [...last].length !== 1) return null;
  const isCtrl = known.has("ctrl");
  // A letter says itself that it is a capital; with ctrl a terminal sends no capitals.
  const base = named ?? (isCtrl ? small : known.has("shift") ? last.toUpperCase() : last);
  return [
    isCtrl ? "ctrl+" : "",
    known.has("alt") ? "alt+" : "",
    known.has("shift") && named !== null ? "shift+" : "",
    base,
  ].join("");
}
