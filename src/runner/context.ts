/** The context that `run`, `when` and checks are given: only what their definition declared. */
import { mkdirSync, rmSync } from "node:fs";
import { dirname, isAbsolute, join, relative } from "node:path";
import type { BaseContext, Download, Files, Row, UpstreamTable } from "../core/context.ts";
import { nearest } from "../core/graph/nearest.ts";
import type { JsonObject } from "../core/json.ts";
import type { InputTable, StepOrder } from "../core/order.ts";
import { problem, ProblemError } from "../core/problem/problem.ts";
import { dependenciesOf } from "../define/dependency.ts";
import { required } from "../define/env.ts";
import type { Live } from "../define/spec.ts";
import { type ConfigShape, validate } from "../define/standard.ts";
import type { Session } from "../warehouse/driver.ts";
import { StepDatabase } from "./database.ts";
import type { DownloadHost } from "./download.ts";
import { loggerOf } from "./logger.ts";
import type { StepRoom } from "./room.ts";

/** A context and what stands behind it. */
export interface Workplace {
  readonly context: BaseContext;
  readonly db: StepDatabase;
  /** Absolute; made at its first use, and removed by `end`. */
  readonly folder: string;
  end(): void;
}

export interface WorkplaceOptions {
  readonly order: StepOrder;
  readonly live: Live;
  readonly room: StepRoom;
  /** The module that the code stands in, relative to the project. */
  readonly file: string;
  readonly session: () => Promise<Session>;
  /** Tables besides the inputs: the candidate of a check. */
  readonly tables?: readonly InputTable[];
}

/** Makes a step's context. Throws a `ProblemError` for settings that do not fit. */
export async function workplace(options: WorkplaceOptions): Promise<Workplace> {
  const { order, live, room } = options;
  const folder = join(order.project, ".nycflow", "tmp", order.attempt);
  const inputs = [...order.inputs, ...options.tables ?? []];
  const named = new Map(inputs.map((each) => [each.asset as string, each]));
  const aliases: InputTable[] = [];
  for (const dependency of dependenciesOf(live.options["deps"])) {
    if (dependency.alias === null) continue;
    const [asset] = typeof dependency.asset === "string"
      ? [dependency.asset]
      : room.modules.namesOf(dependency.asset) ?? [];
    const input = asset === undefined ? undefined : named.get(asset);
    if (!input || dependency.alias === asset) continue;
    const alias = { ...input, asset: dependency.alias as InputTable["asset"] };
    named.set(dependency.alias, alias);
    aliases.push(alias);
  }
  const db = new StepDatabase({
    order,
    inputs: [...inputs, ...aliases],
    session: options.session,
    signal: room.signal,
  });
  const { config } = await configOf(order, live, room);
  const resources = await room.resources.of(live.options["resources"], room);
  // A dozen modules of numbers, which hardly any asset needs.
  const demo = room.modules.mentions(options.file, "demo")
    ? (await import("./demo.ts")).demo
    : null;
  const log = loggerOf(room.log);
  const files = filesOf(folder, order.project, room.environment);
  const context = {
    signal: room.signal,
    log,
    db: db.api,
    files,
    download: downloadLater({
      path: (name) => files.path(name),
      signal: room.signal,
      progress: room.progress,
      log: (text) => log.warn(text),
    }),
    env: (name: string, fallback?: string) =>
      required(name, room.environment.read(String(name)), fallback),
    run: { id: order.run, attempt: order.number },
    now: new Date(order.now),
    demo,
    config,
    resources,
    upstream: upstreamOf(named, db, order),
  };
  definePartition(context, order);
  return {
    context: context as unknown as BaseContext,
    db,
    folder,
    end: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** What it takes to download is loaded when something is. */
function downloadLater(host: DownloadHost): Download {
  const download = async (...asked: Parameters<Download>) => {
    const { downloadOf } = await import("./download.ts");
    return await downloadOf(host)(...asked);
  };
  return download as Download;
}

/** The step's own settings over the project's; each is noted when it is looked at. */
async function configOf(
  order: StepOrder,
  live: Live,
  room: StepRoom,
): Promise<{ readonly config: unknown }> {
  const shape = live.options["config"];
  let own: Readonly<Record<string, unknown>> = order.settings;
  if (shape !== undefined) {
    // `--set` may be meant for another step of the same run: what is no setting of this one is not its business.
    const given = isSchemaLike(shape)
      ? order.settings
      : pick(order.settings, Object.keys(shape as object));
    const found = await validate(shape as ConfigShape, given);
    if (!found.ok) throw new ProblemError(settingProblem(order, found.issues));
    if (typeof found.value !== "object" || found.value === null) return { config: found.value };
    own = found.value as Readonly<Record<string, unknown>>;
  }
  const all = { ...order.projectSettings, ...own };
  const config = new Proxy(Object.freeze(all), {
    get(target, key) {
      if (typeof key === "string") {
        room.environment.noteSetting(key, order.settings[key] ?? order.projectSettings[key]);
      }
      return Reflect.get(target, key);
    },
  });
  // Within an object, since awaiting it would look for its `then`.
  return { config };
}

function isSchemaLike(shape: unknown): boolean {
  return typeof shape === "function" ||
    (typeof shape === "object" && shape !== null && "~standard" in shape);
}

function pick(settings: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(settings).filter(([name]) => names.includes(name)));
}

function settingProblem(
  order: StepOrder,
  issues: readonly { readonly path: string; readonly message: string }[],
) {
  const [first] = issues;
  const { key, origin } = order.definition;
  return problem("setting-invalid", {
    message: `Cannot use ${first?.path ? `the setting ${first.path}` : "the settings"} of ${key}`,
    where: { asset: key, file: origin.file, line: origin.line },
    why: issues.map(({ path, message }) => path === "" ? message : `${path}: ${message}`).join(
      "; ",
    ),
    hint: `nycflow run ${key} --set ${first?.path || "name"}=…`,
  });
}

function upstreamOf(
  named: ReadonlyMap<string, InputTable>,
  db: StepDatabase,
  order: StepOrder,
): Readonly<Record<string, UpstreamTable>> {
  const made = new Map<string, UpstreamTable<Row>>();
  return new Proxy({}, {
    get(_, key) {
      if (typeof key !== "string" || key === "then") return undefined;
      const input = named.get(key);
      if (!input) throw new ProblemError(undeclared(key, [...named.keys()], order));
      let table = made.get(key);
      if (!table) made.set(key, table = db.table<Row>(input));
      return table;
    },
    has: (_, key) => typeof key === "string" && named.has(key),
    ownKeys: () => [...named.keys()],
    getOwnPropertyDescriptor: (_, key) =>
      typeof key === "string" && named.has(key)
        ? { enumerable: true, configurable: true }
        : undefined,
  });
}

function undeclared(name: string, known: readonly string[], order: StepOrder) {
  const near = nearest(name, known);
  return problem("unknown-dependency", {
    message: `Cannot read ${name} in ${order.definition.key}`,
    why: known.length === 0
      ? "it declares no dependencies"
      : `it is none of its dependencies: ${known.join(", ")}`,
    hint: near === null
      ? `add it: deps: [${JSON.stringify(name)}]`
      : `did you mean upstream.${near}?`,
  });
}

function filesOf(folder: string, project: string, environment: StepRoom["environment"]): Files {
  const made = () => {
    mkdirSync(folder, { recursive: true });
    return folder;
  };
  return {
    get folder() {
      return made();
    },
    path(name) {
      const path = join(made(), name);
      const within = relative(folder, path);
      if (within === "" || within.startsWith("..") || isAbsolute(within)) {
        throw new ProblemError(problem("result-invalid", {
          message: `Cannot make a file called ${JSON.stringify(name)}`,
          why: "it would lie outside the attempt's own folder",
          hint: 'give a name such as "trips.csv"',
        }));
      }
      mkdirSync(dirname(path), { recursive: true });
      return path;
    },
    exists: (path) => environment.lookAtFile(project, path) !== null,
  };
}

/** There only where the asset is partitioned; asking for it elsewhere says so instead of giving `undefined`. */
function definePartition(context: object, order: StepOrder): void {
  const { definition, partition, window, payload } = order;
  const scheme = definition.partitions;
  Object.defineProperty(context, "partition", {
    enumerable: scheme !== null,
    get() {
      if (scheme === null) {
        throw new ProblemError(problem("code-threw", {
          message: `Cannot give ${definition.key} a partition`,
          why: "it is not partitioned",
          hint: 'add partitions: monthly({ start: "2023-01" }), or leave partition out',
        }));
      }
      const time = window === null ? {} : {
        start: withOffset(window.startLocal, window.start),
        end: withOffset(window.endLocal, window.end),
        timezone: window.timezone,
      };
      if (scheme.type === "multi") {
        const parts = partition.split("|");
        const keys = Object.fromEntries(
          scheme.dimensions.map(({ name }, index) => [name, parts[index] ?? ""]),
        );
        return { key: partition, keys, ...time };
      }
      return scheme.type === "dynamic" ? { key: partition, payload } : { key: partition, ...time };
    },
  });
}

/** Local time and instant together are ISO 8601 with offset. */
export function withOffset(local: string, instant: number): string {
  const minutes = Math.round((Date.parse(`${local}Z`) - instant) / 60_000);
  const two = (value: number) => String(Math.trunc(value)).padStart(2, "0");
  const sign = minutes < 0 ? "-" : "+";
  return `${local}${sign}${two(Math.abs(minutes) / 60)}:${two(Math.abs(minutes) % 60)}`;
}
