import { createMemoryLog, openMemoryStore } from "../../src/stores/memory/store.ts";
import { storeContract } from "./contract.ts";

storeContract("memory", () => {
  const log = createMemoryLog();
  return Promise.resolve({
    open: () => Promise.resolve(openMemoryStore(log)),
    plant: (_kind, text) => {
      log.last++;
      log.lines.push({ id: log.last, at: 0, text });
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  });
});
