import type { Logger } from "../audit/logger.ts";
import type { Config } from "../config/config-schema.ts";

/** Beyond that many keys the series of checks that do not fail are most of what Prometheus would have to keep. */
export const mostDetailedKeys = 1000;

/** Takes the number of keys whenever it may be another; recommends `metrics.mode: summary` once where it is too great. */
export function createSummaryAdvice(
  mode: Config["metrics"]["mode"],
  log: Pick<Logger, "warn">,
): (keys: number) => void {
  let told = false;
  return (keys) => {
    if (told || mode === "summary" || keys <= mostDetailedKeys) return;
    told = true;
    log.warn({ keys }, "the metrics have some 40 series for each key; with so many keys, set metrics.mode to summary");
  };
}
