/** Whether the organization above a key lets a request through. */
import type {
  AwsAccessRequest,
  AwsOrganizationDecision,
  AwsOrganizationLevel,
  AwsOrganizationPolicies,
  AwsOrganizationPolicy,
  AwsOrganizationPolicyAccess,
  AwsPolicy,
} from "../../model/aws-access.ts";
import type { CompiledPolicy } from "./compile-policy.ts";
import type { Question } from "./context.ts";
import { decideDenials, distinctNames, type Verdict } from "./decide.ts";
import type { AwsKeyAttributes } from "./key-attributes.ts";
import { addressPieces, decideForAddresses } from "./policy-access.ts";
import { compiledPolicy } from "./remembered-policies.ts";

/** A policy with its level, ready to be asked. */
export interface AttachedPolicy {
  readonly level: AwsOrganizationLevel;
  readonly policy: AwsOrganizationPolicy;
  readonly compiled: CompiledPolicy;
}

type AttachedVerdict = Verdict & Pick<AwsOrganizationDecision, "policy" | "level">;

/** Not subject to resource control policies. */
const exemptOperations = ["kms:retiregrant"];

/**
 * Resource control policies of customers can only deny; the one that allows everything is AWS's own, attached at every
 * level and not to be detached, so that no Allow has to be looked for.
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html
 */
export function organizationPolicyAccess(
  policies: AwsOrganizationPolicies,
  attached: readonly AttachedPolicy[],
  key: AwsKeyAttributes,
): AwsOrganizationPolicyAccess {
  const addressesOf = addressPieces(attached.flatMap(({ compiled }) => compiled.source_ranges));
  const isExempt = ({ operation }: AwsAccessRequest) =>
    policies.management_account || exemptOperations.includes(operation.toLowerCase());
  return {
    management_account: policies.management_account,
    levels: policies.levels,
    decide: (request) =>
      decideForAddresses(request, key, addressesOf, (question) =>
        isExempt(request) ? nothingInTheWay : decideLevels(attached, question),
      ),
  };
}

/** The policies of these levels, taken apart; a text that is no policy makes none. */
export function attachedPolicies(levels: readonly AwsOrganizationLevel[]): readonly AwsPolicy[] {
  return levels.flatMap(({ policies }) =>
    policies.flatMap(({ text }) => {
      const compiled = compiledPolicy(text);
      return compiled.ok ? [compiled.value.policy] : [];
    }),
  );
}

const nothingInTheWay: AttachedVerdict = {
  decision: "allowed",
  by: null,
  why: null,
  on: [],
  policy: null,
  level: null,
};

/** The first policy that denies; else what all that might leave open, told at the first of them. */
function decideLevels(attached: readonly AttachedPolicy[], question: Question): AttachedVerdict {
  let open: AttachedVerdict | undefined;
  for (const { level, policy, compiled } of attached) {
    const verdict = { ...decideDenials(compiled, question), policy, level };
    if (verdict.decision === "denied") return verdict;
    if (verdict.decision === "allowed") continue;
    open = open === undefined ? verdict : { ...open, on: distinctNames([...open.on, ...verdict.on]) };
  }
  return open ?? nothingInTheWay;
}
