import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { StateStore } from "../../src/ports/store.ts";
import { openSqliteStore } from "../../src/stores/sqlite/open.ts";
import { storeContract } from "./contract.ts";

storeContract("sqlite", () => {
  const folder = mkdtempSync(join(tmpdir(), "nycflow-test-"));
  const file = join(folder, "state.db");
  const opened: StateStore[] = [];
  return Promise.resolve({
    async open() {
      const store = await openSqliteStore(file);
      opened.push(store);
      return store;
    },
    plant(kind, text) {
      const db = new DatabaseSync(file);
      db.prepare(
        "insert into events (id, at, kind, body) select max(id) + 1, 0, ?, ? from events",
      ).run(kind, text);
      db.close();
      return Promise.resolve();
    },
    async close() {
      for (const store of opened) await store.close();
      rmSync(folder, { recursive: true });
    },
  });
});
