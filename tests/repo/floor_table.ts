// The floors of ARCHITECTURE.md as data: places, what each may import, which npm package belongs
// to which floor. A change here is a change of the architecture.

/** One floor: its places (a folder ends with a slash) and the floors that it may import. */
export interface Floor {
  readonly places: readonly string[];
  readonly may: readonly string[];
  /** Built-ins of the platform (`node:`); pure floors have none. */
  readonly builtins: boolean;
  /** Longest file, in lines; 400 unless said. */
  readonly lines?: number;
  /** May import what is known only at run time: user modules. */
  readonly computed?: boolean;
}

/** The whole rule. */
export interface FloorRules {
  readonly floors: Readonly<Record<string, Floor>>;
  /** npm package → floors. */
  readonly packages: Readonly<Record<string, readonly string[]>>;
  /** Floors whose imports of packages are the author's own affair. */
  readonly anyPackage: readonly string[];
  readonly barrels: readonly string[];
  readonly forbiddenNames: readonly string[];
}

const pure = { builtins: false };
const shell = { builtins: true };

/** What ARCHITECTURE.md says. */
export const RULES: FloorRules = {
  floors: {
    main: { places: ["main.ts"], may: ["cli", "runner", "app", "host"], ...shell, lines: 30 },
    cli: {
      places: ["src/cli/"],
      may: ["app", "dashboard", "views", "term", "ports", "core"],
      ...shell,
    },
    app: {
      places: ["src/app.ts", "src/app/"],
      may: [
        "automation",
        "engine",
        "stores",
        "warehouse",
        "loader",
        "host",
        "views",
        "term",
        "ports",
        "core",
      ],
      ...shell,
    },
    runner: {
      places: ["src/runner/"],
      may: ["define", "mod", "fixtures", "warehouse", "host", "ports", "core"],
      ...shell,
      computed: true,
    },
    automation: { places: ["src/automation/"], may: ["engine", "ports", "core"], ...shell },
    engine: { places: ["src/engine/"], may: ["ports", "core"], ...shell },
    stores: { places: ["src/stores/"], may: ["ports", "core"], ...shell },
    warehouse: { places: ["src/warehouse/"], may: ["ports", "core"], ...shell },
    loader: { places: ["src/loader/"], may: ["ports", "core"], ...shell },
    host: { places: ["src/host/"], may: ["ports", "core"], ...shell },
    dashboard: { places: ["src/dashboard/"], may: ["views", "term", "ports", "core"], ...shell },
    mod: { places: ["src/mod.ts"], may: ["define", "core"], ...pure },
    define: { places: ["src/define/"], may: ["core"], ...pure },
    fixtures: { places: ["fixtures/"], may: ["core"], ...pure },
    views: { places: ["src/views/"], may: ["core", "term"], ...pure },
    ports: { places: ["src/ports/"], may: ["core"], ...pure },
    core: { places: ["src/core/"], may: [], ...pure },
    term: { places: ["src/term/"], may: [], ...pure },
    assets: { places: ["assets/"], may: [], ...shell },
    templates: { places: ["templates/"], may: [], ...shell },
  },
  packages: {
    "@duckdb/node-api": ["warehouse"],
    asciichart: ["term"],
    commander: ["cli"],
    "js-tokens": ["runner"],
    nodemailer: ["host"],
    nycflow: ["assets", "templates"],
    "string-width": ["term"],
    yaml: ["loader"],
  },
  anyPackage: ["assets", "templates"],
  barrels: ["src/mod.ts"],
  forbiddenNames: ["types", "utils", "util", "helpers", "helper", "common", "misc", "index"],
};
