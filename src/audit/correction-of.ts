import { policyCorrections } from "../access/registry.ts";
import { offerCorrection } from "../check/offer-correction.ts";
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

/** A policy that mends a failure, judged before it is offered, and the command that puts it in place. */
export interface Correction {
  readonly policy: string;
  /** For a shell, with the policy in the file `policy.json`. */
  readonly command: string;
}

/** Computes, when it is asked for, the correction of a failure by the newest facts of its key; null where there is none. */
export function createCorrectionOf({ store, rules, now }: CorrectionOptions) {
  return async ({ check: id, key: name, resource }: Finding): Promise<Correction | null> => {
    const check = rules.catalogue.find((one) => one.id === id);
    const key = name === null ? undefined : await store.key(name);
    if (check?.correct === undefined || key?.resource !== resource.name) return null;
    const at = now();
    const snapshot = await store.currentSnapshot(key.name, at);
    if (snapshot?.resource !== key.resource) return null;
    const read = factsIn(snapshot);
    const facts = allFacts(rules, key, read);
    const { factsWith, command } = policyCorrections[key.kind];
    const rejudge = {
      catalogue: rules.catalogue,
      factsWith: (policyText: string) => factsWith(facts, key, policyText, at),
    };
    const policy = offerCorrection(check, facts, rejudge, contextOf(rules, key.registration.guidance, at));
    return policy === undefined ? null : { policy, command: command(key.resource, "policy.json") };
  };
}
