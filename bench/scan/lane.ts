/**
 * Full scans as the service makes them, one for each message: `lane.ts <endpoint> <configuration> [collect]`. With the last
 * word the heap is told after each scan: collecting all garbage by force throws optimized code away as well, so that what
 * such runs take is no measure.
 */
import { createLogger } from "../../src/cli/logger.ts";
import { readConfig } from "../../src/cli/read-config.ts";
import { openService } from "../../src/cli/service.ts";
import { answerRuns, type Cost, measure } from "./measure.ts";

export interface LaneRun extends Cost {
  readonly changes: number;
  /** After all garbage was collected. */
  readonly heap_mb?: number;
  readonly rss_mb: number;
}

const [endpoint = "", file = "", collect] = process.argv.slice(2);
const config = await readConfig(file);
const service = await openService({ config, log: createLogger("error"), local: { aws: { endpoint } } });
await service.takeOver();

answerRuns(scanAll, async () => {
  await service.schedule.stop();
  await service.close();
});

async function scanAll(): Promise<LaneRun> {
  let changes = 0;
  const cost = await measure(async () => {
    const begun = await service.schedule.requestScan(null, "full");
    for (const { done } of begun) {
      const scan = await done;
      if (scan === undefined || scan.failed_keys > 0 || scan.refused.length > 0) throw new Error("a scan went wrong");
      changes += scan.changes;
    }
  });
  if (collect !== undefined) globalThis.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  return { ...cost, changes, rss_mb: rss / 2 ** 20, ...(collect === undefined ? {} : { heap_mb: heapUsed / 2 ** 20 }) };
}
