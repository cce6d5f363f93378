// Decides how nested things are indented with guides. What a node says is ready text (painted if
// it is to be); long lines are cut.

import { paint, type Style } from "./style.ts";
import { truncate } from "./width.ts";

export interface TreeNode {
  /** May be painted; newlines are not looked for. */
  readonly text: string;
  readonly children?: readonly TreeNode[] | undefined;
}

/** A forest as lines: roots flush left, each child under its parent. */
export function tree(
  roots: readonly TreeNode[],
  options: { readonly width: number; readonly style: Style },
): string[] {
  const lines: string[] = [];
  for (const root of roots) {
    lines.push(truncate(root.text, options.width, options.style));
    branch(root.children ?? [], "", lines, options);
  }
  return lines;
}

function branch(
  nodes: readonly TreeNode[],
  prefix: string,
  lines: string[],
  options: { readonly width: number; readonly style: Style },
): void {
  const { style } = options;
  const [tee, corner, bar] = style.unicode ? ["├─ ", "└─ ", "│  "] : ["|- ", "`- ", "|  "];
  nodes.forEach((node, i) => {
    const last = i === nodes.length - 1;
    const guide = paint(style, "dim", prefix + (last ? corner : tee));
    lines.push(truncate(guide + node.text, options.width, style));
    branch(node.children ?? [], prefix + (last ? "   " : bar), lines, options);
  });
}
