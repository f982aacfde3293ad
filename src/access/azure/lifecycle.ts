import { type Fact, type FactsByName, known, mapFact } from "../../model/fact.ts";
import type { Lifecycle } from "../../model/key.ts";
import { factOf } from "./fact-of.ts";

/**
 * The lifecycle of a key from its facts `existence`, `deletion` and `enabled`: a deleted key, or one of a deleted vault,
 * can be recovered until it is purged. One that is gone is gone, whether or not somebody may look where it went.
 * https://learn.microsoft.com/en-us/azure/key-vault/general/soft-delete-overview
 */
export function azureKeyLifecycle(facts: FactsByName): Fact<Lifecycle> {
  return mapFact(factOf(facts, "existence"), (existence) => {
    if (existence === "present") {
      return mapFact(factOf(facts, "enabled"), (enabled) => known(enabled ? "enabled" : "disabled"));
    }
    const deletion = factOf(facts, "deletion");
    return known(deletion.state === "known" && deletion.value !== null ? "pending-deletion" : "deleted");
  });
}
