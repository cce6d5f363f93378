import { equal, ok } from "node:assert/strict";
import { drawnText } from "../../src/host/message.ts";

const message = { subject: "s", text: "failed", fields: {} };
const drawing = (lines: number) => Array.from({ length: lines }, () => "█".repeat(72)).join("\n");

Deno.test("drawings stand below the text, in fences where a chat wants them", () => {
  equal(drawnText(message), "failed");
  equal(drawnText({ ...message, drawings: ["ab", "c"] }), "failed\n\nab\n\nc");
  equal(drawnText({ ...message, drawings: ["ab"] }, 100, "```"), "failed\n```\nab\n```");
});

Deno.test("a drawing goes whole or not at all, and what is left out is told", () => {
  const drawings = [drawing(10), drawing(30), drawing(12)];
  const text = drawnText({ ...message, drawings }, 1990, "```");
  ok(text.length <= 1990);
  equal(text.split("```").length, 5, "the long one in the middle is left out");
  ok(text.endsWith("(1 drawing left out)"));
  const many = drawnText({ ...message, drawings: Array.from({ length: 50 }, () => drawing(30)) });
  ok(many.length < 13_000, `${many.length}`);
  ok(/\(\d+ drawings left out\)$/.test(many));
});
