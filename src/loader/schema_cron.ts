/** What a cron line may look like: five fields or a preset; checked by the rules that compute its ticks. */
import { parseCron } from "../core/schedule/cron.ts";
import type { Shape } from "./shape.ts";

export const cron: Shape = {
  is: "text",
  what: 'a cron line of five fields such as "0 6 * * *", or a preset such as @daily',
  check: (text) => {
    const parsed = parseCron(text, "UTC");
    if (parsed.ok) return null;
    const { code, why, hint } = parsed.error;
    return { code, why: why ?? "", ...(hint === undefined ? {} : { hint }) };
  },
};
