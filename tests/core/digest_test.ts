import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import fc from "fast-check";
import { digest, digestAll, digestBytes, Digester } from "../../src/core/digest.ts";
import { secretDigest, sha256 } from "../../src/core/secret_digest.ts";

Deno.test("digest is MurmurHash3 x86-128, by its published vectors", () => {
  assert.equal(digest(""), "00000000000000000000000000000000");
  assert.equal(
    digest("The quick brown fox jumps over the lazy dog"),
    "2f1583c3ecee2c675d7bf66ce5e91d2c",
  );
});

Deno.test("digest is the same however the bytes were cut", () => {
  fc.assert(fc.property(fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 8 }), (pieces) => {
    const whole = new Uint8Array(pieces.reduce((sum, each) => sum + each.length, 0));
    const stream = new Digester();
    let at = 0;
    for (const piece of pieces) {
      whole.set(piece, at);
      at += piece.length;
      stream.update(piece);
    }
    assert.equal(stream.end(), digestBytes(whole));
  }));
});

Deno.test("digestAll keeps the parts apart", () => {
  const lists = [["ab", ""], ["a", "b"], ["", "ab"], ["ab"], ["ab", null], [null, "ab"], []];
  assert.equal(new Set(lists.map(digestAll)).size, lists.length);
});

Deno.test("sha256 agrees with the platform's", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
    assert.equal(sha256(bytes), createHash("sha256").update(bytes).digest("hex"));
  }));
});

Deno.test("secretDigest depends on the salt and never shows the value", () => {
  assert.notEqual(secretDigest("hunter2", "a"), secretDigest("hunter2", "b"));
  assert.notEqual(secretDigest("bc", "a"), secretDigest("c", "ab"));
  assert.match(secretDigest("hunter2", "a"), /^[0-9a-f]{32}$/);
});
