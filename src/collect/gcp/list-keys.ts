import { allPages } from "../all-pages.ts";
import { Refused } from "../refusal.ts";
import type { GcpReading, KeyList } from "./gcp-reading.ts";
import type { GcpTarget } from "./reader.ts";
import { keysPage } from "./schema/key.ts";

/**
 * All keys of a ring: one list serves every key of it that is read at about the same time. With `after`, one that was
 * asked for after that one came.
 */
export function listKeys(
  { reader, clock, keyLists }: GcpReading,
  target: GcpTarget,
  ring: string,
  after?: Promise<KeyList>,
): Promise<KeyList> {
  const read = async (): Promise<KeyList> => {
    try {
      const keys = await allPages(async (next) => keysPage(await reader.listCryptoKeys(target, ring, next)));
      return { at: clock.now(), keys: new Map(keys) };
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return { at: clock.now(), keys: error };
    }
  };
  return keyLists.get(ring, read, after);
}

/** Why a key is not there, where the answer says so: the complete list has none, or there is no ring or project. */
export function absence({ keys }: KeyList, { scope, ring, id }: KeyPlace): string | undefined {
  if (!(keys instanceof Refused)) return keys.has(id) ? undefined : `the complete list of ${ring} does not have it`;
  const { absent, detail } = keys.refusal;
  return absent === ring || absent === scope ? detail : undefined;
}

/** Where a key is looked for. */
export interface KeyPlace {
  readonly scope: string;
  /** `projects/…/keyRings/<ring>`. */
  readonly ring: string;
  readonly id: string;
}
