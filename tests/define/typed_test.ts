/** The static types of `src/mod.ts`: most of these hold by compiling; a wrong line must not compile. */
import { deepStrictEqual } from "node:assert/strict";
import {
  type Asset,
  asset,
  assets,
  check,
  type Context,
  dynamicKeys,
  fatal,
  monthly,
  type Relation,
  resource,
  result,
  shell,
  skip,
  staticKeys,
  twoDimensions,
  type UpstreamTable,
} from "nycflow";
import { z } from "zod";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2) ? true
  : false;
/** Compiles only for `true`. */
function holds<T extends true>(proven?: T): void {
  deepStrictEqual(proven, undefined);
}

interface Zone {
  zone_id: number;
  borough: string;
}

Deno.test("context has a partition only for a partitioned asset, typed by its scheme", () => {
  asset({
    partitions: monthly({ start: "2023-01" }),
    run: ({ partition }) => {
      holds<Equal<typeof partition.start, string>>();
      return [{ key: partition.key }];
    },
  });
  asset({
    partitions: staticKeys(["north", "south"]),
    run: ({ partition }) => {
      holds<Equal<typeof partition.key, "north" | "south">>();
    },
  });
  asset({
    partitions: twoDimensions({ month: monthly(), side: staticKeys(["l", "r"]) }),
    run: ({ partition }) => void partition.keys.month,
  });
  asset({ partitions: dynamicKeys(), run: ({ partition }) => void partition.payload });
  // @ts-expect-error: not partitioned
  asset({ run: ({ partition }) => void partition });
});

Deno.test("upstream has only declared dependencies, with the rows of typed assets", () => {
  const zones = asset({
    name: "zones",
    run: (): Zone[] => [{ zone_id: 1, borough: "Queens" }],
  });
  holds<Equal<typeof zones, Asset<"zones", Zone>>>();
  asset({
    deps: [zones, "trips"],
    run: async ({ upstream }) => {
      holds<Equal<typeof upstream.zones, UpstreamTable<Zone>>>();
      const rows = await upstream.zones.rows();
      upstream.trips.path();
      // @ts-expect-error: not declared
      void upstream.others;
      // @ts-expect-error: no such column
      return rows.map((row) => row.borrow);
    },
  });
  asset({
    deps: { places: zones, trips: { asset: "trips", lookback: 1 } },
    run: async ({ upstream }) => {
      holds<Equal<typeof upstream.places, UpstreamTable<Zone>>>();
      // @ts-expect-error: it is called places here
      void upstream.zones;
      return await upstream.trips.rows();
    },
  });
});

Deno.test("config is what the schema gives, or the widened types of defaults", () => {
  asset({
    config: z.object({ limit: z.coerce.number().default(3) }),
    run: ({ config }) => {
      holds<Equal<typeof config, { limit: number }>>();
    },
  });
  asset({
    config: { borough: "Queens", limit: 3 },
    run: ({ config }) => {
      holds<Equal<typeof config.borough, string>>();
      holds<Equal<typeof config.limit, number>>();
    },
  });
});

Deno.test("results: what cannot be published does not compile", () => {
  asset({ run: () => skip("not yet") });
  asset({ run: ({ download }) => download("https://example.org/a.csv", { orSkip: "not yet" }) });
  asset({ run: ({ db }) => result(db.sql<Zone>`select 1`, { metadata: { strays: 3 } }) });
  asset({
    run: async function* () {
      await Promise.resolve();
      yield { a: 1 };
    },
  });
  asset({
    run: () => {
      throw fatal("no");
    },
  });
  // @ts-expect-error: a number is no result
  asset({ run: () => 3 });
  // @ts-expect-error: rows are objects
  asset({ run: () => [1, 2] });
  // @ts-expect-error: no such option
  asset({ run: () => {}, retires: 3 });
});

Deno.test("assets, check, resource and shell are typed by what they name", () => {
  assets({
    outputs: { paid: { description: "paid ones" }, open: {} },
    run: ({ db }) => ({ paid: db.sql`select 1` }),
  });
  assets({
    outputs: { paid: {} },
    // @ts-expect-error: not one of its outputs
    run: ({ db }) => ({ paied: db.sql`select 1` }),
  });
  const zones = asset({ name: "zones", run: (): Zone[] => [] });
  check({
    asset: zones,
    run: async ({ candidate }) => (await candidate.rows()).filter((row) => row.zone_id < 0),
  });
  const shop = resource({ open: () => ({ query: (text: string) => [text] }) });
  asset({
    resources: { shop },
    run: ({ resources }) => resources.shop.query("x").map((a) => ({ a })),
  });
  const made = shell({ name: "made", command: "true" });
  holds<Equal<typeof made.name, "made" | undefined>>();
});

Deno.test("Context types helper functions of one's own", () => {
  const helper = (context: Context<readonly ["trips"]>): Relation =>
    context.db.sql`select * from ${context.upstream.trips}`;
  asset({ deps: ["trips"], run: helper });
});
