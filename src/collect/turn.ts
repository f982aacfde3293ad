import type { ScanLane } from "../model/lane.ts";

/** For which lane something is read, and until when that is worth it. */
export interface Turn {
  readonly lane: ScanLane;
  /** By the steady clock. No attempt begins after it. */
  readonly deadline: number;
}
