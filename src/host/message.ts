/** What somebody outside is told. */
import type { JsonObject } from "../core/json.ts";

export interface Message {
  /** One line. */
  readonly subject: string;
  /** Several lines, plain. */
  readonly text: string;
  /** The same as data. */
  readonly fields: JsonObject;
}
