import cron from "node-cron";
import type { Logger } from "../audit/logger.ts";

export interface Ticker {
  stop(): Promise<void>;
}

/** How often the clock is looked at, and from which difference on it was set, in milliseconds. */
const watchEvery = 250;
const clockWasSet = 5000;

/**
 * Ticks once a second. node-cron waits for a moment of the wall clock: where that is set back it would wait for as long,
 * and where it leaps forward it would go through every second in between. So it begins anew.
 */
export function startTicker(tick: () => Promise<void>, log: Pick<Logger, "info" | "error">): Ticker {
  // Its own logger writes lines that are no JSON. That a tick takes longer than a second is nothing to tell.
  const quiet = () => undefined;
  const logger = {
    debug: quiet,
    info: quiet,
    warn: quiet,
    error: (what: string | Error, error?: Error) => log.error({ err: error ?? what }, "the ticker failed"),
  };
  const options = { name: "lanes", timezone: "UTC", noOverlap: true, suppressMissedWarning: true, logger } as const;
  const begin = () => cron.schedule("* * * * * *", tick, options);
  let task = begin();
  let clock = Date.now();
  let steady = performance.now();
  const watch = setInterval(() => {
    const moved = Date.now() - clock - (performance.now() - steady);
    clock = Date.now();
    steady = performance.now();
    if (Math.abs(moved) < clockWasSet) return;
    log.info({ by_ms: Math.round(moved) }, "the clock was set");
    void task.destroy();
    task = begin();
  }, watchEvery);
  return {
    async stop() {
      clearInterval(watch);
      await task.destroy();
    },
  };
}
