/**
 * The terminal while the dashboard has it: raw keys, the other screen, only changed rows written, everything as it was
 * afterwards. Own code and no framework: a row is a line of text that is compared with the one that stands there, which
 * is all that is needed to write nothing while nothing changes (see ARCHITECTURE.md).
 */
import { writeSync } from "node:fs";
import process from "node:process";
import { decodeKeys, endKeys, type Key, type KeyRest, NO_REST } from "../term/keys.ts";
import type { Frame } from "./view.ts";

const ESC = "\x1b";
/** The other screen, no cursor, keys as they are sent, pastes told as such; the focus is not asked for. */
const ENTER = `${ESC}[?1049h${ESC}[?25l${ESC}[?2004h${ESC}[?7l`;
const LEAVE = `${ESC}[?7h${ESC}[?2004l${ESC}[0m${ESC}[?25h${ESC}[?1049l`;
const MOUSE_ON = `${ESC}[?1000h${ESC}[?1006h`;
const MOUSE_OFF = `${ESC}[?1006l${ESC}[?1000l`;
/** Drawn at once by terminals that know it (mode 2026); the others ignore it. */
const BEGIN = `${ESC}[?2026h`;
const END = `${ESC}[?2026l`;
/** A lone ESC is the key when nothing follows it for so long. */
const ESCAPE_MS = 40;

export interface TerminalHooks {
  readonly key: (key: Key) => void;
  readonly resized: (columns: number, rows: number) => void;
  /** The terminal is gone: nobody looks any more. */
  readonly gone: () => void;
}

export class Screen implements Disposable {
  readonly #hooks: TerminalHooks;
  #shown: readonly string[] | null = null;
  #cursor = "";
  #mouse: boolean;
  #rest: KeyRest = NO_REST;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #open = false;

  constructor(mouse: boolean, hooks: TerminalHooks) {
    this.#mouse = mouse;
    this.#hooks = hooks;
  }

  get columns(): number {
    return Math.max(10, process.stdout.columns || 80);
  }

  get rows(): number {
    return Math.max(3, process.stdout.rows || 24);
  }

  /** Takes the terminal. */
  enter(): void {
    if (this.#open) return;
    this.#open = true;
    process.stdin.setRawMode(true);
    process.stdin.on("data", this.#heard);
    process.stdin.on("error", this.#hooks.gone);
    process.stdin.on("end", this.#hooks.gone);
    process.stdin.resume();
    process.stdout.on("resize", this.#resized);
    this.#write(ENTER + (this.#mouse ? MOUSE_ON : ""));
    this.#shown = null;
    this.#cursor = "";
  }

  /** Gives it back as it was. May be called at any time, more than once. */
  leave(): void {
    if (!this.#open) return;
    this.#open = false;
    process.stdin.off("data", this.#heard);
    process.stdin.off("error", this.#hooks.gone);
    process.stdin.off("end", this.#hooks.gone);
    process.stdout.off("resize", this.#resized);
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#rest = NO_REST;
    this.#write(MOUSE_OFF + LEAVE);
    try {
      process.stdin.setRawMode(false);
    } catch {
      // the terminal is gone, and nothing is left to be restored
    }
    process.stdin.pause();
  }

  [Symbol.dispose](): void {
    this.leave();
  }

  mouse(on: boolean): void {
    this.#mouse = on;
    if (this.#open) this.#write(on ? MOUSE_ON : MOUSE_OFF);
  }

  /** Puts a text on the clipboard, where the terminal lets one (OSC 52; tmux hands it on). */
  copy(text: string): void {
    this.#write(`${ESC}]52;c;${Buffer.from(text, "utf8").toString("base64")}\x07`);
  }

  /** Everything is written anew by the next `draw`. */
  forget(): void {
    this.#shown = null;
  }

  /** Writes the rows that differ from what stands there; nothing where none does. */
  draw({ lines, cursor }: Frame): void {
    if (!this.#open) return;
    const before = this.#shown;
    let out = "";
    lines.forEach((line, row) => {
      if (before !== null && before[row] === line) return;
      out += `${ESC}[${row + 1};1H${line}${ESC}[0m`;
    });
    if (before === null || before.length > lines.length) out += `${ESC}[0m${ESC}[J`;
    const place = cursor === null
      ? `${ESC}[?25l`
      : `${ESC}[${cursor.y + 1};${cursor.x + 1}H${ESC}[?25h`;
    if (out === "" && place === this.#cursor) return;
    this.#shown = lines;
    this.#cursor = place;
    const hide = out === "" ? "" : `${ESC}[?25l`;
    this.#write(BEGIN + hide + (before === null ? `${ESC}[H` : "") + out + place + END);
  }

  readonly #resized = () => {
    this.#shown = null;
    this.#hooks.resized(this.columns, this.rows);
  };

  readonly #heard = (chunk: Uint8Array | string) => {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const { keys, rest } = decodeKeys(chunk, this.#rest);
    this.#rest = rest;
    for (const key of keys) this.#hooks.key(key);
    if (rest.bytes === "") return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      const ended = endKeys(this.#rest);
      this.#rest = ended.rest;
      for (const key of ended.keys) this.#hooks.key(key);
    }, ESCAPE_MS);
  };

  #write(text: string): void {
    const bytes = new TextEncoder().encode(text);
    for (let at = 0; at < bytes.length;) {
      try {
        at += writeSync(1, bytes, at);
      } catch (error) {
        const code = error instanceof Error && "code" in error ? error.code : "";
        if (code !== "EAGAIN") return this.#hooks.gone();
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
      }
    }
  }
}
