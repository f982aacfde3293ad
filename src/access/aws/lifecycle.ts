import type { Fact, FactsByName } from "../../model/fact.ts";
import { known, mapFact } from "../../model/fact.ts";
import type { Lifecycle } from "../../model/key.ts";
import { factNamed } from "../fact-named.ts";

/** https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html */
const lifecycleByState: ReadonlyMap<string, Lifecycle> = new Map([
  ["Enabled", "enabled"],
  ["Updating", "enabled"],
  ["Disabled", "disabled"],
  ["PendingDeletion", "pending-deletion"],
  ["PendingReplicaDeletion", "pending-deletion"],
  ["PendingImport", "pending-import"],
  ["Creating", "unavailable"],
  ["Unavailable", "unavailable"],
]);

/** The lifecycle of a KMS key from its facts `existence` and `state`; a state that is not known yet is no usable one. */
export function awsKeyLifecycle(facts: FactsByName): Fact<Lifecycle> {
  const existence = factNamed(facts, "existence");
  const state = factNamed(facts, "state");
  return mapFact(existence, (present) =>
    present === "absent"
      ? known("deleted")
      : mapFact(state, (word) => known(lifecycleByState.get(String(word)) ?? "unavailable")),
  );
}
