/** Settings given on the command line: which are refused since nothing would take them. */
import { match, throws } from "node:assert/strict";
import { proveSettings } from "../../src/app/settings.ts";
import type { AssetDefinition } from "../../src/core/definition.ts";
import { ProblemError } from "../../src/core/problem/problem.ts";
import { asset } from "../kit/definitions.ts";

const taking = (name: string, config: AssetDefinition["config"], more = {}): AssetDefinition =>
  asset(name, { config, ...more });

const exact = taking("large", { schema: null, defaults: { least: 5 }, exact: true });
const schema = taking("map", {
  schema: { type: "object", properties: { borough: { type: "string" } } },
  defaults: {},
});
const open = taking("code", null, { kind: "typescript" });

Deno.test("a setting that no asset of the run takes is refused, with the nearest that one does", () => {
  throws(() => proveSettings({ leest: 9 }, {}, [exact]), (thrown) => {
    match(String((thrown as ProblemError).problems[0]?.hint), /did you mean least\?/);
    return thrown instanceof ProblemError && thrown.problems[0]?.code === "setting-invalid";
  });
  throws(() => proveSettings({ burough: "Queens" }, {}, [exact, schema]), ProblemError);
});

Deno.test("a setting that one of them takes, or the project has, or only code can know, passes", () => {
  proveSettings({ least: 9, borough: "Queens" }, {}, [exact, schema]);
  proveSettings({ tax: 2 }, { tax: 1 }, [exact]);
  proveSettings({ whatever: 1 }, {}, [exact, open]);
  proveSettings({}, {}, [exact]);
});
