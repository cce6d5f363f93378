/** What every command is handed. */
import type { Command } from "commander";
import type { Common } from "./options.ts";
import type { Output } from "./output.ts";

export interface CommandContext {
  readonly output: Output;
  readonly common: Common;
  readonly argv: readonly string[];
  /** All commands as they are declared, for who walks them. */
  readonly program?: () => Promise<Command>;
}
