// Makes the bare import "nycflow" in user modules mean the program's own src/mod.ts. From source
// the import map that the runner is started with does it (see host/self.ts); in the binary there
// are no files to point at, so the compiled runtime is given the module itself.

/** The part of the compiled runtime that is used; absent from source. */
interface CompiledRuntime {
  plugin(plugin: {
    name: string;
    setup(build: {
      module(
        name: string,
        make: () => { exports: Record<string, unknown>; loader: "object" },
      ): void;
    }): void;
  }): void;
}

/**
 * To be called once, before the first user module is imported; `exports` is the namespace of
 * src/mod.ts. What a module imports only as a type needs no value here: it is erased.
 */
export function provideNycflow(exports: Readonly<Record<string, unknown>>): void {
  const { Bun } = globalThis as { Bun?: CompiledRuntime };
  Bun?.plugin({
    name: "nycflow",
    setup: (build) =>
      build.module("nycflow", () => ({ exports: { ...exports }, loader: "object" })),
  });
}
