/**
 * Ctrl-C, SIGTERM and a hang-up while a run works: the first stops starting and says what is waited for, the second
 * ends what runs. Off a terminal the first SIGTERM ends at once, since whoever sends it waits with a SIGKILL.
 */
import process from "node:process";

export interface Stops extends Disposable {
  readonly stop: AbortSignal;
  readonly kill: AbortSignal;
  /** 1, 2 or 15 once a signal came; else null. */
  signal(): number | null;
}

const NUMBERS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;

/** `onFirst` is told once, to say what is waited for. */
export function watchStops(onFirst: (signal: keyof typeof NUMBERS) => void): Stops {
  const stop = new AbortController();
  const kill = new AbortController();
  let came: number | null = null;
  const handlers = (Object.keys(NUMBERS) as (keyof typeof NUMBERS)[]).map((name) => {
    const handler = () => {
      const first = came === null;
      came ??= NUMBERS[name];
      stop.abort("cancel");
      if (!first || name !== "SIGINT") kill.abort("cancel");
      if (first) onFirst(name);
    };
    process.on(name, handler);
    return [name, handler] as const;
  });
  return {
    stop: stop.signal,
    kill: kill.signal,
    signal: () => came,
    [Symbol.dispose]: () => handlers.forEach(([name, handler]) => process.off(name, handler)),
  };
}
