// What the compiled binary carries inside itself. Run from source there is nothing: DuckDB stands
// in node_modules and the templates stand beside main.ts. The build (build/bun.ts) replaces this
// whole file by one with the same exports and a filled `embedded`; it decides nothing else.

/** A file inside the binary. */
export interface EmbeddedFile {
  /** The name it must have on disk (a library finds its neighbour by name). */
  readonly name: string;
  /** Its path inside the binary; only the compiler's own file calls can read it. */
  readonly source: string;
  readonly bytes: number;
}

/** A file of a template, as text. */
export interface TemplateFile {
  /** Relative to the project, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** Everything the binary carries. */
export interface Embedded {
  /** DuckDB's library and its binding; `id` changes whenever a byte of them does. */
  readonly duckdb: { readonly id: string; readonly files: readonly EmbeddedFile[] };
  readonly templates: Readonly<Record<string, readonly TemplateFile[]>>;
  /** What `nycflow types` writes for editors. */
  readonly declarations: string;
}

/** Null when run from source. */
export const embedded: Embedded | null = null;
