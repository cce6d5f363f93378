/** What a query binds: which `$names` exist for an asset. Settings of the project are known only when it is linked. */
import type { AssetDefinition } from "../core/definition.ts";
import { nearest } from "../core/graph/nearest.ts";
import { type Problem, problem, type Where } from "../core/problem/problem.ts";

const WINDOW = [
  "partition_start",
  "partition_end",
  "partition_start_tz",
  "partition_end_tz",
] as const;
export const PARTITION_PARAMETERS = [...WINDOW, "partition_key"] as const;

/** Parameters that nothing binds; `$config.x` apart. */
export function parameterProblems(
  definition: AssetDefinition,
  query: string,
  place: (offset: number, length: number) => Where,
): readonly Problem[] {
  return (definition.sql?.parameters ?? []).flatMap((name): readonly Problem[] => {
    if (name.startsWith("config.")) return [];
    const offset = Math.max(0, query.search(new RegExp(`\\$${name.replace(/[^\w]/g, "")}\\b`)));
    const where = { asset: definition.key, ...place(offset, name.length + 1) };
    const said = (why: string, hint: string) => [
      problem("definition-invalid", { message: `Cannot bind $${name}`, where, why, hint }),
    ];
    if (!PARTITION_PARAMETERS.some((each) => each === name)) {
      const known = [
        ...PARTITION_PARAMETERS,
        ...Object.keys(definition.config?.defaults ?? {})
          .map((each) => `config.${each}`),
      ];
      const near = nearest(name, known);
      return said(
        `a query may bind ${
          PARTITION_PARAMETERS.map((each) => `$${each}`).join(", ")
        } and $config.NAME`,
        near === null
          ? "write the value itself, or $config.NAME for a setting"
          : `did you mean $${near}?`,
      );
    }
    if (definition.partitions === null) {
      return said("the asset is not partitioned", "add partitions: monthly to the header");
    }
    const scheme = definition.partitions;
    const timed = scheme.type === "time" ||
      (scheme.type === "multi" && scheme.dimensions.some((each) => each.scheme.type === "time"));
    if (!timed && name !== "partition_key") {
      return said("its partitions are keys, not windows of time", "bind $partition_key");
    }
    return [];
  });
}

/** Settings that neither the asset nor the project has; told when the project's are known. */
export function settingProblems(
  definition: AssetDefinition,
  settings: ReadonlySet<string>,
  place: (name: string) => Where,
): readonly Problem[] {
  const own = Object.keys(definition.config?.defaults ?? {});
  return (definition.sql?.parameters ?? []).flatMap((name): readonly Problem[] => {
    if (!name.startsWith("config.")) return [];
    const setting = name.slice("config.".length).split(".")[0] ?? "";
    if (own.includes(setting) || settings.has(setting)) return [];
    const near = nearest(setting, [...own, ...settings]);
    return [problem("definition-invalid", {
      message: `Cannot bind $${name}`,
      where: { asset: definition.key, ...place(name) },
      why: `there is no setting ${setting}`,
      hint: near === null
        ? `add config: { ${setting}: … } to the header, or settings to nycflow.config.ts`
        : `did you mean $config.${near}?`,
    })];
  });
}
