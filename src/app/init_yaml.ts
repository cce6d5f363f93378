/** Texts as YAML in a SQL header: plain where nothing else could be meant, else quoted, and never an end of comment. */

const PLAIN = /^[\p{L}_][\p{L}\p{N}_ -]*(?<! )$/u;
const OTHERWISE = /^(?:true|false|yes|no|on|off|y|n|null)$/i;

/** A scalar that is read as exactly this text, also within `[…]` and `{…}`. */
export function yaml(text: string): string {
  if (PLAIN.test(text) && !OTHERWISE.test(text)) return text;
  // In double quotes YAML takes JSON's escapes, and `\/` for a slash.
  return JSON.stringify(text).replaceAll("*/", "*\\/").replace(
    /[\u007f-\u009f\u2028\u2029]/g,
    (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
