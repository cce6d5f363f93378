// Stands in the binary for @duckdb/node-bindings, whose own loader looks for a package on disk.
// src/host/duckdb_library.ts has loaded the binding and left it here.
const shelf = globalThis[Symbol.for("nycflow.duckdb.binding")];
if (!shelf) throw new Error("DuckDB was imported before prepareDuckDb() was awaited");
module.exports = shelf.binding;
