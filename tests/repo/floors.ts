// Checks a tree of files against the floor rule and says each breach in one line. Knows the rule
// only as data (floor_table.ts), so that it can itself be tested on bad trees.

import { isBuiltin } from "node:module";
import { posix } from "node:path";
import { type Import, readImports } from "./imports.ts";
import type { Floor, FloorRules } from "./floor_table.ts";

/** Path from the checkout, with forward slashes → text. */
export type Tree = ReadonlyMap<string, string>;

/** Every breach, as `path:line: words`; none when the tree keeps the rule. */
export function breaches(tree: Tree, rules: FloorRules): string[] {
  const found: string[] = [];
  const arrows = new Map<string, string[]>();
  for (const [path, text] of tree) {
    if (!/\.[cm]?[jt]sx?$/.test(path)) continue;
    const floor = floorOf(path, rules);
    if (!floor) {
      found.push(`${path}:1: stands on no floor`);
      continue;
    }
    const file = readImports(text, path.endsWith("x"));
    found.push(...shapeBreaches(path, text, file, rules));
    const targets: string[] = [];
    for (const each of file.imports) {
      const { breach, target } = judge(path, floor, each, tree, rules);
      if (breach) found.push(`${path}:${each.line}: ${breach}`);
      if (target) targets.push(target);
    }
    arrows.set(path, targets);
  }
  for (const circle of circles(arrows)) {
    found.push(`${circle[0]}:1: a circle: ${[...circle, circle[0]].join(" → ")}`);
  }
  return found;
}

function floorOf(path: string, rules: FloorRules): string | null {
  for (const [name, { places }] of Object.entries(rules.floors)) {
    const inside = (place: string) => place.endsWith("/") ? path.startsWith(place) : path === place;
    if (places.some(inside)) return name;
  }
  return null;
}

function shapeBreaches(
  path: string,
  text: string,
  file: ReturnType<typeof readImports>,
  rules: FloorRules,
): string[] {
  const found: string[] = [];
  const floor = rules.floors[floorOf(path, rules)!]!;
  const most = floor.lines ?? 400;
  const lines = text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
  if (lines > most) found.push(`${path}:${most + 1}: ${lines} lines, ${most} are allowed`);
  const name = posix.basename(path).replace(/\.[^.]*$/, "");
  if (rules.forbiddenNames.includes(name)) {
    found.push(`${path}:1: the name "${name}" says nothing about what is inside`);
  }
  if (!rules.barrels.includes(path)) {
    for (const line of file.stars) found.push(`${path}:${line}: a barrel (export * from)`);
    const again = file.imports.find((each) => each.kind === "re-export");
    if (again && !file.exportsOwn) {
      found.push(`${path}:${again.line}: a barrel (exports only what others made)`);
    }
  }
  return found;
}

function judge(
  path: string,
  floorName: string,
  { kind, specifier }: Import,
  tree: Tree,
  rules: FloorRules,
): { breach?: string; target?: string } {
  const floor: Floor = rules.floors[floorName]!;
  if (kind === "require") return { breach: "require: use import" };
  if (specifier === null) {
    return floor.computed ? {} : { breach: `${floorName} may not import what is computed` };
  }
  if (specifier.startsWith("node:")) {
    return floor.builtins ? {} : { breach: `${floorName} may not import ${specifier}` };
  }
  if (specifier.startsWith(".")) {
    const target = posix.join(posix.dirname(path), specifier);
    if (!tree.has(target)) return { breach: `there is no ${target}` };
    const to = floorOf(target, rules);
    if (to === null) return { breach: `${target} stands on no floor` };
    if (to === floorName || floor.may.includes(to)) return { target };
    return { breach: `${floorName} may not import ${to} (${target})`, target };
  }
  if (isBuiltin(specifier)) return { breach: `write node:${specifier}` };
  if (/^[a-z]+:|^\//i.test(specifier)) {
    return { breach: `"${specifier}" is no package of deno.json` };
  }
  const name = specifier.split("/").slice(0, specifier.startsWith("@") ? 2 : 1).join("/");
  if (rules.anyPackage.includes(floorName)) return {};
  const floors = rules.packages[name];
  if (!floors) return { breach: `${name} is listed for no floor` };
  if (!floors.includes(floorName)) {
    return { breach: `${name} belongs to ${floors.join(", ")}, not to ${floorName}` };
  }
  return {};
}

/** Tarjan's strongly connected components of more than one file, or of one that imports itself. */
function circles(arrows: ReadonlyMap<string, readonly string[]>): string[][] {
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const stack: string[] = [];
  const found: string[][] = [];
  const visit = (path: string): void => {
    order.set(path, order.size);
    lowest.set(path, order.get(path)!);
    stack.push(path);
    for (const next of arrows.get(path) ?? []) {
      if (!order.has(next)) visit(next);
      if (stack.includes(next)) {
        lowest.set(path, Math.min(lowest.get(path)!, lowest.get(next)!));
      }
    }
    if (lowest.get(path) !== order.get(path)) return;
    const circle = stack.splice(stack.indexOf(path));
    if (circle.length > 1 || arrows.get(path)?.includes(path)) found.push(circle);
  };
  for (const path of arrows.keys()) if (!order.has(path)) visit(path);
  return found;
}
