/** What a process that was ended by a signal says as its exit code. */
const NUMBERS: Readonly<Record<string, number>> = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 };

export function signalExit(signal: string | null): number {
  return signal === null ? 0 : 128 + (NUMBERS[signal] ?? 0);
}
