import { type Call, type CallTable, quotaName } from "../model/call.ts";
import { laneShares, type ScanLane, scanLanes } from "../model/lane.ts";

/** Who takes from one quota. */
export interface QuotaUse {
  readonly keys: number;
  readonly scopes: number;
  /** Lists that are asked for in an interval, where one list tells of several keys. */
  readonly lists: number;
}

/** Shared things (trails) that a scope is taken to have, where each costs calls of its own. */
const plannedParts = 5;

/**
 * The shortest interval of each lane that a scope's budget allows, or the configured one where that is longer. In
 * milliseconds, rounded up to whole seconds.
 */
export function effectiveIntervals(options: {
  readonly calls: CallTable;
  /** Requests per second that the scope may make of a call, and of all that share its quota. */
  readonly rateOf: (call: string) => number;
  readonly use: QuotaUse;
  readonly configured: Readonly<Record<ScanLane, number>>;
}): Record<ScanLane, number> {
  const { calls, rateOf, use, configured } = options;
  const quotas = [...Map.groupBy(Object.entries(calls), ([name, call]) => quotaName(name, call)).values()];
  const shortest = (lane: ScanLane) => {
    const seconds = quotas.map((ofQuota) => {
      const [first] = ofQuota;
      if (first === undefined) return 0;
      const made = ofQuota.filter(([, call]) => lane === "full" || call.lane === "fast");
      const perRun = made.reduce((sum, [, call]) => sum + requestsOf(call, use), 0);
      // Only what both lanes read has to be shared between them.
      const isShared = ofQuota.some(([, call]) => call.lane === "fast");
      return perRun / (rateOf(first[0]) * (isShared ? laneShares[lane] : 1));
    });
    return Math.ceil(Math.max(0, ...seconds)) * 1000;
  };
  return Object.fromEntries(scanLanes.map((lane) => [lane, Math.max(configured[lane], shortest(lane))])) as Record<
    ScanLane,
    number
  >;
}

/** How often a call is made in an interval. */
function requestsOf({ subject, shared, each }: Call, { keys, scopes, lists }: QuotaUse): number {
  if (subject === "key") return shared === true ? lists : keys;
  return each === true ? plannedParts * scopes : scopes;
}
