// The program on a terminal: a pseudo-terminal whose output a terminal emulator draws, so that a
// test reads what a person would see. Keys go in as the bytes that a terminal sends.

import pty from "@lydell/node-pty";
import xterm from "@xterm/headless";

/** The bytes of keys that have no letter. */
export const KEYS = {
  enter: "\r",
  escape: "\x1b",
  tab: "\t",
  up: "\x1b[A",
  down: "\x1b[B",
  right: "\x1b[C",
  left: "\x1b[D",
  ctrlC: "\x03",
  ctrlD: "\x04",
} as const;

/** How to start one. */
export interface ScreenOptions {
  readonly cwd: string;
  readonly env: Record<string, string>;
  readonly columns: number;
  readonly rows: number;
  readonly timeout: number;
}

/** A program on a terminal. */
export class Screen {
  readonly pid: number;
  /** Settles with the exit code when it has ended; rejects when it was out of time. */
  readonly ended: Promise<number>;
  #raw = "";
  #over = false;
  readonly #pty: ReturnType<typeof pty.spawn>;
  readonly #terminal: InstanceType<typeof xterm.Terminal>;
  readonly #watchers = new Set<() => void>();

  constructor(command: readonly string[], options: ScreenOptions) {
    const [program, ...args] = command;
    const size = { cols: options.columns, rows: options.rows };
    this.#terminal = new xterm.Terminal({ ...size, allowProposedApi: true, scrollback: 10_000 });
    this.#pty = pty.spawn(program!, args, {
      ...size,
      name: "xterm-256color",
      cwd: options.cwd,
      env: { ...options.env, TERM: "xterm-256color" },
    });
    this.pid = this.#pty.pid;
    this.#pty.onData((data) => {
      this.#raw += data;
      this.#terminal.write(data, () => this.#look());
    });
    this.ended = new Promise((resolve, reject) => {
      let late = false;
      const timer = setTimeout(() => {
        late = true;
        this.#pty.kill("SIGKILL");
      }, options.timeout);
      this.#pty.onExit(({ exitCode }) => {
        clearTimeout(timer);
        // Drawn last: whoever waits for the end may read the screen as it was left.
        this.#terminal.write("", () => {
          this.#over = true;
          this.#look();
          if (late) reject(new Error(`no end within ${options.timeout} ms\n${this.text()}`));
          else resolve(exitCode);
        });
      });
    });
    this.ended.catch(() => {});
  }

  /** All bytes that it has written. */
  get raw(): string {
    return this.#raw;
  }

  /** The rows now on screen, without trailing spaces. */
  rows(): string[] {
    const buffer = this.#terminal.buffer.active;
    const rows: string[] = [];
    for (let row = 0; row < this.#terminal.rows; row++) {
      rows.push(buffer.getLine(buffer.viewportY + row)?.translateToString(true) ?? "");
    }
    return rows;
  }

  /** The screen as text, without empty rows at its end. */
  text(): string {
    return this.rows().join("\n").trimEnd();
  }

  /** Everything since the start that has not been overwritten: what scrolled away, too. */
  history(): string {
    const buffer = this.#terminal.buffer.active;
    const rows: string[] = [];
    for (let row = 0; row < buffer.length; row++) {
      rows.push(buffer.getLine(row)?.translateToString(true) ?? "");
    }
    return rows.join("\n").trimEnd();
  }

  /** True while the alternate screen is shown (a full-screen program that has not left it). */
  get alternate(): boolean {
    return this.#terminal.buffer.active.type === "alternate";
  }

  /** Types; see `KEYS`. */
  type(keys: string): void {
    this.#pty.write(keys);
  }

  resize(columns: number, rows: number): void {
    this.#terminal.resize(columns, rows);
    this.#pty.resize(columns, rows);
  }

  kill(signal: string = "SIGTERM"): void {
    this.#pty.kill(signal);
  }

  /** Settles once what is on screen matches; rejects when the program ends before. */
  until(words: RegExp): Promise<RegExpMatchArray> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const match = this.text().match(words);
        if (!match && !this.#over) return;
        this.#watchers.delete(look);
        if (match) resolve(match);
        else reject(new Error(`ended without ${words}\n${this.history()}`));
      };
      this.#watchers.add(look);
      look();
    });
  }

  #look(): void {
    for (const look of [...this.#watchers]) look();
  }
}
