import { anthropicAwsRoleArn } from "../../src/guidance/identifiers.ts";
import type { GuidanceRevision } from "../../src/model/guidance-revision.ts";
import { policyText, type Statement } from "./ask-policy.ts";
import { testAccount, testCompartment, testOrganization } from "./aws-kms-key.ts";

/** A key policy as a revision documents it, for the test key and its registration. */
export interface DocumentedPolicy {
  readonly name: string;
  readonly guidance: GuidanceRevision;
  readonly text: string;
}

const orgKey = "kms:EncryptionContext:anthropic:org_uuid";
const compartmentKey = "kms:EncryptionContext:anthropic:compartment_uuid";
const use = ["kms:Encrypt", "kms:Decrypt"];

function role(Sid: string, Action: unknown, Condition?: Statement): Statement {
  const statement = { Sid, Effect: "Allow", Principal: { AWS: anthropicAwsRoleArn }, Action, Resource: "*" };
  return Condition === undefined ? statement : { ...statement, Condition };
}

function documented(name: string, guidance: GuidanceRevision, ...statements: readonly Statement[]): DocumentedPolicy {
  const own = {
    Sid: "AccountAdministers",
    Effect: "Allow",
    Principal: { AWS: `arn:aws:iam::${testAccount}:root` },
    Action: "kms:*",
    Resource: "*",
  };
  return { name, guidance, text: policyText([own, ...statements, role("AnthropicDescribes", "kms:DescribeKey")]) };
}

const ofOrganization = { StringEquals: { [orgKey]: testOrganization } };
const ofCompartment = { StringEquals: { [compartmentKey]: testCompartment } };

/** What each revision documents, in all its variants. */
export const documentedPolicies: readonly DocumentedPolicy[] = [
  documented("without a context", "2026-06", role("AnthropicUses", use)),
  documented("with compartments", "2026-06", role("AnthropicUses", use, ofCompartment)),
  documented(
    "with compartments and the one of validation",
    "2026-07",
    role("AnthropicUses", use, {
      StringEquals: { [compartmentKey]: [testCompartment, "00000000-0000-0000-0000-000000000000"] },
    }),
  ),
  documented("with the organization", "2026-09", role("AnthropicUses", use, ofOrganization)),
  documented(
    "with the organization and compartments",
    "2026-09",
    role("AnthropicUses", use, { ...ofOrganization, StringEqualsIfExists: { [compartmentKey]: [testCompartment] } }),
  ),
  documented(
    "for an older key",
    "2026-09",
    role("AnthropicUses", use, ofOrganization),
    role("AnthropicReadsOlderData", ["kms:Decrypt"], ofCompartment),
  ),
];
