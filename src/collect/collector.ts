import type { KeyResource } from "../model/key.ts";
import type { ScanLane } from "../model/lane.ts";
import type { Reading } from "../model/reading.ts";

/** What reads one provider. It has no opinion on what it reads. */
export interface Collector {
  /**
   * Everything that a lane reads of one key. A full run also reads what the fast lane reads. No request begins later than
   * `within` milliseconds from now.
   */
  readKey(key: KeyResource, lane: ScanLane, within: number): Promise<readonly Reading[]>;
  /** Everything that a lane reads once for all keys of a scope. */
  readScope(scope: string, lane: ScanLane, within: number): Promise<readonly Reading[]>;
}
