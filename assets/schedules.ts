/**
 * When things are made anew although nothing has changed. The TLC adds a month of trips at a time, so the files are
 * looked at on the 5th of each month; a week is over when Monday begins.
 *
 * `nycflow schedules` shows the next times and what the last ones did. A schedule counts from when it was first seen.
 */
import { schedule } from "nycflow";

export const new_trips = schedule({ cron: "0 0 5 * *", select: "taxi_trips_file" });

export const new_week = schedule({ cron: "0 0 * * 1", select: "trips_by_week" });
