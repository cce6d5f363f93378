// Draws a graph without cycles as SVG: boxes from left to right, arrows as smooth lines. Where all
// of it stands is decided by layered/, as for the terminal's drawing.

import { placeAcross } from "../layered/across.ts";
import { chainsOf } from "../layered/chains.ts";
import { arrowsOf, assignLayers, type Edge } from "../layered/layers.ts";
import { orderLayers } from "../layered/order.ts";
import { el, escape, hint, label, n } from "./element.ts";
import { cut, finish, sheet, textWidth } from "./frame.ts";

export interface GraphNode {
  readonly key: string;
  /** A class of the theme for the dot before the name. */
  readonly shade: string;
  readonly hint: string;
  readonly href?: string | undefined;
}

/** A node takes three units across, an arrow that passes one. */
const UNIT = 9, NODE = 3;
const TALL = UNIT * NODE, GAP = 46, WIDEST = 190;

/** The graph; as wide as it needs, which its viewBox says. Edges are indices of nodes. */
export function graphSvg(
  nodes: readonly GraphNode[],
  edges: readonly Edge[],
  title: string,
): string {
  const arrows = arrowsOf(nodes.length, edges);
  const chains = chainsOf(arrows, assignLayers(arrows, null));
  const layers = orderLayers(chains);
  const middle = (item: number) => item < chains.count ? 1 : 0;
  const across = placeAcross(layers, chains, {
    sizes: chains.layerOf.map((_, item) => item < chains.count ? NODE : 1),
    room: null,
    gap: () => 1,
    out: middle,
    into: middle,
  });
  const wide = layers.map((items) =>
    Math.max(30, ...items.map((item) => widthOf(nodes[item]?.key)))
  );
  const lefts: number[] = [];
  let x = 1;
  for (const own of wide) {
    lefts.push(x);
    x += own + GAP;
  }
  const y = (item: number) =>
    6 + UNIT * ((across[item] ?? 0) + (item < chains.count ? NODE / 2 : 0.5));
  const on = sheet(Math.max(60, x - GAP + 1), "");
  for (let item = 0; item < chains.layerOf.length; item++) {
    const layer = chains.layerOf[item] ?? 0, left = lefts[layer] ?? 0, own = wide[layer] ?? 0;
    // An arrow runs straight through a layer that it only passes.
    let d = item < chains.count ? "" : `M${n(left)} ${n(y(item))}H${n(left + own)}`;
    for (const to of chains.next[item] ?? []) {
      const x0 = left + own, x1 = lefts[layer + 1] ?? 0, bend = (x0 + x1) / 2;
      d += `M${n(x0)} ${n(y(item))}C${n(bend)} ${n(y(item))} ${n(bend)} ${n(y(to))} ${n(x1)} ${
        n(y(to))
      }`;
    }
    if (d !== "") on.parts.push(el("path", { class: "x", d }));
  }
  nodes.forEach((node, item) => {
    const layer = chains.layerOf[item] ?? 0, left = lefts[layer] ?? 0, own = wide[layer] ?? 0;
    const box = el("rect", {
      class: "b",
      x: left,
      y: y(item) - TALL / 2,
      width: own,
      height: TALL,
      rx: 5,
    }) + el("circle", { class: node.shade, cx: left + 13, cy: y(item), r: 4.5 }) +
      label(left + 24, y(item) + 4, cut(node.key, own - 28)) + hint(node.hint);
    on.parts.push(
      node.href === undefined ? el("g", {}, box) : `<a href="${escape(node.href)}">${box}</a>`,
    );
  });
  on.y = 10 + UNIT * Math.max(NODE, ...across.map((at) => at + NODE));
  return finish(on, title, { css: null, below: [] });
}

function widthOf(key: string | undefined): number {
  return key === undefined ? 0 : Math.min(WIDEST, textWidth(key) + 34);
}
