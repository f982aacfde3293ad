/** Encryption contexts that belong to none of the customer's organizations. */
import { compartmentPair, cryptographicOperations, organizationPair } from "../../guidance/aws-encryption-context.ts";
import type { AwsPolicy, AwsStatement } from "../../model/aws-access.ts";
import { listedCompartments, unlistedContexts, unlistedOrganization } from "./anthropic-requests.ts";
import { globMatches, globOf } from "./glob.ts";
import { symmetricKeyOperations } from "./kms-actions.ts";
import { contextValuesLetIn } from "./listed-context-values.ts";
import type { ProbedContext } from "./probe-contexts.ts";

/** The organizations that a policy lets in and that are not the customer's, as it writes them, each once. */
export function foreignOrganizations(policy: AwsPolicy, own: readonly string[]): readonly string[] {
  const listed = contextValuesLetIn(policy, organizationPair).filter(({ kind }) => kind === "uuid");
  // Another case of an own one is a mistake, and no other organization.
  const foreign = listed.map(({ value }) => value).filter((value) => !own.includes(value.toLowerCase()));
  return [...new Set(foreign)];
}

/**
 * What none of the customer's organizations sends. Data of before 2026-09 has the compartment alone: a statement that lets
 * nothing but Decrypt through is spared where the context holds a listed compartment.
 */
export function contextsOfOthers(policy: AwsPolicy, organizations: readonly string[]): readonly ProbedContext[] {
  const operations = cryptographicOperations;
  const foreign = foreignOrganizations(policy, organizations);
  const alone = foreign.map((organization) => ({
    told: `organization ${organization}, which is not the customer's`,
    context: { [organizationPair]: organization },
  }));
  const withCompartment = listedCompartments(policy).flatMap((compartment) => [
    { told: "a compartment and no organization", context: { [compartmentPair]: compartment } },
    ...[unlistedOrganization, ...foreign].map((organization) => ({
      told: "a compartment of another organization",
      context: { [organizationPair]: organization, [compartmentPair]: compartment },
    })),
  ]);
  return [
    ...[...unlistedContexts(policy), ...alone].map((probe) => ({ ...probe, operations })),
    ...withCompartment.map((probe) => ({ ...probe, operations, spares: letsDecryptOnly })),
  ];
}

function letsDecryptOnly({ actions }: AwsStatement): boolean {
  if (actions === null) return false;
  const patterns = actions.values.map((action) => globOf(action.toLowerCase()));
  const let_through = symmetricKeyOperations.filter(
    (operation) => patterns.some((pattern) => globMatches(pattern, operation.toLowerCase())) !== actions.negated,
  );
  return let_through.every((operation) => operation === "kms:Decrypt");
}
