/**
 * Eggs are bought. TypeScript, since SQL cannot go shopping.
 *
 * They keep for three minutes here (`freshness`): after that they are bought anew before the next dough is made.
 * The shop is sometimes shut for a moment, so buying is tried up to three times (`retry`).
 */
import { asset } from "nycflow";

export const eggs = asset({
  description: "Two eggs, with the moment at which they were bought",
  freshness: { within: "3m" },
  retry: { attempts: 3, delay: "1s" },
  run: ({ run, log, now }) => {
    if (run.attempt === 1) throw new Error("the shop is shut for a moment");
    log.info("bought two eggs");
    return [{ ingredient: "eggs", grams: 110, bought_at: now }];
  },
});
