import assert from "node:assert/strict";
import { parseDotenv, projectEnvironment } from "../../src/loader/environment.ts";
import { Project } from "./project.ts";

Deno.test(".env: quotes, comments, export, several lines", () => {
  const text = [
    "\uFEFFA=1",
    "# comment",
    "  export B = two words # and a comment",
    "C=a#b",
    "D='single # \\n $A'",
    'E="double \\"quoted\\" \\n line"',
    'F="over',
    'lines" # end',
    "G=",
    "H=`back's`",
    "A=later",
    "URL=https://x/?a=b&c=d\r",
  ].join("\n");
  const { values, problems } = parseDotenv(text);
  assert.deepEqual(problems, []);
  assert.deepEqual(values, {
    A: "later",
    B: "two words",
    C: "a#b",
    D: "single # \\n $A",
    E: 'double "quoted" \n line',
    F: "over\nlines",
    G: "",
    H: "back's",
    URL: "https://x/?a=b&c=d",
  });
});

Deno.test(".env: what is wrong is told by line, without the line's text, which may be a secret", () => {
  const { values, problems } = parseDotenv(
    'A=1\nB=\'hunter2\n1C=x\njust hunter2\nE="a" hunter2\nF=6\n',
  );
  assert.deepEqual(problems.map((each) => [each.message, each.where, each.why]), [
    [
      "Cannot read B in .env",
      { file: ".env", line: 2 },
      "the quote ' that begins here is never closed",
    ],
    [
      "Cannot read a line of .env",
      { file: ".env", line: 3 },
      "a name is letters, digits and _, and does not begin with a digit",
    ],
    [
      "Cannot read a line of .env",
      { file: ".env", line: 4 },
      "expected NAME=value, or a comment that begins with #",
    ],
    ["Cannot read E in .env", { file: ".env", line: 5 }, "something follows the closing quote"],
  ]);
  assert.equal(JSON.stringify(problems).includes("hunter2"), false);
  assert.equal(values["F"], "6");
});

Deno.test("the real environment wins over .env", async () => {
  await using project = new Project({ ".env": "A=file\nB=file\n" });
  const found = projectEnvironment(project.folder, { A: "real", C: undefined });
  assert.deepEqual(found.env, { A: "real", B: "file" });
  assert.deepEqual(found.names, ["A", "B"]);
});

Deno.test("a broken .env is a problem of the project", async () => {
  await using project = new Project({ ".env": "A='x", "assets/a.sql": "select 1 as x" });
  assert.deepEqual((await project.problems()).map((each) => each.code), ["config-invalid"]);
});
