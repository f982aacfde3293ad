import type { AwsKmsKeyFacts } from "../../model/aws.ts";
import type { Fact, FactsByName } from "../../model/fact.ts";
import { factNamed } from "../fact-named.ts";

/** Collectors validate what they read, and `derive` makes the rest: a fact of that name has the type of the model. */
export function factOf<N extends keyof AwsKmsKeyFacts>(facts: FactsByName, name: N): Fact<AwsKmsKeyFacts[N]> {
  return factNamed(facts, name) as Fact<AwsKmsKeyFacts[N]>;
}
