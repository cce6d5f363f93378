/** `schedule()` and `sensor()`: what makes assets due besides their own cron. */
import type { BaseContext } from "../core/context.ts";
import type { Json, JsonObject } from "../core/json.ts";
import type { SpecProblem } from "../core/spec.ts";
import { assetOf } from "./dependency.ts";
import type { Duration } from "./options.ts";
import { type AssetLike, define, type Definition, isRecord } from "./spec.ts";
import { missing, needsCode, needsOptions, wrong } from "./trouble.ts";

/** Selection text (`"+trips_by_week"`), an asset, or several. */
export type Select = AssetLike | readonly AssetLike[];

/** What `schedule()` takes. */
export interface ScheduleOptions {
  /** @default the name of the export */
  readonly name?: string;
  readonly description?: string;
  /** Five fields, or a preset such as `"@daily"`. */
  readonly cron: string;
  /** IANA. @default the project's */
  readonly timezone?: string;
  readonly select: Select;
  /** What becomes of ticks that were missed. @default {"latest"} */
  readonly catchUp?: "latest" | "all" | "skip";
  /** How many missed ticks `"all"` makes up for. */
  readonly catchUpLimit?: number;
  /** A tick while the last one's run goes on. @default {"skip"} */
  readonly overlap?: "skip" | "queue";
}

/**
 * Makes what it selects due, by the clock.
 *
 * @example export const mornings = schedule({ cron: "0 6 * * *", timezone: "America/New_York", select: "group:reports" });
 */
export function schedule(options: ScheduleOptions): Definition<"schedule"> {
  return define("schedule", options, [
    ...needsOptions(options, "schedule"),
    ...selectTroubles(options, false),
  ]) as Definition<"schedule">;
}

/** What `evaluate` of a sensor is given. */
export interface SensorContext
  extends Omit<BaseContext, "db" | "demo" | "run" | "files" | "download"> {
  /** What the last evaluation gave as `cursor`; null before the first. */
  readonly cursor: Json;
  /** When a run of this sensor last began. */
  readonly lastRunAt: Date | null;
}

/** One run to be requested; a key that was requested before is not requested again. */
export interface SensorRequestOptions {
  readonly key: string;
  readonly partition?: string;
  readonly config?: JsonObject;
  /** @default the sensor's own */
  readonly select?: Select;
}

/** What `evaluate` of a sensor may answer. */
export interface SensorAnswerOptions {
  readonly requests?: readonly SensorRequestOptions[];
  /** Moves only with the runs that it stands for. Left out, it stays. */
  readonly cursor?: Json;
  /** Why there is nothing to do. */
  readonly skip?: string;
}

/** What `sensor()` takes. */
export interface SensorOptions {
  /** @default the name of the export */
  readonly name?: string;
  readonly description?: string;
  /** @default {"30s"} */
  readonly every?: Duration;
  readonly timeout?: Duration;
  /** What is requested where a request does not say. */
  readonly select?: Select;
  /** Watches files, relative to the project, instead of code: `"requests/*.json"`. */
  readonly watch?: string;
  readonly evaluate?: (
    context: SensorContext,
  ) => SensorAnswerOptions | Promise<SensorAnswerOptions | void> | void;
}

/**
 * Requests runs when something happens outside.
 *
 * @example export const requests = sensor({ watch: "requests/*.json", select: "request_chart" });
 */
export function sensor(options: SensorOptions): Definition<"sensor"> {
  const found: SpecProblem[] = [
    ...needsOptions(options, "sensor"),
    // Code may say it with each request; a file cannot.
    ...selectTroubles(options, isRecord(options) && options["watch"] !== undefined),
  ];
  if (isRecord(options)) {
    const { watch } = options;
    if (watch === undefined) {
      found.push(...needsCode(options, "evaluate", "sensor()", 'watch: "requests/*.json"'));
    } else if (options["evaluate"] !== undefined) {
      found.push(
        wrong(
          options["evaluate"],
          "evaluate",
          "nothing, since watch is given",
          "leave one of the two out",
        ),
      );
    }
  }
  return define("sensor", options, found) as Definition<"sensor">;
}

function selectTroubles(options: unknown, needed: boolean): readonly SpecProblem[] {
  if (!isRecord(options)) return [];
  const select = options["select"];
  // That a schedule lacks one is told where its other keys are looked at.
  if (select === undefined) {
    return needed ? [missing("select", "sensor()", 'select: "adhoc_request"')] : [];
  }
  const each = Array.isArray(select) ? select : [select];
  if (each.length > 0 && each.every((one) => assetOf(one) !== null)) return [];
  return [
    wrong(select, "select", "a selection, an asset, or a list of them", 'select: "+trips_by_week"'),
  ];
}
