/** The project as defined, and who describes modules that no cache knows. */
import type { ProjectDefinition, SqlBody } from "../core/definition.ts";
import type { Problem } from "../core/problem/problem.ts";
import type { Spec } from "../core/spec.ts";
import type { Read } from "../core/version.ts";

export interface Loaded {
  readonly project: ProjectDefinition;
  /** Digest of everything that the definitions were made from. */
  readonly fingerprint: string;
  readonly warnings: readonly Problem[];
  /** True where the runner had not to be started. */
  readonly cached: boolean;
}

export interface Loader {
  /** All problems at once, root causes first. */
  load(): Promise<
    { readonly ok: true; readonly value: Loaded } | {
      readonly ok: false;
      readonly error: readonly Problem[];
    }
  >;
}

/** What a parse of one SQL text tells; positions are counted in characters from 0 within the text. */
export type ParsedSql =
  | {
    readonly ok: true;
    readonly codeVersion: string;
    /** Names in FROM that are no CTE in scope, as written, with their place. */
    readonly tables: readonly {
      readonly name: string;
      readonly offset: number;
      /** It is read as it was, by an AT clause of this unit. */
      readonly timed?: "VERSION" | "TIMESTAMP";
    }[];
    readonly ordered: boolean;
    readonly volatile: boolean;
    readonly parameters: readonly string[];
    readonly files: readonly string[];
    /** The text, without a trailing `;`. */
    readonly text: string;
  }
  | { readonly ok: false; readonly message: string; readonly offset: number | null };

export interface DescribeRequest {
  /** Absolute project folder. */
  readonly project: string;
  /** TypeScript modules, relative to the project; the config file, where there is one, is `config`. */
  readonly modules: readonly string[];
  readonly config: string | null;
  /** Variables that the configuration gives a value where nothing sets them; of `config` itself they are read anew. */
  readonly variables?: Readonly<Record<string, string>>;
  /** SQL texts by a key of the caller's. */
  readonly sql: Readonly<Record<string, string>>;
}

/** A stretch of one line of a module, from 1. */
export interface Span {
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

/** An option as written: its key (for members of a list, the value again) and where its value begins. */
export interface OptionPlace {
  readonly key: Span;
  readonly value: Span;
}

/** A definition as a module exports it: what `src/define` built, functions replaced by `true`. */
export interface DescribedExport {
  /** `default`, or the export's name; the members of an exported array all have the array's, and a `name` of their own. */
  readonly exportName: string;
  readonly line: number;
  readonly column: number;
  readonly spec: Spec;
  /** Where its options stand in the module, by path (`retry.attempts`, `checks[0].rows`); what is computed is not there. */
  readonly places: Readonly<Record<string, OptionPlace>>;
}

export interface DescribedModule {
  readonly file: string;
  readonly exports: readonly DescribedExport[];
  /** Token digest of the module and its local imports. */
  readonly codeVersion: string;
  /** Local imports followed, relative to the project. */
  readonly imports: readonly string[];
  /** Environment variables and files read while it was imported. */
  readonly reads: readonly Read[];
  readonly problems: readonly Problem[];
}

export interface DescribeResult {
  readonly modules: readonly DescribedModule[];
  readonly sql: Readonly<Record<string, ParsedSql>>;
}

export interface Describer {
  /** Runs in the runner; a module that loops is ended after `timeoutMs` and told as a problem. */
  describe(request: DescribeRequest): Promise<DescribeResult>;
}

export type { SqlBody };
