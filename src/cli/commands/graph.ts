/** `nycflow graph`: lineage, drawn in the terminal or written for other programs. */
import { Command, Option } from "commander";
import { listOf, withCommon, withSelection } from "../options.ts";
import type { CommandContext } from "../context.ts";

export function declare(): Command {
  return withCommon(withSelection(new Command("graph")))
    .description("what stands on what, drawn with states; or as Mermaid, Graphviz, JSON")
    .summary("what stands on what, drawn with states")
    .addOption(
      new Option("--format <format>", "what is written").choices([
        "text",
        "mermaid",
        "dot",
        "json",
      ]).default("text"),
    )
    .option("--fold", "each group as one node")
    .addHelpText(
      "after",
      "\nExamples:\n  nycflow graph\n  nycflow graph +manhattan_map --format mermaid",
    );
}

export async function act(command: Command, { output, common }: CommandContext): Promise<number> {
  const { openSession } = await import("../open.ts");
  await using session = await openSession(common);
  const options = command.opts();
  const { lookList } = await import("../../app/look.ts");
  const { foldedLineageOf, lineageOf } = await import("../../views/graph_fold.ts");
  const listed = await lookList(
    session,
    listOf(command.processedArgs[0]),
    listOf(options["exclude"]),
  );
  const graph = options["fold"] === true ? foldedLineageOf(listed) : lineageOf(listed);
  const format = common.json ? "json" : String(options["format"]);
  if (format === "text") {
    const { graphLines } = await import("../../views/graph.ts");
    const { lines, note } = graphLines(graph, output.style, output.columns);
    if (lines.length > 0) output.out(lines.join("\n"));
    if (note !== null && !common.quiet) output.err(`note: ${note}`);
    return 0;
  }
  const { dotText, graphDocument, mermaidText } = await import("../../views/graph_text.ts");
  const groupOf = ({ statuses }: (typeof graph.nodes)[number]) => {
    const [first] = statuses;
    return first === undefined ? "" : listed.defs.get(first.asset)?.group ?? "";
  };
  output.out(
    format === "json"
      ? JSON.stringify(graphDocument(graph, listed))
      : format === "mermaid"
      ? mermaidText(graph, groupOf)
      : dotText(graph, groupOf),
  );
  return 0;
}
