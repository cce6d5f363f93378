/**
 * The dashboard at work: messages in, frames out, effects to whoever performs them. Draws at once after a key, and no
 * more than thirty times a second for what comes by itself; wakes by the clock only for what moves on the screen.
 */
import process from "node:process";
import type { Clock } from "../ports/clock.ts";
import type { Key } from "../term/keys.ts";
import type { Effect } from "./board.ts";
import type { Message } from "./message.ts";
import type { Model } from "./model.ts";
import { Screen } from "./terminal.ts";
import { update } from "./update.ts";
import { view } from "./view.ts";

export interface LoopOptions {
  readonly first: Model;
  readonly clock: Clock;
  /** Performs what is not the terminal's own affair. May send messages at any time. */
  readonly perform: (effect: Effect) => void;
  /** A program gets the terminal, until it ends (`$EDITOR`). */
  readonly lend: (effect: Extract<Effect, { kind: "edit" }>) => Promise<void>;
}

export interface Loop {
  send(message: Message): void;
  /** Settles with the last model when it has been left; rejects where the program has a bug, the terminal restored. */
  readonly ended: Promise<Model>;
  /** Leaves at once. */
  quit(): void;
}

const FRAME_MS = 33;
const MOVING_MS = 100;
const STILL_MS = 20_000;

/** Takes the terminal and runs until it is left. */
export function startLoop(options: LoopOptions): Loop {
  let model = options.first;
  let drawnAt = -Infinity;
  let drawing: ReturnType<typeof setTimeout> | null = null;
  let ticking: ReturnType<typeof setTimeout> | null = null;
  let lent = false;
  let over = false;
  const { promise, resolve, reject } = Promise.withResolvers<Model>();

  const guarded = (work: () => void) => {
    try {
      work();
    } catch (error) {
      fail(error);
    }
  };
  const screen = new Screen(model.mouse, {
    key: (key) => guarded(() => onKey(key)),
    resized: (columns, rows) => guarded(() => take({ kind: "resized", columns, rows }, true)),
    gone: () => end(),
  });

  function onKey(key: Key): void {
    take({ kind: "key", key }, true);
  }

  function take(message: Message, now: boolean): void {
    if (over) return;
    const [next, effects] = update(model, message);
    const changed = next !== model;
    model = next;
    for (const effect of effects) carry(effect);
    if (over) return;
    if (now) draw();
    else if (changed) drawSoon();
    tickSoon();
  }

  function drawSoon(): void {
    if (drawing !== null) return;
    const wait = Math.max(0, drawnAt + FRAME_MS - performance.now());
    drawing = setTimeout(() => guarded(draw), wait);
  }

  function draw(): void {
    if (drawing !== null) clearTimeout(drawing);
    drawing = null;
    if (over || lent) return;
    drawnAt = performance.now();
    screen.draw(view(model));
  }

  /** When something on the screen moves next by the clock alone. */
  function pause(): number {
    const moving = model.data === null || model.leaving || model.commands.length > 0 ||
      (model.data?.claims.length ?? 0) > 0 ||
      [...model.known.values()].some((each) => each.pending !== null);
    if (moving) return MOVING_MS;
    const now = options.clock.now();
    const notice = model.notice?.until ?? null;
    const still = model.clock ? 1000 - now % 1000 : STILL_MS;
    return notice === null ? still : Math.max(MOVING_MS, Math.min(still, notice - now + 1));
  }

  function tickSoon(): void {
    if (over || lent || ticking !== null) return;
    const after = pause();
    ticking = setTimeout(() => {
      ticking = null;
      const now = options.clock.now();
      guarded(() => take({ kind: "ticked", now, frame: Math.floor(now / MOVING_MS) }, false));
    }, after);
    tickAt = performance.now() + after;
  }
  let tickAt = 0;

  /** What has begun to move is not waited for until the next tick of what stood still. */
  function hurry(): void {
    if (ticking === null || tickAt - performance.now() <= MOVING_MS) return;
    clearTimeout(ticking);
    ticking = null;
    tickSoon();
  }

  function carry(effect: Effect): void {
    switch (effect.kind) {
      case "quit":
        return end();
      case "suspend":
        return suspend();
      case "redraw":
        screen.forget();
        return;
      case "mouse":
        return screen.mouse(effect.on);
      case "copy":
        return screen.copy(effect.text);
      case "edit":
        return void lend(effect);
      default:
        return options.perform(effect);
    }
  }

  async function lend(effect: Extract<Effect, { kind: "edit" }>): Promise<void> {
    lent = true;
    process.off("SIGCONT", continued);
    screen.leave();
    try {
      await options.lend(effect);
    } catch (error) {
      return fail(error);
    } finally {
      lent = false;
      process.on("SIGCONT", continued);
    }
    back();
  }

  function back(): void {
    if (over) return;
    screen.enter();
    take({ kind: "resized", columns: screen.columns, rows: screen.rows }, true);
  }

  /**
   * To the shell, as Ctrl-Z does; what runs goes on. The whole group stops: a shell waits for whoever it started. Where
   * no shell could go on (the group is an orphan, as in `tmux new 'nycflow up'`) the kernel lets nothing stop, and the
   * timer, which does not run while one is stopped, brings the screen back.
   */
  function suspend(): void {
    screen.leave();
    lent = true;
    try {
      process.kill(0, "SIGTSTP");
    } catch {
      // no such signal here
    }
    setTimeout(continued, 100);
  }

  /** Whoever was stopped, by a key or from outside, takes the terminal again: the shell has had it. */
  function continued(): void {
    if (over) return;
    lent = false;
    screen.leave();
    guarded(back);
  }

  function end(): void {
    if (over) return;
    over = true;
    cleanUp();
    resolve(model);
  }

  function fail(error: unknown): void {
    if (over) return;
    over = true;
    cleanUp();
    reject(error);
  }

  function cleanUp(): void {
    screen.leave();
    if (drawing !== null) clearTimeout(drawing);
    if (ticking !== null) clearTimeout(ticking);
    process.off("SIGCONT", continued);
    process.off("uncaughtException", fail);
    process.off("unhandledRejection", fail);
  }

  process.on("SIGCONT", continued);
  process.on("uncaughtException", fail);
  process.on("unhandledRejection", fail);
  screen.enter();
  guarded(() => take({ kind: "resized", columns: screen.columns, rows: screen.rows }, true));
  return {
    send: (message) =>
      guarded(() => {
        take(message, false);
        hurry();
      }),
    ended: promise,
    quit: end,
  };
}
