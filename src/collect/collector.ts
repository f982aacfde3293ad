import type { KeyResource, Registration } from "../model/key.ts";
import type { ScanLane } from "../model/lane.ts";
import type { Reading } from "../model/reading.ts";

/** A key with what is expected of it: where its name does not tell enough to find it, the registration may. */
export type KeyToRead = KeyResource & { readonly registration: Registration };

/** What reads one provider. It has no opinion on what it reads. `Key` is what it has to be told of a key. */
export interface Collector<Key extends KeyResource = KeyToRead> {
  /**
   * Everything that a lane reads of one key. A full run also reads what the fast lane reads. No request begins later than
   * `within` milliseconds from now.
   */
  readKey(key: Key, lane: ScanLane, within: number): Promise<readonly Reading[]>;
  /** Everything that a lane reads once for all keys of a scope. */
  readScope(scope: string, lane: ScanLane, within: number): Promise<readonly Reading[]>;
}
