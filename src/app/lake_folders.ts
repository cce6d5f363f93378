/** The folders that a run is about to need, made before it begins: see `warehouse/durable.ts` for why together. */
import { join } from "node:path";
import type { Plan } from "../core/plan.ts";
import { pathPart } from "../engine/order.ts";
import { makeFolders } from "../warehouse/durable.ts";
import type { Session, View } from "./session.ts";

/** Steps at the head of a plan that it is worth it for: a long plan is not to wait for its last folder. */
const MOST = 2000;
/** Fewer are made as they come. */
const FEW = 8;

/** Of what is missing, since what was there before has its folder. Never a reason to fail: a step that cannot write says so. */
export function prepareLake(session: Session, view: View, { steps }: Plan): void {
  const folders = steps.slice(0, MOST).filter(({ asset, certain, reasons }) =>
    certain && reasons.some(({ kind }) => kind === "missing") && keepsFiles(view, asset)
  ).flatMap(({ together, partition }) =>
    together.map((asset) =>
      join(session.project, session.lake, pathPart(asset), pathPart(partition))
    )
  );
  if (folders.length < FEW) return;
  try {
    makeFolders(folders);
  } catch {
    // The disk is full, or may not be written: each step tells that with its own name.
  }
}

function keepsFiles(view: View, asset: Parameters<View["layout"]["def"]>[0]): boolean {
  const { materialized, kind } = view.layout.def(asset);
  return materialized !== "view" && kind !== "source";
}
