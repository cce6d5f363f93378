/** Plain data, as it travels on the runner's channel, in events and in documents. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
/** An object of JSON values. */
export interface JsonObject {
  readonly [key: string]: Json;
}
