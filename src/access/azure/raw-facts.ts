import type { AzureVaultKeyFacts } from "../../model/azure-vault-key.ts";
import { type Fact, unreadable } from "../../model/fact.ts";
import type { RawFacts } from "../resource-access.ts";

/** The collectors validate what they read, so a fact of that name has the type that the model gives it. */
export function rawFact<N extends keyof AzureVaultKeyFacts>(facts: RawFacts, name: N): Fact<AzureVaultKeyFacts[N]> {
  return factNamed(facts, name) as Fact<AzureVaultKeyFacts[N]>;
}

export function factNamed(facts: RawFacts, name: string): Fact<unknown> {
  return facts[name] ?? unreadable("not-read-yet", `${name} has not been read`);
}
