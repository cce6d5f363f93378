import assert from "node:assert/strict";
import fc from "fast-check";
import {
  maskedCommand,
  masker,
  maskProblem,
  secretSettings,
  secretValues,
} from "../../src/core/mask.ts";
import { problem } from "../../src/core/problem/problem.ts";

Deno.test("mask: declared variables, and those whose name says so", () => {
  const env = {
    SHOP_PIN: "1234",
    SHOP: "abc",
    DB_PASSWORD: "hunter22",
    GITHUB_TOKEN: "ghp_123456",
    AWS_SECRET_ACCESS_KEY: "wJalrXUtn",
    TOKEN: "demo",
    TOKENS_PER_DAY: "1000000",
    PATH: "/usr/bin:/bin",
    PWD: "/home/ann/taxi",
    IDENTITY_TOKEN_FILE: "/run/token",
    EMPTY: undefined,
  };
  assert.deepEqual(
    [...secretValues(["SHOP_PIN", "SHOP", "NONE"], env)].sort(),
    // Three letters, or a word such as "demo", would mask half of every text.
    ["1234", "ghp_123456", "hunter22", "wJalrXUtn"],
  );
});

Deno.test("mask: no secret is left, longer ones first, addresses too", () => {
  const mask = masker(["hunter22", "hunter2", "p@ss/word"]);
  assert.equal(mask("hunter22 and hunter2"), "*** and ***");
  assert.equal(
    mask("https://me:p%40ss%2Fword@shop.example p@ss/word"),
    "https://me:***@shop.example ***",
  );
  assert.equal(masker([])("hunter22"), "hunter22");
});

Deno.test("property: a masked text holds none of the secrets", () => {
  const secret = fc.string({ minLength: 4, maxLength: 12 }).filter((each) =>
    !"***".includes(each) && !each.includes("*")
  );
  fc.assert(
    fc.property(
      fc.array(secret, { minLength: 1, maxLength: 4 }),
      fc.string(),
      (secrets, between) => {
        const masked = masker(secrets)(secrets.join(between) + between);
        for (const each of secrets) {
          assert.ok(
            !masked.includes(each) || between.includes("*"),
            masked,
          );
        }
      },
    ),
    { numRuns: 200 },
  );
});

Deno.test("mask: of a problem every text, and not its code", () => {
  const found = maskProblem(
    problem("code-threw", {
      message: "Cannot log in with hunter22",
      where: { file: "assets/hunter22.ts", source: 'login("hunter22")', frames: ["hunter22 at 1"] },
      why: "hunter22",
      hint: "hunter22",
      fields: { engine: ["hunter22", 3, null] },
    }),
    masker(["hunter22"]),
  );
  assert.ok(!JSON.stringify(found).includes("hunter22"));
  assert.equal(found.code, "code-threw");
});

Deno.test("mask: passwords in addresses, whoever wrote them there", () => {
  const mask = masker([]);
  assert.equal(
    mask("401 at https://ann:pw@shop.example/x, postgres://bob:p%40ss@db:5432/x"),
    "401 at https://ann:***@shop.example/x, postgres://bob:***@db:5432/x",
  );
  for (
    const plain of ["https://shop.example:8080/a@b", "http://[::1]:80/", "a://b/c:d@e", "x:y@z"]
  ) {
    assert.equal(mask(plain), plain);
  }
});

Deno.test("mask: a secret as JSON writes it, and line by line", () => {
  const mask = masker([
    'pa"ss\\word',
    "-----BEGIN KEY-----\nMIIEvQIBADANBgkq\nabc=\n-----END KEY-----",
  ]);
  assert.equal(mask(JSON.stringify({ p: 'pa"ss\\word' })), '{"p":"***"}');
  assert.equal(mask("> MIIEvQIBADANBgkq\n> abc="), "> ***\n> abc=");
});

Deno.test("mask: settings that are called as a secret would be", () => {
  assert.deepEqual(
    secretSettings({ api_token: "abcdef1", limit: 3, password: "short", region: "Queens" }),
    ["abcdef1"],
  );
  assert.equal(
    maskedCommand([
      "nycflow",
      "run",
      "a",
      "--set",
      "api_token=abcdef1",
      "limit=3",
      "--set=pg_password=x",
    ]),
    "nycflow run a --set api_token=*** limit=3 --set=pg_password=***",
  );
});
