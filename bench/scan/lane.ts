/** Full scans as the service makes them: `lane.ts <endpoint> <configuration> <how many scans>`. */
import { monitorEventLoopDelay } from "node:perf_hooks";
import { createLogger } from "../../src/cli/logger.ts";
import { readConfig } from "../../src/cli/read-config.ts";
import { openService } from "../../src/cli/service.ts";
import { type Cost, measure } from "./measure.ts";

export interface LaneRun extends Cost {
  readonly changes: number;
  readonly heap_mb: number;
  readonly rss_mb: number;
  /** How long the event loop was held, in milliseconds. */
  readonly held_p99: number;
  readonly held_max: number;
}

const [endpoint = "", file = "", scans = "1"] = process.argv.slice(2);
const config = await readConfig(file);
const service = await openService({ config, log: createLogger("error"), local: { aws: { endpoint } } });
await service.takeOver();

const runs: LaneRun[] = [];
for (let run = 0; run < Number(scans); run += 1) runs.push(await scanAll());
await service.schedule.stop();
await service.close();
process.send?.(runs);
process.disconnect?.();

async function scanAll(): Promise<LaneRun> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  let changes = 0;
  const cost = await measure(async () => {
    delay.enable();
    const begun = await service.schedule.requestScan(null, "full");
    for (const { done } of begun) {
      const scan = await done;
      if (scan === undefined || scan.failed_keys > 0 || scan.refused.length > 0) throw new Error("a scan went wrong");
      changes += scan.changes;
    }
    delay.disable();
  });
  globalThis.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  const held = { held_p99: delay.percentile(99) / 1e6, held_max: delay.max / 1e6 };
  return { ...cost, ...held, changes, heap_mb: heapUsed / 2 ** 20, rss_mb: rss / 2 ** 20 };
}
