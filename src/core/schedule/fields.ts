/**
 * Reads the five fields of a cron line. Decides what each may hold and what is said when it holds something
 * else; when it ticks, `cron.ts` says. A reader of our own, because an error must name field and range.
 */
import { nearest } from "../graph/nearest.ts";
import { err, ok, type Result } from "../result.ts";

export interface CronFields {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  /** Days of the month; `last` is the last one of each. */
  readonly days: ReadonlySet<number>;
  readonly lastDay: boolean;
  readonly months: ReadonlySet<number>;
  /** 0 is Sunday. */
  readonly weekdays: ReadonlySet<number>;
  /** `1#2`, the second Monday; 0 as the count is the last (`5L`). */
  readonly nthWeekdays: readonly { readonly weekday: number; readonly nth: number }[];
  /** The field begins with `*`: where both do not, either day is enough. */
  readonly anyDay: boolean;
  readonly anyWeekday: boolean;
}

/** What is wrong: the field's name, and a sentence. */
export interface FieldMistake {
  readonly field: string | null;
  readonly why: string;
  readonly hint: string;
}

const PRESETS: Readonly<Record<string, string>> = {
  "@yearly": "0 0 1 1 *",
  "@annually": "0 0 1 1 *",
  "@monthly": "0 0 1 * *",
  "@weekly": "0 0 * * 0",
  "@daily": "0 0 * * *",
  "@midnight": "0 0 * * *",
  "@hourly": "0 * * * *",
};

interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly names: readonly string[];
}

const MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");
const WEEKDAYS = "sun mon tue wed thu fri sat".split(" ");
const MINUTE: Field = { name: "minute", min: 0, max: 59, names: [] };
const HOUR: Field = { name: "hour", min: 0, max: 23, names: [] };
const DAY: Field = { name: "day of month", min: 1, max: 31, names: [] };
const MONTH: Field = { name: "month", min: 1, max: 12, names: MONTHS };
const WEEKDAY: Field = { name: "weekday", min: 0, max: 7, names: WEEKDAYS };

/** A cron line of five fields, or a preset such as `@daily`. */
export function readFields(text: string): Result<CronFields, FieldMistake> {
  const trimmed = text.trim().toLowerCase();
  if (trimmed.startsWith("@")) {
    const preset = PRESETS[trimmed];
    if (preset !== undefined) return readFields(preset);
    const close = nearest(trimmed, Object.keys(PRESETS));
    return err({
      field: null,
      why: trimmed === "@reboot" ? "@reboot names no time" : `there is no preset ${trimmed}`,
      hint: close === null ? `there is ${Object.keys(PRESETS).join(", ")}` : `write ${close}`,
    });
  }
  const written = trimmed === "" ? [] : trimmed.split(/\s+/);
  const [minute, hour, day, month, weekday] = written;
  if (
    minute === undefined || hour === undefined || day === undefined || month === undefined ||
    weekday === undefined || written.length > 5
  ) {
    return err({
      field: null,
      why:
        `it has ${written.length} field${written.length === 1 ? "" : "s"}, and there are five: ` +
        "minute, hour, day of month, month, weekday",
      hint: written.length === 6
        ? `seconds and years are left out: perhaps ${written.slice(1).join(" ")}`
        : "every day at 06:30 is 30 6 * * *",
    });
  }
  try {
    return ok(assemble(minute, hour, day, month, weekday));
  } catch (thrown) {
    if (thrown instanceof Refused) return err(thrown.mistake);
    throw thrown;
  }
}

/** Ends a reading from within a list of a range of a field; never leaves this file. */
class Refused extends Error {
  readonly mistake: FieldMistake;
  constructor(field: Field, why: string, hint?: string) {
    super(why);
    const names = field.names.length === 0
      ? ""
      : `, or ${field.names[0]} to ${field.names[field.names.length - 1]}`;
    this.mistake = {
      field: field.name,
      why: `${field.name}: ${why}`,
      hint: hint ??
        `${field.name} is ${field.min} to ${field.max}${names}, *, or lists and ranges of these`,
    };
  }
}

function assemble(
  minute: string,
  hour: string,
  day: string,
  month: string,
  weekday: string,
): CronFields {
  const dayItems = day.split(","), weekdayItems = weekday.split(",");
  const plainDays = dayItems.filter((each) => each !== "l");
  const nth = weekdayItems.map(readNth).filter((each) => each !== null);
  const plainWeekdays = weekdayItems.filter((each) => readNth(each) === null);
  const found: CronFields = {
    minutes: [...readList(MINUTE, minute.split(","))].sort((a, b) => a - b),
    hours: [...readList(HOUR, hour.split(","))].sort((a, b) => a - b),
    days: readList(DAY, plainDays),
    lastDay: plainDays.length < dayItems.length,
    months: readList(MONTH, month.split(",")),
    weekdays: new Set([...readList(WEEKDAY, plainWeekdays)].map((each) => each % 7)),
    nthWeekdays: nth,
    anyDay: /^[*?]/.test(day),
    anyWeekday: /^[*?]/.test(weekday),
  };
  refuseImpossible(found, day, month);
  return found;
}

function readNth(item: string): { weekday: number; nth: number } | null {
  const found = /^(\w+)#(\d+)$/.exec(item);
  const last = /^(\d|sun|mon|tue|wed|thu|fri|sat)l$/.exec(item);
  if (found?.[1] !== undefined) {
    const nth = Number(found[2]);
    if (nth < 1 || nth > 5) {
      throw new Refused(WEEKDAY, `${item} counts to ${nth}`, "a month has a first to fifth: mon#1");
    }
    return { weekday: readValue(WEEKDAY, found[1]) % 7, nth };
  }
  return last?.[1] === undefined ? null : { weekday: readValue(WEEKDAY, last[1]) % 7, nth: 0 };
}

function readList(field: Field, items: readonly string[]): ReadonlySet<number> {
  const values = new Set<number>();
  for (const item of items) {
    const [range = "", step, ...more] = item.split("/");
    if (more.length > 0 || range === "") {
      throw new Refused(field, `${item === "" ? "an empty item" : item} is no value`);
    }
    const every = step === undefined ? 1 : readStep(field, item, step);
    const { from, to } = readRange(field, range, step !== undefined);
    for (let value = from; value <= to; value += every) values.add(value);
  }
  return values;
}

function readStep(field: Field, item: string, step: string): number {
  const every = /^\d+$/.test(step) ? Number(step) : 0;
  if (every >= 1 && every <= field.max) return every;
  throw new Refused(
    field,
    `${item} steps by ${step === "" ? "nothing" : step}`,
    "*/2 is every second one",
  );
}

function readRange(field: Field, range: string, stepped: boolean): { from: number; to: number } {
  if (range === "*" || (range === "?" && (field === DAY || field === WEEKDAY))) {
    return { from: field.min, to: field === WEEKDAY ? 6 : field.max };
  }
  const [first = "", second, ...more] = range.split("-");
  if (more.length > 0) throw new Refused(field, `${range} is no range`);
  const from = readValue(field, first);
  if (second === undefined) {
    return { from, to: stepped ? (field === WEEKDAY ? 6 : field.max) : from };
  }
  const to = readValue(field, second);
  if (to >= from) return { from, to };
  // sat-sun: Sunday is 7 as well as 0.
  if (field === WEEKDAY && to === 0) return { from, to: 7 };
  throw new Refused(
    field,
    `${range} runs backwards`,
    `write ${first}-${field === WEEKDAY ? 6 : field.max},${field.min}-${second}`,
  );
}

function readValue(field: Field, text: string): number {
  const named = field.names.findIndex((each) => text === each || longName(each, text));
  if (named >= 0) return named + field.min;
  if (!/^\d+$/.test(text)) {
    throw new Refused(
      field,
      /^\d+w$/.test(text)
        ? `${text}: the nearest working day is not supported`
        : `${text} is no value`,
    );
  }
  const value = Number(text);
  if (value >= field.min && value <= field.max) return value;
  throw new Refused(field, `${text} is not within ${field.min} to ${field.max}`);
}

function longName(short: string, text: string): boolean {
  const long = [
    "january february march april may june july august september october november december",
    "sunday monday tuesday wednesday thursday friday saturday",
  ].join(" ").split(" ");
  return long.includes(text) && text.startsWith(short);
}

const LONGEST = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function refuseImpossible(fields: CronFields, day: string, month: string): void {
  if (fields.anyDay || fields.lastDay || !fields.anyWeekday) return;
  const possible = [...fields.months].some((each) =>
    [...fields.days].some((one) => one <= (LONGEST[each - 1] ?? 31))
  );
  if (!possible) {
    throw new Refused(
      DAY,
      `day ${day} never comes in month ${month}`,
      "l is the last day of every month",
    );
  }
}
