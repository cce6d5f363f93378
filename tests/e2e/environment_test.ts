// Variables of the environment: declared ones are there and of their type before anything starts, and what is
// secret is nowhere to be read afterwards.

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { oneWay } from "../rig/program.ts";

const CONFIG = `import { defineConfig } from "nycflow";
export default defineConfig({
  env: {
    SHOP_URL: { type: "url", description: "The shop's address" },
    SHOP_PAGES: { type: "integer", default: "3" },
    SHOP_MODE: { values: ["demo", "live"], default: "demo" },
    SHOP_PIN: { secret: true },
  },
});
`;
const ASSET = `import { asset, env, sensor, source } from "nycflow";
export const shop = source({
  observe: ({ env }) => ({ dataVersion: "v1-" + env("SHOP_PIN"), metadata: { at: env("SHOP_PIN") } }),
});
export const inbox = sensor({
  select: "orders",
  every: "1s",
  evaluate: ({ env }) => ({ skip: "nothing for " + env("SHOP_PIN"), cursor: 1 }),
});
export const mode = env("SHOP_MODE");
export const orders = asset({
  description: \`Orders, \${mode}\`,
  config: { pass_token: "" },
  run: ({ env, log, config }) => {
    log.info("given " + config.pass_token + ", at " + "https://ann:" + "hunter22@shop.example");
    log.info("pin is " + env("SHOP_PIN"));
    console.log("and printed: " + process.env.SHOP_PIN, "token", process.env.SHOP_API_TOKEN);
    if (env("SHOP_PAGES") === "7") throw new Error("cannot log in with " + env("SHOP_PIN"));
    return [{ pages: env("SHOP_PAGES") }];
  },
});
`;
const PIN = "swordfish-9921";
const TOKEN = "tok_5566778899";

/** Every file below the folder, as one text. */
function everything(folder: string): string {
  if (!existsSync(folder)) return "";
  return readdirSync(folder).map((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? everything(path) : readFileSync(path, "latin1");
  }).join("\n");
}

oneWay("environment: typed, required before anything starts, never shown", async (rig) => {
  rig.project({ "nycflow.config.ts": CONFIG, "assets/orders.ts": ASSET });
  const missing = await rig.run(["up"]);
  assert.equal(missing.code, 2);
  assert.match(
    missing.stderr,
    /Cannot start without SHOP_URL[^]*nycflow\.config\.ts:4[^]*The shop's address[^]*SHOP_URL=… to \.env/,
  );
  assert.match(missing.stderr, /Cannot start without SHOP_PIN/);

  rig.project({ ".env": `SHOP_URL=nowhere\nSHOP_PIN=${PIN}\nSHOP_API_TOKEN=${TOKEN}\n` });
  const wrong = await rig.run(["up"], { env: { SHOP_PAGES: "many", SHOP_MODE: "test" } });
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /Cannot use "nowhere" of SHOP_URL[^]*an address/);
  assert.match(wrong.stderr, /Cannot use "many" of SHOP_PAGES[^]*a whole number/);
  assert.match(wrong.stderr, /Cannot use "test" of SHOP_MODE[^]*one of demo, live/);

  const env = { SHOP_URL: "https://shop.example" };
  const good = await rig.run(["up", "--verbose"], { env });
  assert.equal(good.code, 0, good.stderr);
  assert.deepEqual(await rig.json(["sql", "--json", "from orders"], { env }), [{ pages: "3" }]);
  // A default that is used is no change the next time; another value is one.
  const again = await rig.run(["up", "--once"], { env });
  assert.match(again.stdout, /nothing to do/);
  const failed = await rig.run(["up", "--verbose"], { env: { ...env, SHOP_PAGES: "7" } });
  assert.equal(failed.code, 1);
  assert.match(failed.stderr, /cannot log in with \*\*\*/);
  const why = await rig.run(["why", "orders"], { env });
  const json = await rig.run(["run", "orders", "--json"], { env: { ...env, SHOP_PAGES: "7" } });
  assert.match(json.stdout, /cannot log in with \*\*\*/);

  const set = ["run", "orders", "--set", "pass_token=given-4711"];
  const given = await rig.run(set, { env });
  assert.equal(given.code, 0, given.stderr);
  const history = await rig.run(["runs", "--json"], { env });
  assert.match(history.stdout, /nycflow run orders --set pass_token=\*\*\*"/);
  const sensors = await rig.run(["sensors", "--json"], { env });
  assert.match(sensors.stdout, /nothing for \*\*\*/);
  const source = await rig.run(["show", "shop", "--json"], { env });
  assert.match(source.stdout, /"metadata":\{"at":"\*\*\*"\}/);

  const logs = everything(rig.path(".nycflow", "logs"));
  assert.match(logs, /pin is \*\*\*/);
  assert.match(logs, /and printed: \*\*\* token \*\*\*/);
  assert.match(logs, /given \*\*\*, at https:\/\/ann:\*\*\*@shop\.example/);
  assert.ok(!/given-4711|hunter22/.test(logs), logs);
  const seen = [good, failed, why, json, history, sensors, source].map(({ stdout, stderr }) =>
    stdout + stderr
  ).join("\n");
  for (const secret of [PIN, TOKEN]) {
    assert.ok(!seen.includes(secret), seen);
    assert.ok(!everything(rig.path(".nycflow")).includes(secret), `${secret} is in .nycflow`);
  }

  // Another default is another value: of what was built, and of what is read while modules are imported.
  rig.project({
    "nycflow.config.ts": CONFIG.replace('"3"', '"4"').replace('default: "demo"', 'default: "live"'),
  });
  assert.match((await rig.run(["plan"], { env })).stdout, /orders .*SHOP_PAGES changed/);
  const { assets } = await rig.json(["ls", "--json"], { env }) as {
    assets: { description: string }[];
  };
  assert.equal(assets[0]?.description, "Orders, live");
});
