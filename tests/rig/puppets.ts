// Assets whose steps do what a test says, when it says it, over a socket: so the order of things
// in the real program (what waits for what, what runs side by side, what a kill leaves) is
// asserted without a sleep.

import { createServer, type Server, type Socket } from "node:net";
import type { AddressInfo } from "node:net";

/** One attempt that is running and waits to be told what to do. */
export interface Puppet {
  readonly name: string;
  /** The process that runs it: the runner. */
  readonly pid: number;
  /** The partition's key, null where the asset has none. */
  readonly partition: string | null;
  /** Prints a line, as user code would. */
  print(line: string): void;
  /** Ends it with rows. */
  end(rows: readonly Record<string, unknown>[]): void;
  /** Ends it with an error. */
  fail(message: string): void;
  /** Makes it spin for ever, so that nothing but a kill ends it. */
  spin(): void;
  /** Settles once its process or its connection is gone. */
  readonly gone: Promise<void>;
}

/** The test's end of the strings. To be disposed: `await using puppets = await makePuppets()`. */
export class Puppets {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #waiting: Puppet[] = [];
  #wanted: { name: string | null; give: (puppet: Puppet) => void }[] = [];

  constructor(server: Server) {
    this.#server = server;
    server.on("connection", (socket) => this.#connected(socket));
  }

  /**
   * The text of an asset module; `definition` is the text of further fields of `asset({ … })`,
   * e.g. `deps: ["a"], retry: { attempts: 2 },`.
   */
  asset(name: string, definition = ""): string {
    const { port } = this.#server.address() as AddressInfo;
    return `import { asset } from "nycflow";
import { connect } from "node:net";
import process from "node:process";

export const ${name} = asset({
  ${definition}
  run: (context: any) => new Promise((resolve, reject) => {
    const socket = connect(${port}, "127.0.0.1");
    const partition = Object.keys(context).includes("partition") ? context.partition.key : null;
    socket.write(JSON.stringify({ name: ${
      JSON.stringify(name)
    }, pid: process.pid, partition }) + "\\n");
    let text = "";
    socket.setEncoding("utf8").on("data", (part) => {
      const lines = (text += part).split("\\n");
      text = lines.pop()!;
      for (const line of lines) {
        const told = JSON.parse(line);
        if (told.print !== undefined) console.log(told.print);
        if (told.spin) while (true);
        if (told.rows || told.fail !== undefined) {
          socket.end();
          if (told.rows) resolve(told.rows);
          else reject(new Error(told.fail));
        }
      }
    });
    socket.on("error", reject);
    socket.on("end", () => reject(new Error("the test has ended")));
  }),
});
`;
  }

  /** The next attempt to start, of this asset or of any; may have started already. */
  started(name: string | null = null): Promise<Puppet> {
    const at = this.#waiting.findIndex((puppet) => name === null || puppet.name === name);
    if (at >= 0) return Promise.resolve(this.#waiting.splice(at, 1)[0]!);
    return new Promise((give) => this.#wanted.push({ name, give }));
  }

  /** The names of those that have started and were not yet asked for. */
  get waiting(): readonly string[] {
    return this.#waiting.map(({ name }) => name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #connected(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on("error", () => {}); // killed with its process
    const gone = new Promise<void>((resolve) =>
      socket.on("close", () => {
        this.#sockets.delete(socket);
        resolve();
      })
    );
    let text = "";
    socket.setEncoding("utf8").on("data", (part: string) => {
      text += part;
      if (!text.endsWith("\n")) return;
      const hello = JSON.parse(text) as Pick<Puppet, "name" | "pid" | "partition">;
      const tell = (what: unknown) => void socket.write(`${JSON.stringify(what)}\n`);
      this.#arrived({
        ...hello,
        gone,
        print: (line) => tell({ print: line }),
        end: (rows) => tell({ rows }),
        fail: (message) => tell({ fail: message }),
        spin: () => tell({ spin: true }),
      });
    });
  }

  #arrived(puppet: Puppet): void {
    const wanted = this.#wanted.find(({ name }) => name === null || name === puppet.name);
    if (!wanted) return void this.#waiting.push(puppet);
    this.#wanted = this.#wanted.filter((each) => each !== wanted);
    wanted.give(puppet);
  }
}

/** Makes the test's end. */
export async function makePuppets(): Promise<Puppets> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return new Puppets(server);
}
