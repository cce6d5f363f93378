/** What is said of a command line that does not fit: commander's words, made into four parts. */
import type { CommanderError } from "commander";
import { nearest } from "../core/graph/nearest.ts";
import { type Problem, problem } from "../core/problem/problem.ts";

/** What such commands are called elsewhere. */
const OTHERS: Readonly<Record<string, string>> = {
  version: "--version",
  status: "ls",
  list: "ls",
  build: "run",
  materialize: "run",
  start: "up",
  stop: "down",
  query: "sql",
  lineage: "graph",
  history: "runs",
  test: "check --data",
  validate: "check",
  new: "init",
  log: "logs",
};

/** `command` is the one that was called, null where none is; `known` are all there are. */
export function usageProblem(
  error: CommanderError,
  command: string | null,
  argv: readonly string[],
  known: readonly string[],
): Problem {
  const said = error.message.replace(/^error: /, "").split("\n").join(" ");
  const suggestion = /\(Did you mean (.*?)\?\)/.exec(said)?.[1];
  const name = command === null ? "nycflow" : `nycflow ${command}`;
  const see = `see: ${name} --help`;
  const quoted = /'([^']*)'/.exec(said)?.[1] ?? "";
  switch (error.code) {
    case "commander.unknownCommand":
    case "commander.excessArguments": {
      if (command === null) {
        const word = argv.find((each) => !each.startsWith("-")) ?? "";
        const near = OTHERS[word] ?? nearest(word, known);
        return usage(
          `Cannot find a command called ${word}`,
          "nycflow has no command of that name",
          near === null ? see : `did you mean nycflow ${near}?`,
        );
      }
      const [, most = "0", given = "more"] = /Expected (\d+) arguments? but got (\d+)/.exec(said) ??
        [];
      return usage(
        `Cannot use so many words with ${name}`,
        `it takes ${most === "0" ? "none" : `at most ${most}`}, and ${given} are given`,
        `put quotes around what belongs together; ${see}`,
      );
    }
    case "commander.unknownOption":
      return usage(
        `Cannot use the option ${quoted}`,
        `${name} has no such option`,
        suggestion === undefined ? see : `did you mean ${suggestion}?`,
      );
    case "commander.missingArgument":
      return usage(`Cannot run ${name} without <${quoted}>`, `<${quoted}> is not given`, see);
    case "commander.optionMissingArgument":
      return usage(`Cannot use ${quoted}`, "the option takes a value, and none is given", see);
    case "commander.invalidArgument": {
      const why = /is invalid(?: for argument '[^']*')?\. ?(.*)$/.exec(said)?.[1];
      const placed = /^command-argument value '([^']*)' is invalid for argument '([^']*)'/.exec(
        said,
      );
      if (placed !== null) {
        return usage(
          `Cannot use ${JSON.stringify(placed[1])} for <${placed[2]}>`,
          choices(why),
          see,
        );
      }
      const value = /argument '([^']*)'/.exec(said)?.[1] ?? "";
      return usage(
        `Cannot use ${JSON.stringify(value)} for ${quoted}`,
        choices(why),
        see,
      );
    }
    case "commander.help": {
      // `help WORD` of a command that is none.
      const word = argv.find((each) => each !== "help" && !each.startsWith("-")) ?? "";
      const near = nearest(word, known);
      return usage(
        `Cannot find a command called ${word}`,
        "nycflow has no command of that name",
        near === null
          ? "see all of them with: nycflow --help"
          : `did you mean nycflow help ${near}?`,
      );
    }
    default:
      return usage(
        `Cannot understand the command line: ${said}`,
        "the words do not fit its form",
        see,
      );
  }
}

/** Commander's words for what a value may be. */
function choices(why: string | undefined): string {
  return why === undefined || why === ""
    ? "the value does not fit"
    : why.replace(/\.$/, "").replace(/^Allowed choices are/, "it is one of");
}

function usage(message: string, why: string, hint: string): Problem {
  return problem("usage", { message, why, hint });
}
