import type { Fact, FactsByName } from "../../model/fact.ts";
import type { GcpKmsKeyFacts } from "../../model/gcp-kms-key.ts";
import { factNamed } from "../fact-named.ts";

/** Collectors validate what they read, and `derive` makes the rest: a fact of that name has the type of the model. */
export function factOf<N extends keyof GcpKmsKeyFacts>(facts: FactsByName, name: N): Fact<GcpKmsKeyFacts[N]> {
  return factNamed(facts, name) as Fact<GcpKmsKeyFacts[N]>;
}
