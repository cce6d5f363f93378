// Writes SVG as text: escaped, numbers short, always in the order given, so that the same drawing
// is the same bytes. It knows no chart.

/** Text as it may stand between tags and in quoted attributes; what XML forbids is left out. */
export function escape(text: string): string {
  return text.replace(/[^\t\n\r -\ufffd]/g, "")
    .replace(/[&<>"]/g, (char) => ENTITIES[char] as string);
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

/** A coordinate: a tenth of a pixel is below what can be seen. */
export function n(value: number): string {
  const text = (Math.round(value * 10) / 10).toString();
  return text === "-0" ? "0" : text;
}

export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** `<name a="1">inner</name>`; numbers are rounded as coordinates, undefined ones left out. */
export function el(name: string, attributes: Attributes, inner = ""): string {
  let out = `<${name}`;
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined) continue;
    out += ` ${key}="${typeof value === "number" ? n(value) : escape(value)}"`;
  }
  return inner === "" ? `${out}/>` : `${out}>${inner}</${name}>`;
}

/** Text at a place; its class says how it looks. */
export function label(x: number, y: number, text: string, more: Attributes = {}): string {
  return text === "" ? "" : el("text", { x, y, ...more }, escape(text));
}

/** What a reader sees when pointing at something, and what a screen reader says. */
export function hint(text: string): string {
  return `<title>${escape(text)}</title>`;
}
