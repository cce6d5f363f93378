/** `demo` of a context: the embedded generator, loaded when it is asked for the first time. */
import type { Demo } from "../core/context.ts";
import { demoTripsSql } from "../../fixtures/trips.ts";
import { demoZonesCsv } from "../../fixtures/outlines.ts";

export const demo: Demo = {
  tripsSql: (options) => demoTripsSql(options),
  zonesCsv: () => demoZonesCsv(),
};
