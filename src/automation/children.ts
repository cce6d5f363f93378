/** The children that an `up` which stays has started: what they are for, what they say, how they end. */
import type { Instant, StepKey } from "../core/key.ts";
import type { ChildEnd, ChildRun, StayEvent } from "../ports/stay.ts";

/** A started process. `ended` settles after the last line was given. */
export interface StartedChild {
  readonly pid: number | null;
  readonly ended: Promise<ChildEnd>;
  kill(signal: "SIGINT" | "SIGTERM" | "SIGKILL"): void;
}

export type Start = (
  args: readonly string[],
  asked: boolean,
  line: (stream: "out" | "err", line: string) => void,
) => StartedChild;

interface Held {
  readonly run: ChildRun;
  readonly child: StartedChild;
}

export class Children {
  readonly #start: Start;
  readonly #tell: (event: StayEvent) => void;
  readonly #held = new Set<Held>();
  #count = 0;

  constructor(start: Start, tell: (event: StayEvent) => void) {
    this.#start = start;
    this.#tell = tell;
  }

  /** Oldest first. */
  list(): readonly ChildRun[] {
    return [...this.#held].map(({ run }) => run);
  }

  /** `ended` settles with its end, after that was told. */
  start(
    args: readonly string[],
    about: { readonly asked: boolean; readonly since: Instant; readonly steps: Set<StepKey> },
    line: (stream: "out" | "err", line: string) => void = () => {},
  ): { readonly run: ChildRun; readonly ended: Promise<ChildEnd> } {
    const id = ++this.#count;
    const early: { stream: "out" | "err"; line: string }[] = [];
    let run: ChildRun | null = null;
    const child = this.#start(args, about.asked, (stream, text) => {
      line(stream, text);
      if (run === null) early.push({ stream, line: text });
      else this.#tell({ kind: "child-said", child: run, stream, line: text });
    });
    run = { id, pid: child.pid, args, ...about };
    const held = { run, child };
    this.#held.add(held);
    this.#tell({ kind: "child-started", child: run });
    for (const each of early) this.#tell({ kind: "child-said", child: run, ...each });
    const told = run;
    const ended = child.ended.then((end) => {
      this.#held.delete(held);
      this.#tell({ kind: "child-ended", child: told, end });
      return end;
    });
    return { run, ended };
  }

  kill(signal: "SIGINT" | "SIGTERM" | "SIGKILL"): void {
    for (const { child } of this.#held) child.kill(signal);
  }

  /** Settles when none runs any more. */
  async gone(): Promise<void> {
    while (this.#held.size > 0) {
      await Promise.all([...this.#held].map(({ child }) => child.ended));
      // Who waits for the same end may be told after us.
      await Promise.resolve();
    }
  }
}
