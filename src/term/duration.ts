// Decides how lengths of time and distances from now read. It does not know a clock or a time
// zone: both moments are given, in milliseconds.

const SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE, DAY = 24 * HOUR;

/** 1234 as "1.2 s", 180000 as "3 min", 95000 as "1 min 35 s", 40 as "40 ms". */
export function duration(ms: number): string {
  if (!Number.isFinite(ms)) return "?";
  if (ms < 0) return `-${duration(-ms)}`;
  if (ms < 0.5 && ms > 0) return "<1 ms";
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 9950) return `${(ms / SECOND).toFixed(1).replace(/\.0$/, "")} s`;
  const seconds = Math.round(ms / SECOND);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return two(Math.floor(seconds / 60), "min", seconds % 60, "s");
  const minutes = Math.round(ms / MINUTE);
  if (minutes < 24 * 60) return two(Math.floor(minutes / 60), "h", minutes % 60, "min");
  const hours = Math.round(ms / HOUR);
  return two(Math.floor(hours / 24), "d", hours % 24, "h");
}

function two(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}

/** One unit only, for narrow columns: "40 ms", "12 s", "3 min", "5 h", "2 d". */
export function shortDuration(ms: number): string {
  if (!Number.isFinite(ms)) return "?";
  if (ms < 0) return `-${shortDuration(-ms)}`;
  if (ms < 59.5 * SECOND) return duration(ms);
  if (ms < 59.5 * MINUTE) return `${Math.round(ms / MINUTE)} min`;
  if (ms < 23.5 * HOUR) return `${Math.round(ms / HOUR)} h`;
  return `${Math.round(ms / DAY)} d`;
}

/** A moment seen from `now`: "just now", "3 min ago", "in 2 h", "5 d ago". */
export function relativeTime(at: number, now: number): string {
  if (!Number.isFinite(at)) return "never";
  const apart = Math.abs(now - at);
  if (apart < SECOND) return "just now";
  const length = apart < MINUTE ? `${Math.floor(apart / SECOND)} s` : longUnit(apart);
  return at <= now ? `${length} ago` : `in ${length}`;
}

/** Whole units that have passed: after 119 s it is 1 min ago, not 2. */
function longUnit(ms: number): string {
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`;
  if (ms < DAY) return `${Math.floor(ms / HOUR)} h`;
  if (ms < 60 * DAY) return `${Math.floor(ms / DAY)} d`;
  if (ms < 730 * DAY) return `${Math.floor(ms / (30.44 * DAY))} months`;
  return `${Math.floor(ms / (365.25 * DAY))} years`;
}
