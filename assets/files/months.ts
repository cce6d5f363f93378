/**
 * Which months of trips there are: TAXI_FROM to TAXI_TO, both included.
 *
 * They are read while this module is imported, not while an asset runs. So they belong to the definition: another
 * TAXI_TO gives the assets more months or fewer, and the months that are there stay as they are.
 *
 * A module that exports no asset, like this one, is only something for others to import.
 */
import { env } from "nycflow";

const FIRST = "2023-01";
const LAST = "2023-03";

/** True: every month that has ended, as far as its file is there. */
const followsLatest = env("TAXI_TO", "") === "latest";

/** For `monthly()`, whose `end` is the first moment that no longer belongs to it. */
export const months = followsLatest
  ? { start: monthIn("TAXI_FROM", FIRST) }
  : span(monthIn("TAXI_FROM", FIRST), monthIn("TAXI_TO", LAST));

function span(from: string, to: string): { readonly start: string; readonly end: string } {
  if (from > to) {
    throw new Error(
      `TAXI_FROM (${from}) comes after TAXI_TO (${to}); both are months, and both are included`,
    );
  }
  const [year = 0, month = 0] = to.split("-").map(Number);
  const after = month === 12 ? [year + 1, 1] : [year, month + 1];
  return { start: from, end: after.map((part) => String(part).padStart(2, "0")).join("-") };
}

/** A variable that is set to nothing, as in `TAXI_TO=`, counts as one that is not set. */
function monthIn(name: string, fallback: string): string {
  const value = env(name, "") || fallback;
  if (/^\d{4}-(0[1-9]|1[0-2])$/.test(value) && value >= "2009-01") return value;
  const latest = name === "TAXI_TO" ? ", or latest" : "";
  throw new Error(
    `${name}=${value} is no month; write one as ${fallback}, from 2009-01 on${latest}`,
  );
}
