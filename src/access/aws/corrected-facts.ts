/** The facts of a key as they would be with another policy, for judging a correction before it is offered. */
import type { AwsCaller, AwsPolicyAccess } from "../../model/aws-access.ts";
import type { Fact, FactsByName } from "../../model/fact.ts";
import { known } from "../../model/fact.ts";
import type { KeyResource } from "../../model/key.ts";
import { callersNamed, memberOf, rootOf } from "./callers.ts";
import { deriveAwsKmsKeyFacts } from "./derive.ts";
import { isOwnPrincipal } from "./known-principals.ts";

/** https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html */
const maximumPolicyBytes = 32_768;

/**
 * The facts with this policy in place of the one that was read, or undefined where AWS would refuse it: too long, no
 * policy, or one that its own account could no longer change. `at` in epoch milliseconds.
 * https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html
 */
export function correctedAwsFacts(
  facts: FactsByName,
  key: KeyResource,
  policyText: string,
  at: number,
): FactsByName | undefined {
  if (new TextEncoder().encode(policyText).length > maximumPolicyBytes) return undefined;
  const raw = { ...facts, policy_text: known(policyText) };
  const derived = deriveAwsKmsKeyFacts(raw, key);
  const before = facts["policy_access"] as Fact<AwsPolicyAccess> | undefined;
  if (before?.state !== "known" || derived.policy_access.state !== "known") return undefined;
  return keepsAdministration(before.value, derived.policy_access.value, at) ? { ...raw, ...derived } : undefined;
}

/**
 * Whether somebody of the own account may still change the policy, as surely as before: whoever runs the command is one
 * of those who may now. A named one may go where the account as a whole may: it then hangs on its IAM.
 */
export function keepsAdministration(before: AwsPolicyAccess, after: AwsPolicyAccess, at: number): boolean {
  const { home } = before;
  const may = (access: AwsPolicyAccess, caller: AwsCaller) =>
    certainty[access.decide({ caller, operation: "kms:PutKeyPolicy", at }).decision];
  const isAsSure = (caller: AwsCaller) => may(after, caller) >= may(before, caller);
  const account = [rootOf(home.account, home.partition), memberOf(home.account, home)];
  const principals = before.policy.principals.filter((principal) => isOwnPrincipal(principal, home));
  const named = principals.flatMap((principal) => callersNamed(principal, home));
  const accountMay = account.every((caller) => may(after, caller) === certainty.allowed);
  const somebodyMay = [...account, ...named].some((caller) => may(after, caller) > certainty.denied);
  return somebodyMay && account.every(isAsSure) && (accountMay || named.every(isAsSure));
}

const certainty = { denied: 0, conditional: 1, allowed: 2 };
