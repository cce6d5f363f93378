/**
 * The terminal while the shell has it: keys as they are sent, so that Ctrl-C ends a query and not the program; the text
 * drawn where the cursor is, without another screen, so that what was printed stays. Gives it back as it was.
 */
import process from "node:process";
import {
  afterSubmit,
  type EditorAsks,
  type EditorEffect,
  type EditorState,
  pressKey,
} from "../../term/editor.ts";
import { type EditorFrame, editorFrame } from "../../term/editor_view.ts";
import { chord, decodeKeys, endKeys, type Key, type KeyRest, NO_REST } from "../../term/keys.ts";
import { width } from "../../term/width.ts";
import type { Output } from "../output.ts";

const ESC = "\x1b";
/** A lone ESC is the key when nothing follows it for so long. */
const ESCAPE_MS = 40;

export interface PromptOptions {
  readonly prompt: string;
  readonly more: string;
  readonly asks: EditorAsks;
  readonly output: Output;
}

export type Answer =
  | Exclude<EditorEffect, { readonly kind: "clear" }>
  /** The terminal went away, or a signal came. */
  | { readonly kind: "gone"; readonly signal: "SIGHUP" | "SIGTERM" | null };

export class Prompt implements Disposable {
  readonly #options: PromptOptions;
  #state: EditorState;
  #rest: KeyRest = NO_REST;
  #timer: ReturnType<typeof setTimeout> | null = null;
  /** Typed while a query ran. */
  #waiting: Key[] = [];
  #answer: ((answer: Answer) => void) | null = null;
  #gone: Answer | null = null;
  #interrupt: (() => void) | null = null;
  #shown: EditorFrame | null = null;
  #open = false;

  constructor(state: EditorState, options: PromptOptions) {
    this.#state = state;
    this.#options = options;
  }

  enter(): void {
    this.#open = true;
    process.stdin.setRawMode(true);
    process.stdin.on("data", this.#heard);
    process.stdin.on("error", this.#left);
    process.stdin.on("end", this.#left);
    process.stdin.resume();
    process.stdout.on("resize", this.#resized);
    for (const name of ["SIGHUP", "SIGTERM"] as const) process.on(name, this.#ended);
    process.on("SIGINT", this.#interrupted);
    this.#write(`${ESC}[?2004h`);
  }

  [Symbol.dispose](): void {
    if (!this.#open) return;
    this.#open = false;
    process.stdin.off("data", this.#heard);
    process.stdin.off("error", this.#left);
    process.stdin.off("end", this.#left);
    process.stdout.off("resize", this.#resized);
    for (const name of ["SIGHUP", "SIGTERM"] as const) process.off(name, this.#ended);
    process.off("SIGINT", this.#interrupted);
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#write(`${ESC}[?2004l`);
    try {
      process.stdin.setRawMode(false);
    } catch {
      // the terminal is gone, and nothing is left to be restored
    }
    process.stdin.pause();
  }

  /** Asks for the next text. */
  read(): Promise<Answer> {
    return new Promise((resolve) => {
      this.#answer = resolve;
      this.#shown = null;
      if (this.#gone !== null) return this.#tell(this.#gone);
      this.#draw();
      for (let key = this.#waiting.shift(); key !== undefined; key = this.#waiting.shift()) {
        this.#press(key);
        if (this.#answer === null) return;
      }
    });
  }

  /** Runs something that Ctrl-C breaks off. */
  async during<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const broken = new AbortController();
    this.#interrupt = () => broken.abort("cancel");
    try {
      return await work(broken.signal);
    } finally {
      this.#interrupt = null;
    }
  }

  readonly #heard = (chunk: Uint8Array | string) => {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const { keys, rest } = decodeKeys(chunk, this.#rest);
    this.#rest = rest;
    for (const key of keys) this.#key(key);
    if (rest.bytes === "") return;
    this.#timer = setTimeout(() => {
      const ended = endKeys(this.#rest);
      this.#rest = ended.rest;
      for (const key of ended.keys) this.#key(key);
    }, ESCAPE_MS);
  };

  #key(key: Key): void {
    if (this.#answer !== null) this.#press(key);
    else if (chord(key) === "ctrl-c" && this.#interrupt !== null) {
      // What was typed ahead was meant for what is broken off now.
      this.#waiting = [];
      this.#interrupt();
    } else this.#waiting.push(key);
  }

  #press(key: Key): void {
    const { state, effect } = pressKey(this.#state, key, this.#options.asks);
    this.#state = state;
    if (effect === null) return this.#draw();
    if (effect.kind === "clear") {
      this.#write(`${ESC}[H${ESC}[2J`);
      this.#shown = null;
      return this.#draw();
    }
    if (effect.kind === "submit") {
      // As it stands, without a choice below, and the cursor behind it.
      this.#state = { ...state, edited: { ...state.edited, at: state.edited.text.length } };
      this.#draw();
      this.#state = afterSubmit(state, effect.text);
    }
    this.#tell(effect);
  }

  #tell(answer: Answer): void {
    const { lines = [], cursor = { x: 0, y: 0 } } = this.#shown ?? {};
    const down = Math.max(0, lines.length - 1 - cursor.y);
    const mark = answer.kind === "abandon" ? "^C" : "";
    if (this.#shown !== null) this.#write(`${down > 0 ? `${ESC}[${down}B` : ""}${mark}\r\n`);
    this.#shown = null;
    const resolve = this.#answer;
    this.#answer = null;
    resolve?.(answer);
  }

  readonly #left = () => this.#end({ kind: "gone", signal: null });
  readonly #ended = (signal: NodeJS.Signals) =>
    this.#end({ kind: "gone", signal: signal === "SIGHUP" ? "SIGHUP" : "SIGTERM" });
  readonly #interrupted = () =>
    this.#key({ name: "c", ctrl: true, alt: false, shift: false, text: "" });

  #end(answer: Answer): void {
    this.#gone ??= answer;
    this.#interrupt?.();
    if (this.#answer !== null) this.#tell(answer);
  }

  readonly #resized = () => {
    if (this.#answer === null || this.#shown === null) return;
    // The terminal has broken the lines anew: where the first one stands now is counted.
    const { columns } = this.#options.output;
    const { lines, cursor } = this.#shown;
    const rows = (cells: number) => Math.max(1, Math.ceil(cells / columns));
    const above = lines.slice(0, cursor.y).reduce((sum, line) => sum + rows(width(line)), 0);
    this.#draw(above + Math.floor(cursor.x / columns));
  };

  /** `above`: rows from where the frame begins to where the cursor stands. */
  #draw(above = this.#shown?.cursor.y ?? 0): void {
    const { output, prompt, more } = this.#options;
    const { columns, style } = output;
    const rows = Math.max(2, output.rows - 1);
    const frame = editorFrame(this.#state, { prompt, more, columns, rows, style });
    const up = frame.lines.length - 1 - frame.cursor.y;
    this.#write(
      `${ESC}[?2026h\r${above > 0 ? `${ESC}[${above}A` : ""}${ESC}[J${frame.lines.join("\r\n")}\r` +
        `${up > 0 ? `${ESC}[${up}A` : ""}${frame.cursor.x > 0 ? `${ESC}[${frame.cursor.x}C` : ""}` +
        `${ESC}[?2026l`,
    );
    this.#shown = frame;
  }

  #write(text: string): void {
    this.#options.output.raw(text);
  }
}
