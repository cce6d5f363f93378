// The product's name and version, in one place: `--version`, the definition cache's key, file
// footers and the binary's build all read it here.

/** The program's name, as one types it. */
export const PRODUCT = "nycflow";

/** The program's version (semantic versioning). */
export const VERSION = "0.1.0";
