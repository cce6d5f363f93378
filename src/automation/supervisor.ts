/**
 * `up` that stays: takes the project or looks on until it is free, looks, starts a child for whatever there is to do,
 * and waits. Decides what is started when, and how it ends; what there is to do is the look's answer. Keeps nothing
 * open between looks.
 */
import type { EventId, Instant, StepKey } from "../core/key.ts";
import type { Clock } from "../ports/clock.ts";
import type {
  Answered,
  ChildRun,
  Resident,
  Role,
  StayEvent,
  Staying,
  StopHow,
} from "../ports/stay.ts";
import { Children, type Start } from "./children.ts";
import { Bell, keepUp } from "./loop.ts";

/** What a look found. */
export interface Look {
  /** Steps that could start, with their assets; empty where there is nothing to do. */
  readonly steps: ReadonlyMap<StepKey, string>;
  /** A run was asked for ahead, and nobody works on it. */
  readonly queued: boolean;
  readonly next: Instant;
  /** Folders whose changes matter, relative to the project. */
  readonly folders: Folders;
  /** Where the log stands. */
  readonly last: EventId;
}

export type Folders = ReadonlyMap<string, { readonly recursive: boolean }>;

export interface SupervisorParts {
  readonly clock: Clock;
  /** Null where it could not look; it has told why. */
  readonly look: () => Promise<Look | null>;
  /** Forgets what it remembers between looks. */
  readonly forget: () => void;
  readonly start: Start;
  /** What a child is to be told that does everything there is to do, or these assets alone. */
  readonly upArgs: (assets: readonly string[]) => readonly string[];
  /** Null where another process has the project. */
  readonly take: () => Disposable | null;
  readonly holder: () => Resident | null;
  readonly watch: (changed: () => void) => Disposable & { follow(folders: Folders): void };
  readonly tell: (event: StayEvent) => void;
}

/** How often one that looks on asks whether the project is free. */
const POLL_MS = 500;
/** Side by side at the most: a run that takes hours holds up nothing that is due meanwhile. */
const MOST_CHILDREN = 3;
/** What changed nothing is not tried again at once. */
const RETRY_MS = 5_000;
const GRACE_MS = 10_000;
/** Of what a request says so much is given back. */
const LAST_LINES = 200;

const HARSHNESS = { wait: 1, end: 2, kill: 3 } as const;
const SIGNALS = { wait: "SIGINT", end: "SIGTERM", kill: "SIGKILL" } as const;

export class Supervisor implements Staying {
  readonly #parts: SupervisorParts;
  readonly #children: Children;
  readonly #bell = new Bell();
  /** Fires when nothing more is to be started. */
  readonly #stopped = new AbortController();
  #stop: StopHow | null = null;
  /** Fires when the way of stopping becomes harsher. */
  #harsher = new AbortController();
  #role: Role = "waiting";
  #by: Resident | null = null;
  /** Children that do everything there is, by their ids. */
  readonly #whole = new Set<number>();
  /** Where the log stood when the last child was started, and how often it has stood there. */
  #tried = { last: -1, times: 0, at: 0 };

  constructor(parts: SupervisorParts) {
    this.#parts = parts;
    this.#children = new Children(parts.start, parts.tell);
  }

  get role(): Role {
    return this.#role;
  }

  get by(): Resident | null {
    return this.#by;
  }

  children(): readonly ChildRun[] {
    return this.#children.list();
  }

  wake(): void {
    this.#bell.ring();
  }

  reload(): void {
    this.#parts.tell({ kind: "reloading" });
    this.#parts.forget();
    this.#tried = { last: -1, times: 0, at: 0 };
    this.#bell.ring();
  }

  stop(how: StopHow): void {
    if (this.#stop !== null && HARSHNESS[how] <= HARSHNESS[this.#stop]) return;
    this.#stop = how;
    this.#parts.tell({ kind: "stopping", how, children: this.children() });
    this.#children.kill(SIGNALS[how]);
    this.#stopped.abort();
    this.#harsher.abort();
    this.#harsher = new AbortController();
  }

  async request(args: readonly string[]): Promise<Answered> {
    const said = { out: [] as string[], err: [] as string[] };
    if (this.#stop !== null) {
      return { end: { kind: "not-started", why: "it is being ended" }, ...said };
    }
    const about = { asked: true, since: this.#parts.clock.now(), steps: new Set<StepKey>() };
    const { ended } = this.#children.start(args, about, (stream, line) => {
      said[stream].push(line);
      if (said[stream].length > LAST_LINES) said[stream].shift();
    });
    const end = await ended;
    // What it has written is news.
    this.#bell.ring();
    return { end, ...said };
  }

  async run(): Promise<void> {
    try {
      using held = await this.#residency();
      if (held !== null) await this.#keepUp();
      await this.#end();
    } finally {
      this.#become("ended", null);
    }
  }

  /** Waits for it, looking on; null where it was stopped before. */
  async #residency(): Promise<Disposable | null> {
    const { clock, take, holder } = this.#parts;
    while (!this.#stopped.signal.aborted) {
      const held = take();
      if (held !== null) {
        this.#become("resident", null);
        return held;
      }
      const by = holder();
      if (this.#role !== "onlooker" || (by !== null && by.pid !== this.#by?.pid)) {
        this.#become("onlooker", by);
      }
      await clock.sleep(POLL_MS, this.#stopped.signal).catch(() => undefined);
    }
    return null;
  }

  #become(role: Role, by: Resident | null): void {
    this.#role = role;
    this.#by = by;
    this.#parts.tell({ kind: "role", role, by });
  }

  async #keepUp(): Promise<void> {
    const { clock, look, tell, watch } = this.#parts;
    using watcher = watch(() => this.#bell.ring());
    await keepUp({
      clock,
      bell: this.#bell,
      stop: this.#stopped.signal,
      look: async () => {
        const found = await look();
        let next = clock.now() + 60_000;
        if (found !== null && !this.#stopped.signal.aborted) {
          watcher.follow(found.folders);
          const later = this.#startFor(found);
          next = later === null ? found.next : Math.min(found.next, later);
        }
        tell({ kind: "looked", next });
        return next;
      },
    });
  }

  /** Starts a child for what no child does yet; gives when to look again where it is too early for that. */
  #startFor(look: Look): Instant | null {
    const own = this.children().filter(({ asked }) => !asked);
    const covered = new Set(own.flatMap(({ steps }) => [...steps]));
    const whole = own.some(({ id }) => this.#whole.has(id));
    const fresh = [...look.steps].filter(([key]) => !covered.has(key));
    if (fresh.length === 0 && (!look.queued || whole)) return null;
    if (own.length >= MOST_CHILDREN) return null;
    const { clock } = this.#parts;
    if (own.length === 0) {
      const now = clock.elapsed();
      const same = this.#tried.last === look.last;
      const wait = same ? Math.min(60_000, RETRY_MS * 2 ** (this.#tried.times - 1)) : 0;
      if (same && now < this.#tried.at + wait) return clock.now() + this.#tried.at + wait - now;
      this.#tried = { last: look.last, times: same ? this.#tried.times + 1 : 1, at: now };
    }
    const assets = whole ? [...new Set(fresh.map(([, asset]) => asset))] : [];
    const about = {
      asked: false,
      since: clock.now(),
      steps: new Set(fresh.map(([key]) => key)),
    };
    const { run, ended } = this.#children.start(this.#parts.upArgs(assets), about);
    if (assets.length === 0) this.#whole.add(run.id);
    void ended.then(() => {
      this.#whole.delete(run.id);
      this.#bell.ring();
    });
    return null;
  }

  /** Waits for what runs: as long as it takes, for a grace, or not at all. */
  async #end(): Promise<void> {
    let over = false;
    const gone = this.#children.gone().then(() => over = true);
    while (!over) {
      const { signal } = this.#harsher;
      const grace = this.#stop === "end"
        ? this.#parts.clock.sleep(GRACE_MS, signal).then(() => this.stop("kill"), () => undefined)
        : new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
      await Promise.race([gone, grace]);
    }
    // Whoever still waits for a grace need not.
    this.#harsher.abort();
  }
}
