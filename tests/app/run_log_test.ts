/** The log of a run that is looked at: read on, in order, bounded; whichever attempt wrote it. */
import { deepEqual, equal, throws } from "node:assert/strict";
import { appendFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { RunLog } from "../../src/app/board/run_log.ts";
import { logPath } from "../../src/app/logs.ts";
import type { Stored } from "../../src/core/event.ts";
import type { RunId } from "../../src/core/key.ts";
import { asset, attempt, failed, log, made, part, RUN } from "../views/samples.ts";

const ofStep = (key: string) => ({ asset: asset("trips"), partition: part(key) });

function folder() {
  const path = mkdtempSync(join(tmpdir(), "nycflow-run-log-"));
  return {
    path,
    /** As a step's log is written: a second of the minute, then the text. */
    write(name: string, key: string, number: number, second: number, text: string) {
      const file = join(path, logPath(RUN, { asset: asset(name), partition: part(key) }, number));
      mkdirSync(dirname(file), { recursive: true });
      const at = `2026-01-05T13:00:${String(second).padStart(2, "0")}.000Z`;
      appendFileSync(file, `${at} stdout: ${text}\n`);
    },
    [Symbol.dispose]: () => rmSync(path, { recursive: true }),
  };
}

Deno.test("lines of all attempts in the order of time, read on as they come; how a try failed too", () => {
  using on = folder();
  const said = log();
  const reading = new RunLog(on.path);
  const events: Stored[] = [said.say(attempt("trips", "")), said.say(attempt("zones", ""))];
  const texts = () => reading.read(RUN, [...events], 100).map(({ text }) => text);
  deepEqual(texts(), []);
  on.write("trips", "", 1, 1, "one");
  on.write("zones", "", 1, 3, "three");
  deepEqual(texts(), ["one", "three"]);
  on.write("trips", "", 1, 2, "two");
  deepEqual(texts(), ["one", "two", "three"]);
  events.push(said.after(10_000).say(failed("trips", "", 1, null)));
  events.push(said.say(attempt("trips", "", 2)));
  on.write("trips", "", 2, 20, "again");
  deepEqual(texts(), [
    "one",
    "two",
    "three",
    "Cannot fetch trips.parquet: the server answered 503",
    "again",
  ]);
  // What is over is read no more.
  on.write("trips", "", 1, 30, "too late");
  equal(texts().length, 5);
});

Deno.test("of very many logs only the last ones are opened; another run begins anew", () => {
  using on = folder();
  const said = log();
  const keys = Array.from({ length: 30 }, (_, i) => `k${i}`);
  const events = keys.flatMap((key, at) => {
    // Whoever opened the first one would stumble.
    if (at === 0) mkdirSync(join(on.path, logPath(RUN, ofStep(key), 1)), { recursive: true });
    else on.write("trips", key, 1, at, key);
    const ended = { ...made("trips", key, 1), attempt: `trips/${key}/1` } as never;
    return [said.say(attempt("trips", key)), said.say(ended)];
  });
  const reading = new RunLog(on.path);
  deepEqual(reading.read(RUN, events, 3).map(({ text }) => text), ["k27", "k28", "k29"]);
  deepEqual(reading.read("01other" as RunId, [], 3), []);
  throws(() => reading.read(RUN, events, 100), /EISDIR|directory/);
});
