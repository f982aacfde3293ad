import { type Fact, known, mapFact } from "../../model/fact.ts";
import type { Lifecycle } from "../../model/key.ts";
import type { RawFacts } from "../resource-access.ts";
import { rawFact } from "./raw-facts.ts";

/**
 * The lifecycle of a key from its facts `existence`, `deletion` and `enabled`: a deleted key, or one of a deleted vault,
 * can be recovered until it is purged. One that is gone is gone, whether or not somebody may look where it went.
 * https://learn.microsoft.com/en-us/azure/key-vault/general/soft-delete-overview
 */
export function azureKeyLifecycle(facts: RawFacts): Fact<Lifecycle> {
  return mapFact(rawFact(facts, "existence"), (existence) => {
    if (existence === "present") {
      return mapFact(rawFact(facts, "enabled"), (enabled) => known(enabled ? "enabled" : "disabled"));
    }
    const deletion = rawFact(facts, "deletion");
    return known(deletion.state === "known" && deletion.value !== null ? "pending-deletion" : "deleted");
  });
}
