import type { AzureVaultKeyFacts } from "../../model/azure-vault-key.ts";
import type { Fact, FactsByName } from "../../model/fact.ts";
import { factNamed } from "../fact-named.ts";

/** Collectors validate what they read, and `derive` makes the rest: a fact of that name has the type of the model. */
export function factOf<N extends keyof AzureVaultKeyFacts>(facts: FactsByName, name: N): Fact<AzureVaultKeyFacts[N]> {
  return factNamed(facts, name) as Fact<AzureVaultKeyFacts[N]>;
}
