/** How many access decisions per second one core makes: `node bench/aws-policy.ts`. */
import { publishedRole, unrelatedAccount } from "../src/access/aws/callers.ts";
import { keyAttributes } from "../src/access/aws/key-attributes.ts";
import { symmetricKeyOperations } from "../src/access/aws/kms-actions.ts";
import { policyAccess } from "../src/access/aws/policy-access.ts";
import { compiledPolicy } from "../src/access/aws/remembered-policies.ts";
import { anthropicAwsRoleArn } from "../src/guidance/identifiers.ts";
import { known } from "../src/model/fact.ts";

const account = "111122223333";
const role = publishedRole(anthropicAwsRoleArn, ["160.79.104.0/21"]);
const callers = [role, unrelatedAccount()];
const organization = "3f2b1c9d-6b1e-4c58-9d53-2f1a0e7c4b6a";
const compartments = Array.from(
  { length: 40 },
  (_, index) => `f8a7b6c5-1d2e-4f3a-8b4c-${String(index).padStart(12, "0")}`,
);
const key = keyAttributes(
  {
    resource: `arn:aws:kms:us-east-2:${account}:key/1234abcd-12ab-34cd-56ef-1234567890ab`,
    account,
  },
  {
    spec: known("SYMMETRIC_DEFAULT"),
    origin: known("AWS_KMS"),
    multi_region: known(false),
    tags: known({ team: "pay" }),
  },
);

const forRole = { Effect: "Allow", Principal: { AWS: anthropicAwsRoleArn }, Resource: "*" };
const anyone = { Principal: "*", Resource: "*" };

const realistic = [
  { Effect: "Allow", Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: "kms:*", Resource: "*" },
  {
    ...forRole,
    Action: ["kms:Encrypt", "kms:Decrypt"],
    Condition: { StringEquals: { "kms:EncryptionContext:anthropic:org_uuid": organization } },
  },
  { ...forRole, Action: "kms:DescribeKey" },
  {
    ...forRole,
    Action: "kms:Decrypt",
    Condition: { StringEquals: { "kms:EncryptionContext:anthropic:compartment_uuid": compartments } },
  },
  {
    Effect: "Allow",
    Principal: { AWS: `arn:aws:iam::${account}:role/admin` },
    Action: ["kms:Put*", "kms:Get*"],
    Resource: "*",
  },
  { Effect: "Deny", ...anyone, Action: "kms:*", Condition: { Bool: { "aws:SecureTransport": "false" } } },
];

const hard = [
  ...realistic,
  {
    Effect: "Deny",
    ...anyone,
    NotAction: ["kms:De*crypt", "kms:?ncrypt", "kms:*Describe*Key*"],
    Condition: {
      StringNotLike: { "aws:PrincipalArn": ["arn:aws:iam::*:role/*-admin-*", `arn:aws:iam::${account}:*`] },
      NotIpAddress: { "aws:SourceIp": ["160.79.104.0/22", "160.79.108.0/23", "160.79.110.0/23"] },
    },
  },
  {
    Effect: "Allow",
    ...anyone,
    Action: "kms:*",
    Condition: {
      "ForAllValues:StringLike": { "kms:EncryptionContextKeys": ["anthropic:*", "team?*"] },
      ArnLike: { "aws:PrincipalArn": ["arn:aws:iam::*:role/*/x*y*z", "arn:*:iam::9*:role/anthropic-*"] },
      StringEquals: { "aws:ResourceTag/team": "${aws:PrincipalTag/team, 'none'}" },
      DateLessThan: { "aws:CurrentTime": ["2026-12-31T00:00:00Z", "2027-01-31"] },
    },
  },
];

const contexts = [
  undefined,
  { "anthropic:org_uuid": organization, "anthropic:compartment_uuid": compartments[39] as string },
];

/** Asks every operation for every caller and context until two seconds have passed. */
function decisionsPerSecond(statements: readonly object[]): number {
  const compiled = compiledPolicy(JSON.stringify({ Version: "2012-10-17", Statement: statements }));
  if (!compiled.ok) throw new Error(compiled.error.message);
  const access = policyAccess(compiled.value, key);
  const start = performance.now();
  let decisions = 0;
  while (performance.now() - start < 2000) {
    for (const caller of callers) {
      for (const context of contexts) {
        for (const operation of symmetricKeyOperations) {
          access.decide({ caller, operation, at: 1_790_000_000_000, ...(context && { encryption_context: context }) });
          decisions += 1;
        }
      }
    }
  }
  return Math.round((decisions * 1000) / (performance.now() - start));
}

for (const [name, statements] of Object.entries({ realistic, hard })) {
  console.log(`${name} (${statements.length} statements): ${decisionsPerSecond(statements)} decisions per second`);
}
