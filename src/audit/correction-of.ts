import { resourceAccess } from "../access/registry.ts";
import { offerCommands, offerCorrection } from "../check/offer-correction.ts";
import type { Finding } from "../model/finding.ts";
import { factsIn } from "../model/snapshot.ts";
import type { StoreReader } from "../store/store.ts";
import { allFacts, contextOf, type Rules } from "./judge.ts";

export interface CorrectionOptions {
  readonly store: Pick<StoreReader, "key" | "currentSnapshot">;
  readonly rules: Rules;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** What mends a failure. */
export interface Correction {
  /** The policy as it should be, judged before it is offered; null where commands alone mend it. */
  readonly policy: string | null;
  /** For a shell, one command on each line, each run only where those before it worked; a policy is taken to be in the file `policy.json`. */
  readonly command: string;
}

/** Computes, when it is asked for, the correction of a failure by the newest facts of its key; null where there is none. */
export function createCorrectionOf({ store, rules, now }: CorrectionOptions) {
  return async ({ check: id, key: name, resource }: Finding): Promise<Correction | null> => {
    const check = rules.catalogue.find((one) => one.id === id);
    const key = name === null ? undefined : await store.key(name);
    if (check === undefined || key?.resource !== resource.name) return null;
    if (check.correct === undefined && check.commands === undefined) return null;
    const at = now();
    const snapshot = await store.currentSnapshot(key.name, at);
    if (snapshot?.resource !== key.resource) return null;
    const read = factsIn(snapshot);
    const facts = allFacts(rules, key, read);
    const context = contextOf(rules, key.registration.guidance, at);
    const { policyCorrection } = resourceAccess[key.kind];
    if (policyCorrection !== null) {
      const factsWith = (policyText: string) => policyCorrection.factsWith(facts, key, policyText, at);
      const policy = offerCorrection(check, facts, { catalogue: rules.catalogue, factsWith }, context);
      if (policy !== undefined) return { policy, command: policyCorrection.command(key.resource, "policy.json") };
    }
    const commands = offerCommands(check, facts, context);
    // What takes something away may follow on what gives its replacement: it must not run where that failed.
    return commands === undefined ? null : { policy: null, command: commands.join(" &&\n") };
  };
}
