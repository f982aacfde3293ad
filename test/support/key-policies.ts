/** The policies that each revision documents, and the parts that tests make others of. */
import { compartmentContextKey, organizationContextKey } from "../../src/guidance/aws-documented-statements.ts";
import { validationCompartment } from "../../src/guidance/aws-encryption-context.ts";
import type { FactsByName } from "../../src/model/fact.ts";
import { known } from "../../src/model/fact.ts";
import type { Registration } from "../../src/model/registration.ts";
import { allow, policyText, type Statement } from "./ask-policy.ts";
import { awsKmsKey, testAccount, testCompartment, testOrganization, testRegistration } from "./aws-kms-key.ts";
import type { TestResource } from "./check-tester.ts";

/** A second workspace's compartment, and an organization and a compartment of somebody else. */
export const secondCompartment = "0b7e5d42-93c1-4f6a-a8d0-5e2c7b914f38";
export const strangeCompartment = "c61f08da-2e7b-4d95-8a43-b90e5f7d1c26";
export const strangeOrganization = "9d3a7c15-48e2-4b06-b7f1-60c8e2a5d947";

export const administers = allow({ Sid: "Own", Principal: { AWS: `arn:aws:iam::${testAccount}:root` } });
export const describes = allow({ Sid: "Describes", Action: "kms:DescribeKey" });

/** Encrypt and Decrypt for the role under these conditions. */
export function uses(condition: Statement = {}, changes: Statement = {}): Statement {
  return allow({ Sid: "Uses", Action: ["kms:Encrypt", "kms:Decrypt"], Condition: condition, ...changes });
}

/** A statement for data of before 2026-09. */
export function readsOlder(compartments: string | readonly string[] = testCompartment): Statement {
  return allow({ Sid: "Older", Action: "kms:Decrypt", Condition: compartmentIs(compartments) });
}

/** One condition on the organization, by StringEquals unless the test says otherwise. */
export function organizationIs(value: unknown = testOrganization, operator = "StringEquals"): Statement {
  return { [operator]: { [organizationContextKey]: value } };
}

export function compartmentIs(value: unknown = testCompartment, operator = "StringEquals"): Statement {
  return { [operator]: { [compartmentContextKey]: value } };
}

/** What the documentation has people write, for one organization and one workspace. */
export const documented = {
  "2026-06": [administers, uses(compartmentIs()), describes],
  "2026-07": [administers, uses(compartmentIs([testCompartment, validationCompartment])), describes],
  "2026-09": [administers, uses(organizationIs()), describes],
  "2026-09 with compartments": [
    administers,
    uses({ ...organizationIs(), ...compartmentIs([testCompartment], "StringEqualsIfExists") }),
    describes,
  ],
  "2026-09 for an older key": [administers, uses(organizationIs()), describes, readsOlder()],
} satisfies Record<string, readonly Statement[]>;

/** A healthy key with these statements as its policy. */
export function keyWith(
  statements: readonly Statement[],
  registration: Partial<Registration> = {},
  facts: FactsByName = {},
): TestResource<"aws.kms-key"> {
  return awsKmsKey({
    policy_text: known(policyText(statements)),
    registration: known({ ...testRegistration, ...registration }),
    ...facts,
  });
}

/** A healthy key whose account administers it, with these statements beside that. */
export function administeredWith(...statements: readonly Statement[]): TestResource<"aws.kms-key"> {
  return keyWith([administers, ...statements]);
}

/** A key whose role may use it under these conditions, and nothing else out of the ordinary. */
export function boundBy(condition: Statement, registration: Partial<Registration> = {}): TestResource<"aws.kms-key"> {
  return keyWith([administers, uses(condition), describes], registration);
}
