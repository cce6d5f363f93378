/** Bytes as they come, cut into lines; bounded, so that a child without line breaks cannot fill the memory. */

/** Longer lines are cut, and say so. */
const LONGEST = 64 * 1024;

/** Gives each line to `each`, without its end. `\0ID\0` ends what belongs to an order: `mark` is told its id. */
export class Lines {
  readonly #each: (line: string) => void;
  readonly #mark: (id: number) => void;
  readonly #decoder = new TextDecoder();
  readonly #longest: number;
  #rest = "";

  constructor(
    each: (line: string) => void,
    mark: (id: number) => void = () => {},
    longest: number = LONGEST,
  ) {
    this.#each = each;
    this.#mark = mark;
    this.#longest = longest;
  }

  take(bytes: Uint8Array): void {
    const lines = (this.#rest + this.#decoder.decode(bytes, { stream: true })).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) this.#give(line);
    if (this.#rest.length > this.#longest) this.#cut();
  }

  /** What stands without an end is a line too. */
  end(): void {
    if (this.#rest !== "") this.#give(this.#rest);
    this.#rest = "";
  }

  #give(line: string): void {
    const parts = line.endsWith("\0") ? line.split("\0") : [];
    const id = Number(parts.at(-2));
    const marked = parts.length >= 3 && Number.isInteger(id);
    const text = (marked ? parts.slice(0, -2).join("\0") : line).replace(/\r$/, "");
    if (!marked || text !== "") {
      this.#each(text.length > this.#longest ? `${text.slice(0, this.#longest)}…` : text);
    }
    if (marked) this.#mark(id);
  }

  #cut(): void {
    this.#each(`${this.#rest.slice(0, this.#longest)}…`);
    this.#rest = "";
  }
}
