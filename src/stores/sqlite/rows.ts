/** Events and cells as rows, and back; heads have a file of their own (`head_row.ts`). */
import { decodeEvent, encodeEvent } from "../../core/codec.ts";
import type { Stored } from "../../core/event.ts";
import type { Change } from "../../core/fold.ts";
import type { Claim, ExportHead, Fact, RunHead } from "../../core/heads.ts";
import { ProblemError } from "../../core/problem/problem.ts";
import { writeHead } from "./head_row.ts";
import type { Rows, Value } from "./statements.ts";

/** Events of rows `(id, at, body)`; unknown kinds are left out, text that is no event is told. */
export function eventsOf(rows: readonly Value[][]): Stored[] {
  const found: Stored[] = [];
  for (const [id, at, body] of rows) {
    const decoded = decodeEvent(Number(id), Number(at), String(body));
    if (decoded.kind === "damaged") throw new ProblemError(decoded.problem);
    if (decoded.kind === "known") found.push(decoded.stored);
  }
  return found;
}

export function insertEvent(rows: Rows, { id, at, event }: Stored): void {
  rows.run(
    "insert into events (id, at, kind, run, asset, partition, body) values (?, ?, ?, ?, ?, ?, ?)",
    id,
    at,
    event.kind,
    "run" in event ? event.run : null,
    "asset" in event ? event.asset : null,
    "partition" in event ? event.partition : null,
    encodeEvent(event),
  );
}

/** Writes one cell as it is after the event `last`. */
export function writeCell(rows: Rows, change: Change): void {
  switch (change.kind) {
    case "head":
      if (change.value === null) {
        rows.run(
          "delete from heads where asset = ? and partition = ?",
          change.asset,
          change.partition,
        );
      } else writeHead(rows, change.value);
      return;
    case "claim":
      if (change.value === null) {
        rows.run(
          "delete from claims where asset = ? and partition = ?",
          change.asset,
          change.partition,
        );
      } else {
        rows.run(
          "insert or replace into claims (asset, partition, event, body) values (?, ?, ?, ?)",
          change.asset,
          change.partition,
          change.value.event,
          JSON.stringify(change.value),
        );
      }
      return;
    case "export": {
      const { asset, partition, event } = change.value;
      rows.run(
        "insert or replace into exports (asset, partition, event, body) values (?, ?, ?, ?)",
        asset,
        partition,
        event,
        JSON.stringify(change.value),
      );
      return;
    }
    case "run": {
      const { run, state, requestedAt, endedAt } = change.value;
      rows.run(
        "insert or replace into runs (run, state, requested_at, ended_at, body) values (?, ?, ?, ?, ?)",
        run,
        state,
        requestedAt,
        endedAt,
        JSON.stringify(change.value),
      );
      return;
    }
    case "fact": {
      if (change.value === null) {
        rows.run("delete from facts where name = ?", change.name);
        return;
      }
      const { name, event, at, value } = change.value;
      rows.run(
        "insert or replace into facts (name, event, at, value) values (?, ?, ?, ?)",
        name,
        event,
        at,
        JSON.stringify(value),
      );
      return;
    }
  }
}

export function claimOf(body: Value): Claim {
  return JSON.parse(String(body)) as Claim;
}

export function runOf(body: Value): RunHead {
  return JSON.parse(String(body)) as RunHead;
}

export function exportOf(body: Value): ExportHead {
  return JSON.parse(String(body)) as ExportHead;
}

/** A fact of a row `(name, event, at, value)`. */
export function factOfRow([name, event, at, value]: readonly Value[]): Fact {
  return {
    name: String(name),
    value: JSON.parse(String(value)) as Fact["value"],
    at: Number(at),
    event: Number(event),
  };
}
