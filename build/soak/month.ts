// A month of hourly ticks, as fast as they are answered: an `up` that stays, a clock in a file that is moved on hour by
// hour, a sensor that is code, a watched folder, and a request now and then. Each tick is answered once, and memory and
// handles of the process that stays do not grow. Linux alone tells both.

import { type ChildProcess, spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { verify } from "./verify.ts";

export interface MonthOptions {
  readonly program: readonly string[];
  /** An empty folder. */
  readonly folder: string;
  readonly days: number;
  readonly say: (line: string) => void;
}

const HOUR = 3_600_000;
const START = Date.parse("2024-01-01T00:30:00Z");
/** A tick that is not answered in so long is lost. */
const PATIENCE_MS = 30_000;
/** What a process may gain over a month, as a share of what it had once it was warm. */
const GROWTH = 1.15;
/** What the binary may have resident at any instant; from source the other runtime holds more. */
const MOST_BYTES = 80e6;

const FILES: Readonly<Record<string, string>> = {
  "assets/hourly.sql": "/* @asset\nschedule: '0 * * * *'\n*/\nselect now() as made_at\n",
  "assets/asked.ts": `import { asset, dynamicKeys, sensor } from "nycflow";
export const answer = asset({ partitions: dynamicKeys(), config: { n: 0 }, run: ({ config }) => [{ n: config.n }] });
export const drops = sensor({ watch: "requests/*.json", select: "answer" });
export const looks = sensor({ every: "6h", select: "answer", evaluate: () => ({ skip: "nothing new" }) });
`,
};

interface Sample {
  /** Resident, with what is mapped from the program's file and shared by all that run it. */
  readonly rss: number;
  /** Its own alone. */
  readonly own: number;
  readonly handles: number;
  /** The most that was resident at any instant since it began. */
  readonly most: number;
}

/** Gives what went wrong; null where it cannot be measured here. */
export async function month(options: MonthOptions): Promise<readonly string[] | null> {
  const { folder, days, say } = options;
  if (process.platform !== "linux") {
    say("left out: it needs Linux");
    return null;
  }
  const project = join(folder, "project"), clock = join(folder, "clock");
  for (const each of ["assets", "requests"]) mkdirSync(join(project, each), { recursive: true });
  for (const [path, text] of Object.entries(FILES)) writeFileSync(join(project, path), text);
  const setClock = (at: number) => {
    // At once: a child may read it at any moment.
    writeFileSync(`${clock}.part`, new Date(at).toISOString());
    renameSync(`${clock}.part`, clock);
  };
  setClock(START);
  const up = new Staying(options.program, project, clock);
  const samples: Sample[] = [];
  const wrong: string[] = [];
  try {
    await up.made("hourly");
    for (let hour = 1; hour <= days * 24; hour++) {
      setClock(START + hour * HOUR);
      // A sign in the project's folder, since a clock that jumps tells nothing.
      writeFileSync(join(project, "sign"), String(hour));
      await up.made("hourly");
      if (hour % 24 === 12) {
        writeFileSync(join(project, `requests/day${hour}.json`), JSON.stringify({ n: hour }));
        await up.made("answer");
      }
      samples.push(up.sample());
      if (hour % 24 === 0) {
        const { rss, own, handles, most } = samples[samples.length - 1]!;
        const [all, alone, peak] = [rss, own, most].map((each) => (each / 1e6).toFixed(1));
        say(
          `day ${hour / 24} of ${days}: ${all} MB, ${alone} its own, ${peak} at the most, ` +
            `${handles} handles`,
        );
      }
    }
  } catch (error) {
    wrong.push(`${error instanceof Error ? error.message : error}\n${up.text}`);
  } finally {
    await up.end();
  }
  const found = await verify(project);
  const { hourly = 0 } = found.made;
  // The first was missing; each tick since is one.
  if (hourly !== days * 24 + 1) wrong.push(`hourly was made ${hourly} times in ${days} days`);
  if (found.made["answer"] !== days) wrong.push(`${found.made["answer"]} of ${days} answers`);
  if (found.claims + found.open > 0) wrong.push("claims or runs are left");
  wrong.push(...found.wrong, ...growth(samples));
  const most = samples.at(-1)?.most ?? 0;
  if (options.program.length === 1 && most > MOST_BYTES) {
    wrong.push(`${most / 1e6} MB were resident at the most`);
  }
  const logs = sizeOf(join(project, ".nycflow", "logs"));
  const state = statSync(join(project, ".nycflow", "state.db")).size;
  say(`state ${(state / 1e6).toFixed(1)} MB, logs ${(logs / 1e6).toFixed(1)} MB`);
  return wrong;
}

/** Compares what it had once it was warm with what it had in the end, by medians. */
function growth(samples: readonly Sample[]): readonly string[] {
  const part = Math.floor(samples.length / 6);
  if (part < 3) return [];
  const first = samples.slice(part, 2 * part), last = samples.slice(-part);
  const wrong: string[] = [];
  const medians = (of: (sample: Sample) => number) =>
    [first, last].map((each) => median(each.map(of)));
  for (const which of ["rss", "own"] as const) {
    const [warm = 0, end = 0] = medians((one) => one[which]);
    if (end > warm * GROWTH) {
      wrong.push(`memory grew from ${warm / 1e6} to ${end / 1e6} MB (${which})`);
    }
  }
  const [before = 0, after = 0] = medians(({ handles }) => handles);
  if (after > before) wrong.push(`handles grew from ${before} to ${after}`);
  return wrong;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

class Staying {
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  text = "";
  #heard: () => void = () => {};

  constructor(program: readonly string[], project: string, clock: string) {
    const [file = "", ...args] = program;
    this.#child = spawn(file, [...args, "up", "--no-tui", "-C", project], {
      stdio: ["ignore", "ignore", "pipe"],
      env: { ...process.env, NO_COLOR: "1", NYCFLOW_TEST_CLOCK: `@${clock}` },
    });
    this.#child.stderr?.setEncoding("utf8").on("data", (part: string) => {
      this.text += part;
      this.#heard();
    });
    this.#ended = new Promise((resolve) => this.#child.once("exit", () => resolve()));
  }

  /** Waits until it is made and its run has ended: a tick that comes before that is skipped, as it should be. */
  async made(asset: string): Promise<void> {
    await this.#until(`✓ ${asset}`);
    await this.#until("done in");
  }

  /** Waits for a word, and forgets what was said until then. */
  async #until(word: string): Promise<void> {
    const late = AbortSignal.timeout(PATIENCE_MS);
    while (!this.text.includes(word)) {
      if (late.aborted) throw new Error(`${word} did not come; ${this.#children()}`);
      await new Promise<void>((resolve) => {
        this.#heard = resolve;
        late.addEventListener("abort", () => resolve(), { once: true });
      });
    }
    this.text = this.text.slice(this.text.indexOf(word) + word.length);
  }

  sample(): Sample {
    const status = readFileSync(`/proc/${this.#child.pid}/status`, "utf8");
    const bytes = (name: string) =>
      1024 * Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(status)?.[1] ?? 0);
    return {
      rss: bytes("VmRSS"),
      own: bytes("RssAnon"),
      most: bytes("VmHWM"),
      handles: readdirSync(`/proc/${this.#child.pid}/fd`).length,
    };
  }

  /** Tells a tick that was not seen from a run that does not end. */
  #children(): string {
    const { pid } = this.#child;
    const pids = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
    return pids === "" ? "it has no children" : `its children are ${pids}`;
  }

  async end(): Promise<void> {
    this.#child.kill("SIGTERM");
    await this.#ended;
  }
}

function sizeOf(folder: string): number {
  if (!existsSync(folder)) return 0;
  return readdirSync(folder, { recursive: true }).reduce(
    (sum, name) =>
      sum + (statSync(join(folder, String(name)), { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
}
