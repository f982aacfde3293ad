import { resourceAccess } from "../access/registry.ts";
import { parseKeyResource } from "../config/key-resource.ts";
import type { KeyResource } from "../model/key.ts";
import type { KeyAccessAt } from "../model/key-access.ts";
import { factsIn } from "../model/snapshot.ts";
import type { StoreReader } from "../store/store.ts";
import { allFacts, type Rules } from "./judge.ts";

export interface AccessOptions {
  readonly store: Pick<StoreReader, "snapshot" | "currentSnapshot">;
  readonly rules: Rules;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** Computes, when it is asked for, who can do what with a key: by the newest facts, or (`at`) by those of a moment. */
export function createAccessOf({ store, rules, now }: AccessOptions) {
  return async (name: string, at: number | null): Promise<KeyAccessAt | undefined> => {
    const moment = at ?? now();
    const snapshot = at === null ? await store.currentSnapshot(name, moment) : await store.snapshot(name, at);
    if (snapshot === undefined) return undefined;
    const { resource } = snapshot;
    const key = resourceNamed(resource);
    const facts = factsIn(snapshot);
    const context = { at: moment, settings: rules.settings };
    return { resource, at: moment, ...resourceAccess[key.kind].keyAccess(allFacts(rules, key, facts), key, context) };
  };
}

/** The name may belong to another key today: what a snapshot is of, its resource tells. */
function resourceNamed(resource: string): KeyResource {
  const parsed = parseKeyResource(resource);
  if (!parsed.ok) throw new Error(`${resource} was registered and is no key: ${parsed.detail}`);
  return parsed.resource;
}
