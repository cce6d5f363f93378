/** Looking through the history: events and runs by what one asks for. */
import type { Stored } from "../../core/event.ts";
import type { RunHead } from "../../core/heads.ts";
import type { EventQuery, RunQuery } from "../../ports/store.ts";
import { eventsOf, runOf } from "./rows.ts";
import type { Rows, Value } from "./statements.ts";

/** Conditions that hold together, and the values that they name. */
interface Where {
  readonly parts: string[];
  readonly values: Value[];
}

export function eventsWhere(rows: Rows, query: EventQuery): readonly Stored[] {
  const where: Where = { parts: [], values: [] };
  add(where, "id > ?", query.after);
  add(where, "id < ?", query.before);
  add(where, "run = ?", query.run);
  add(where, "asset = ?", query.asset);
  add(where, "partition = ?", query.partition);
  addOneOf(where, "kind", query.kinds);
  const order = query.reverse === true ? "desc" : "asc";
  const sql = `select id, at, body from events ${text(where)} order by id ${order} ${
    limit(where, query.limit)
  }`;
  return eventsOf(rows.all(sql, ...where.values));
}

/** Newest first. */
export function runsWhere(rows: Rows, query: RunQuery): readonly RunHead[] {
  const where: Where = { parts: [], values: [] };
  add(where, "run = ?", query.run);
  add(where, "requested_at < ?", query.before);
  addOneOf(where, "state", query.states);
  const sql = `select body from runs ${text(where)} order by requested_at desc, run desc ${
    limit(where, query.limit)
  }`;
  return rows.all(sql, ...where.values).map(([body]) => runOf(body ?? null));
}

function add(where: Where, condition: string, value: Value | undefined): void {
  if (value === undefined) return;
  where.parts.push(condition);
  where.values.push(value);
}

function addOneOf(where: Where, column: string, values: readonly string[] | undefined): void {
  if (values === undefined) return;
  where.parts.push(`${column} in (${values.map(() => "?").join(", ")})`);
  where.values.push(...values);
}

function text(where: Where): string {
  return where.parts.length === 0 ? "" : `where ${where.parts.join(" and ")}`;
}

function limit(where: Where, value: number | undefined): string {
  if (value === undefined) return "";
  where.values.push(Math.max(0, Math.floor(value)));
  return "limit ?";
}
