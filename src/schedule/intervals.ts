import type { CallTable } from "../model/call.ts";
import { laneShares, type ScanLane, scanLanes } from "../model/lane.ts";

/** Shared things (trails) that a scope is taken to have, where each costs calls of its own. */
const plannedParts = 5;

/**
 * The shortest interval of each lane that a scope's budget allows, or the configured one where that is longer. In
 * milliseconds, rounded up to whole seconds.
 */
export function effectiveIntervals(options: {
  readonly calls: CallTable;
  /** Requests per second that the scope may make of a call. */
  readonly rateOf: (call: string) => number;
  readonly keys: number;
  readonly configured: Readonly<Record<ScanLane, number>>;
}): Record<ScanLane, number> {
  const { calls, rateOf, keys, configured } = options;
  const shortest = (lane: ScanLane) => {
    const seconds = Object.entries(calls)
      .filter(([, call]) => lane === "full" || call.lane === "fast")
      .map(([name, call]) => {
        const perRun = call.subject === "key" ? keys : call.each === true ? plannedParts : 1;
        // Only what both lanes read has to be shared between them.
        const rate = rateOf(name) * (call.lane === "fast" ? laneShares[lane] : 1);
        return perRun / rate;
      });
    return Math.ceil(Math.max(0, ...seconds)) * 1000;
  };
  return Object.fromEntries(scanLanes.map((lane) => [lane, Math.max(configured[lane], shortest(lane))])) as Record<
    ScanLane,
    number
  >;
}
