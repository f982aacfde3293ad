/** Puts requests to a policy: over all addresses that a caller may have, and with the key's own attributes. */
import type { AwsAccessDecision, AwsAccessRequest, AwsPolicyAccess } from "../../model/aws-access.ts";
import { type AddressRange, cutRange, parseRange, rangeHolds, rangeText } from "../addresses.ts";
import type { CompiledPolicy } from "./compile-policy.ts";
import type { Question } from "./context.ts";
import { allowsFor, decide, traceStatements, type Verdict } from "./decide.ts";
import type { AwsKeyAttributes } from "./key-attributes.ts";

/** What a compiled key policy lets callers do with one key. */
export function policyAccess(policy: CompiledPolicy, key: AwsKeyAttributes): AwsPolicyAccess {
  const addressesOf = addressPieces(policy.source_ranges);
  return {
    policy: policy.policy,
    home: { partition: key.partition, account: key.account },
    decide: (request) => decideForAddresses(request, key, addressesOf, (question) => decide(policy, question)),
    allowing: (request) => {
      const questions = addressesOf(request).map((address) => ({ request, key, address }));
      return allowsFor(policy, questions);
    },
    trace(request) {
      const { address } = worstOf(request, key, addressesOf, (question) => decide(policy, question));
      return traceStatements(policy, { request, key, address });
    },
  };
}

type AddressesOf = (request: AwsAccessRequest) => readonly (AddressRange | null)[];

const rank = { denied: 0, conditional: 1, allowed: 2 };

/**
 * The worst answer over all of the caller's addresses: it may call from any of them, so a request that only some may
 * make does not work. `refused_addresses` says which may not.
 */
export function decideForAddresses<V extends Verdict>(
  request: AwsAccessRequest,
  key: AwsKeyAttributes,
  addressesOf: AddressesOf,
  ask: (question: Question) => V,
): V & Pick<AwsAccessDecision, "refused_addresses"> {
  const { address, verdict, best } = worstOf(request, key, addressesOf, ask);
  const partly = verdict.decision === "denied" && best !== "denied" && address !== null;
  return { ...verdict, refused_addresses: partly ? rangeText(address) : null };
}

interface Worst<V> {
  readonly address: AddressRange | null;
  readonly verdict: V;
  readonly best: Verdict["decision"];
}

function worstOf<V extends Verdict>(
  request: AwsAccessRequest,
  key: AwsKeyAttributes,
  addressesOf: AddressesOf,
  ask: (question: Question) => V,
): Worst<V> {
  const [first = null, ...others] = addressesOf(request);
  const verdict = ask({ request, key, address: first });
  let worst: Worst<V> = { address: first, verdict, best: verdict.decision };
  for (const address of others) {
    const next = ask({ request, key, address });
    const best = rank[next.decision] > rank[worst.best] ? next.decision : worst.best;
    worst = rank[next.decision] < rank[worst.verdict.decision] ? { address, verdict: next, best } : { ...worst, best };
  }
  return worst;
}

/**
 * Whether anybody gets this by some of its addresses at least: what a check asks that looks for too much access, where
 * `decision` alone answers whether it works for all of them.
 */
export function mayBeAllowed(decision: Pick<AwsAccessDecision, "decision" | "refused_addresses">): boolean {
  return decision.decision !== "denied" || decision.refused_addresses !== null;
}

/**
 * Cuts a caller's ranges along those of the policy, and of the pieces that lie the same way to every condition keeps one:
 * the policy cannot tell them apart. Once for each list of ranges.
 */
export function addressPieces(conditions: readonly (readonly AddressRange[])[]): AddressesOf {
  const remembered = new WeakMap<readonly string[], readonly (AddressRange | null)[]>();
  const unknownAddress: readonly null[] = [null];
  return ({ caller: { addresses } }) => {
    if (addresses === "anywhere" || addresses === "unknown") return unknownAddress;
    const before = remembered.get(addresses);
    if (before !== undefined) return before;
    const ranges = addresses.map(parseRange).filter((range) => range !== undefined);
    const pieces = ranges.flatMap((range) => cutRange(range, conditions.flat()));
    const distinct = distinctPieces(pieces, conditions);
    const known = ranges.length === addresses.length && distinct.length > 0 ? distinct : unknownAddress;
    remembered.set(addresses, known);
    return known;
  };
}

function distinctPieces(
  pieces: readonly AddressRange[],
  conditions: readonly (readonly AddressRange[])[],
): readonly AddressRange[] {
  const byPosition = new Map<string, AddressRange>();
  for (const piece of pieces) {
    const position = conditions
      .map((ranges) => (ranges.some((range) => rangeHolds(range, piece)) ? "in" : "out"))
      .join();
    if (!byPosition.has(position)) byPosition.set(position, piece);
  }
  return [...byPosition.values()];
}
