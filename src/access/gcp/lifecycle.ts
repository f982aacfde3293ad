import { type Fact, type FactsByName, known, mapFact } from "../../model/fact.ts";
import type { Lifecycle } from "../../model/key.ts";
import { factOf } from "./fact-of.ts";

/** https://cloud.google.com/kms/docs/key-states */
const lifecycleByState: ReadonlyMap<string, Lifecycle> = new Map([
  ["ENABLED", "enabled"],
  ["DISABLED", "disabled"],
  ["DESTROY_SCHEDULED", "pending-deletion"],
  ["DESTROYED", "deleted"],
  ["PENDING_IMPORT", "pending-import"],
]);

/**
 * The lifecycle of a key from its facts `existence` and `primary`: new data is encrypted by the primary version. A state
 * that is not known yet, or no primary version at all, is no usable one.
 */
export function gcpKeyLifecycle(facts: FactsByName): Fact<Lifecycle> {
  return mapFact(factOf(facts, "existence"), (existence) =>
    existence === "absent"
      ? known("deleted")
      : mapFact(factOf(facts, "primary"), (primary) =>
          known(lifecycleByState.get(primary?.state ?? "") ?? "unavailable"),
        ),
  );
}
