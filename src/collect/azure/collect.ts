import type { AzureReads } from "../../model/azure-vault-key.ts";
import type { Clock } from "../clock.ts";
import type { Collector } from "../collector.ts";
import { createScopeRuns } from "../scope-runs.ts";
import { type AzureReading, createAzureMemory, createAzureReading } from "./azure-reading.ts";
import { azureKeyPlace } from "./key-place.ts";
import { readKey } from "./read-key.ts";
import type { AzureReader } from "./reader.ts";

export interface AzureCollectorOptions {
  readonly reader: AzureReader;
  readonly clock: Clock;
  /** What beyond subscriptions may be looked at: `reads` in the configuration. */
  readonly reads: AzureReads;
  /** Where vaults are looked for whose ids are not registered. */
  readonly subscriptions: readonly string[];
}

/** Reads keys in Azure Key Vault and in managed HSMs, and of what is around them what decides over the keys. */
export function createAzureCollector({ reader, clock, reads, subscriptions }: AzureCollectorOptions): Collector {
  const memory = createAzureMemory(clock);
  const during = createScopeRuns<AzureReading>();

  return {
    async readKey(key, lane, within) {
      const place = azureKeyPlace(key);
      const turn = { lane, deadline: clock.steady() + within };
      const { kind } = place;
      const made = () => createAzureReading({ reader, clock, kind, reads, subscriptions, memory });
      return during(key.scope, made, (reading) => readKey(reading, place, turn));
    },
    // What keys of a vault share is told with each of them: only a key's registration tells where its vault is.
    readScope: () => Promise.resolve([]),
  };
}
