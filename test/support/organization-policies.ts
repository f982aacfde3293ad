import type { AwsOrganizationPolicies } from "../../src/model/aws-access.ts";
import { allow, policyText, type Statement } from "./ask-policy.ts";

const kinds = ["root", "unit", "account"] as const;

/** An organization of one unit, with a resource control policy at each level that is given statements. */
export function organizationPolicies(
  statements: Partial<Record<(typeof kinds)[number], readonly Statement[]>> = {},
): AwsOrganizationPolicies {
  const awsOwn = policyText(allow({ Principal: "*", Action: "*" }));
  return {
    organization_id: "o-customer123",
    management_account: false,
    levels: kinds.map((kind) => {
      const given = statements[kind];
      const own = given === undefined ? [] : [{ id: `p-${kind}`, name: `of ${kind}`, text: policyText(given) }];
      const policies = [{ id: "p-RCPFullAWSAccess", name: "RCPFullAWSAccess", text: awsOwn }, ...own];
      return { kind, id: `${kind}-1`, name: kind, policies };
    }),
  };
}
