/**
 * What asset modules import as `nycflow`: functions that say what there is (and do nothing), results for `run` to
 * return, and the types of its context.
 *
 * @module
 */
export {
  asset,
  type AssetOptions,
  assets,
  type AssetsOptions,
  type CodeOptions,
  type Outputs,
  type ResourcesLike,
  type RowsOfReturn,
} from "./define/asset.ts";
export {
  schedule,
  type ScheduleOptions,
  type Select,
  sensor,
  type SensorAnswerOptions,
  type SensorContext,
  type SensorOptions,
  type SensorRequestOptions,
} from "./define/automation.ts";
export {
  check,
  type CheckContext,
  type CheckVerdict,
  type CodeCheckOptions,
} from "./define/check.ts";
export {
  defineConfig,
  type NotifyOptions,
  type NotifyWhen,
  type ProjectOptions,
} from "./define/config.ts";
export { env } from "./define/env.ts";
export type {
  CheckModifiers,
  CheckOptions,
  ColumnOptions,
  Dependencies,
  DependencyLike,
  DependencyOptions,
  Duration,
  FreshnessOptions,
  Mapping,
  OutputOptions,
  RetryOptions,
  StepOptions,
} from "./define/options.ts";
export {
  daily,
  dynamicKeys,
  hourly,
  monthly,
  type Partitions,
  staticKeys,
  twoDimensions,
  type Weekday,
  weekly,
  type WeekOptions,
  type WindowOptions,
  yearly,
} from "./define/partitions.ts";
export {
  type Resource,
  resource,
  type ResourceContext,
  type ResourceOptions,
} from "./define/resource.ts";
export { chart, fatal, file, result, skip } from "./define/results.ts";
export {
  type Observation,
  type ObserveContext,
  shell,
  type ShellOptions,
  source,
  type SourceOptions,
} from "./define/shell.ts";
export type { Asset, AssetLike, Definition } from "./define/spec.ts";
export type {
  ConfigOf,
  ConfigShape,
  SchemaIssue,
  SchemaResult,
  StandardSchema,
} from "./define/standard.ts";
export type { Context, ResourcesOf, UpstreamOf } from "./define/typed.ts";
export type {
  BaseContext,
  ChartResult,
  ChartSpec,
  Database,
  Demo,
  Download,
  DownloadOptions,
  DownloadOrSkip,
  DynamicPartition,
  FileFormatName,
  FileResult,
  Files,
  Logger,
  Publishable,
  Relation,
  Row,
  RowOfName,
  Rows,
  Skip,
  SqlName,
  StaticPartition,
  StepReturn,
  Tables,
  TimePartition,
  TwoPartition,
  UpstreamTable,
  WithMetadata,
} from "./core/context.ts";
export type { Json, JsonObject } from "./core/json.ts";
export { schema, type SchemaField, type SchemaOf } from "./define/schema.ts";
