/**
 * Packing, in the background of whatever publishes: many small partitions of one asset become row ranges of one file.
 * The old files are left to cleaning, since somebody may be reading them.
 */
import { statSync } from "node:fs";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Event } from "../core/event.ts";
import { packable, placesIn } from "../core/pack.ts";
import { pathPart } from "../engine/order.ts";
import { collect } from "../host/memory.ts";
import type { Session, View } from "./session.ts";

const EVERY_MS = 10 * 60_000;

/** Packs where there is enough to be packed and it was not looked at of late. Never makes a command fail. */
export async function packIfDue(session: Session, view: View): Promise<void> {
  const mark = join(session.project, session.root, "cache", "packed");
  const found = statSync(mark, { throwIfNoEntry: false });
  if (found !== undefined && Math.abs(Date.now() - found.mtimeMs) < EVERY_MS) return;
  try {
    if (packable(view.state, view.layout.graph.keys).length === 0) return;
    mkdirSync(dirname(mark), { recursive: true });
    writeFileSync(mark, "");
    await pack(session, view);
  } catch {
    // What is not packed is read as it is.
  }
}

/** Gives how many versions were packed. */
export async function pack(session: Session, view: View): Promise<number> {
  const store = await session.store();
  await store.sync(view.state);
  const warehouse = await session.warehouse();
  let packed = 0;
  for (const versions of packable(view.state, view.layout.graph.keys)) {
    const asset = versions[0]?.asset;
    if (asset === undefined) continue;
    collect();
    const id = session.host.ids.next();
    const path = `${session.lake}/${pathPart(asset)}/${id}.packed.parquet`;
    const made = await warehouse.pack(versions, path);
    if (!made.ok) continue;
    const files = placesIn(versions, path, made.value.bytes);
    const { own } = await store.commit(
      view.state,
      session.host.clock.now(),
      (state) =>
        versions.flatMap((each, at): Event[] => {
          const file = files[at];
          const there = state.heads.get(asset)?.get(each.partition)?.published;
          // It was replaced meanwhile.
          if (file === undefined || there?.version !== each.version) return [];
          return [{
            kind: "version-set",
            asset,
            partition: each.partition,
            action: "packed",
            version: each.version,
            text: `packed with ${versions.length - 1} others`,
            file,
          }];
        }),
    );
    if (own.length === 0) rmSync(join(session.project, path), { force: true });
    packed += own.length;
  }
  return packed;
}
