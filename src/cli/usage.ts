/** What is said of a command line that does not fit: commander's words, made into four parts. */
import type { CommanderError } from "commander";
import { nearest } from "../core/graph/nearest.ts";
import { type Problem, problem } from "../core/problem/problem.ts";

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
        const near = nearest(word, known);
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
      const why = /is invalid\. ?(.*)$/.exec(said)?.[1];
      const value = /argument '([^']*)'/.exec(said)?.[1] ?? "";
      return usage(
        `Cannot use ${JSON.stringify(value)} for ${quoted}`,
        why === undefined || why === ""
          ? "the value does not fit"
          : why.replace(/\.$/, "").replace(/^Allowed choices are/, "it is one of"),
        see,
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

function usage(message: string, why: string, hint: string): Problem {
  return problem("usage", { message, why, hint });
}
