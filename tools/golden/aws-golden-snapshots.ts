/** AWS's keys of the golden report: documented ones, and one for each way in which a key is seen to go wrong. */
import { derivedAwsFacts } from "../../src/access/aws/derive.ts";
import type { SnapshotDocument } from "../../src/audit/snapshot-document.ts";
import { anthropicAwsAccount, anthropicAwsRoleArn } from "../../src/guidance/identifiers.ts";
import { type FactsByName, known, type UnreadableReason, unreadable } from "../../src/model/fact.ts";
import { type GuidanceRevision, newestGuidance } from "../../src/model/guidance-revision.ts";
import type { Registration } from "../../src/model/registration.ts";
import { policyText, type Statement } from "../../test/support/ask-policy.ts";
import {
  awsKmsKey,
  documentedPolicy,
  testAccount,
  testCompartment,
  testKey,
  testRegistration,
  testTrail,
} from "../../test/support/aws-kms-key.ts";
import { testTime } from "../../test/support/check-tester.ts";
import { documentedPolicies } from "../../test/support/documented-policies.ts";

interface Change {
  readonly facts?: FactsByName;
  readonly policy?: string;
  readonly registration?: Partial<Registration>;
  readonly guidance?: GuidanceRevision;
}

function snapshot(name: string, { facts = {}, policy, registration, guidance = newestGuidance }: Change) {
  const registered = { ...testRegistration, ...registration };
  const changed = { ...facts, ...(policy === undefined ? {} : { policy_text: known(policy) }) };
  const all = awsKmsKey({ ...changed, registration: known(registered) }).facts;
  const derived: readonly string[] = derivedAwsFacts;
  const raw = Object.fromEntries(Object.entries(all).filter(([fact]) => !derived.includes(fact)));
  const reads = { aws_organization: false };
  return { key: { ...testKey, name }, registration: registered, at: testTime, guidance, reads, facts: raw };
}

const day = 86_400_000;
const stranger = "arn:aws:iam::444455556666:role/analytics";

function allow(Sid: string, Principal: unknown, Action: unknown, more: Statement = {}): Statement {
  return { Sid, Effect: "Allow", Principal, Action, Resource: "*", ...more };
}

/** The documented policy and these statements. */
function documentedWith(...statements: readonly Statement[]): string {
  const { Statement: documented } = JSON.parse(documentedPolicy()) as { Statement: Statement[] };
  return policyText([...documented, ...statements]);
}

/** What the console's wizard writes, with Anthropic's account under "other AWS accounts". */
const wizard = policyText([
  allow("Enable IAM User Permissions", { AWS: `arn:aws:iam::${testAccount}:root` }, "kms:*"),
  allow("Allow access for Key Administrators", { AWS: `arn:aws:iam::${testAccount}:role/KeyAdmin` }, [
    "kms:Create*",
    "kms:Describe*",
    "kms:Enable*",
    "kms:List*",
    "kms:Put*",
    "kms:Update*",
    "kms:Revoke*",
    "kms:Disable*",
    "kms:Get*",
    "kms:Delete*",
    "kms:TagResource",
    "kms:UntagResource",
    "kms:ScheduleKeyDeletion",
    "kms:CancelKeyDeletion",
    "kms:RotateKeyOnDemand",
  ]),
  allow("Allow use of the key", { AWS: `arn:aws:iam::${anthropicAwsAccount}:root` }, [
    "kms:Encrypt",
    "kms:Decrypt",
    "kms:ReEncrypt*",
    "kms:GenerateDataKey*",
    "kms:DescribeKey",
  ]),
  allow(
    "Allow attachment of persistent resources",
    { AWS: `arn:aws:iam::${anthropicAwsAccount}:root` },
    ["kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"],
    { Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } } },
  ),
]);

function grant(id: string, grantee: string) {
  const operations = ["Decrypt"];
  const constraints = { context_equals: null, context_subset: null };
  return { id, name: null, grantee, retiring: null, issuing_account: testAccount, operations, ...constraints };
}

function refused(reason: UnreadableReason, call: string, ...facts: readonly string[]) {
  const why = unreadable(reason, reason, { call, ...(reason === "access-denied" ? { permission: call } : {}) });
  return Object.fromEntries(facts.map((fact) => [fact, why]));
}

const describedFacts = [
  "read_arn",
  "state",
  "deletion_date",
  "spec",
  "usage",
  "manager",
  "origin",
  "material_expires",
  "multi_region",
];
const events = (excluded_sources: readonly string[]) =>
  known({ classic: [{ management_events: true, read_write: "All", excluded_sources }], advanced: [] });

const changes: Readonly<Record<string, Change>> = {
  wizard: { policy: wizard },
  "whole-account-trusted": { policy: documentedPolicy().replaceAll(anthropicAwsRoleArn, anthropicAwsAccount) },
  public: { policy: documentedWith(allow("Anybody", "*", "kms:Decrypt")) },
  "public-behind-a-weak-condition": {
    policy: documentedWith(
      allow("Anybody", "*", "kms:Decrypt", { Condition: { StringLike: { "aws:UserAgent": "internal-*" } } }),
    ),
  },
  "open-to-own-account-only": {
    policy: documentedWith(
      allow("Own", "*", "kms:Decrypt", { Condition: { StringEquals: { "kms:CallerAccount": testAccount } } }),
    ),
  },
  "role-may-do-everything": {
    policy: documentedPolicy().replace('["kms:Encrypt","kms:Decrypt"]', '"kms:*"'),
  },
  "lookalike-role": {
    policy: documentedWith(
      allow("AnthropicToo", { AWS: anthropicAwsRoleArn.replace("915198916910", "915198916901") }, "kms:Decrypt"),
    ),
  },
  "stranger-in-the-policy": { policy: documentedWith(allow("Analytics", { AWS: stranger }, "kms:Decrypt")) },
  "stranger-who-is-expected": {
    policy: documentedWith(allow("Analytics", { AWS: stranger }, "kms:Decrypt")),
    registration: { expected_principals: [stranger] },
  },
  "role-denied": {
    policy: documentedWith({
      ...allow("NobodyFromOutside", "*", "kms:*"),
      Effect: "Deny",
      Condition: { StringNotEquals: { "aws:PrincipalAccount": testAccount } },
    }),
  },
  "another-organization": { policy: documentedPolicy("9c3d1f52-7a44-4b0e-8e1d-0f6a2b9c7d10") },
  "placeholder-left": { policy: documentedPolicy("<your-organization-uuid>") },
  "compartments-not-optional": {
    policy: documentedPolicy().replace(
      /("kms:EncryptionContext:anthropic:org_uuid":"[^"]*")/,
      `$1,"kms:EncryptionContext:anthropic:compartment_uuid":"${testCompartment}"`,
    ),
    registration: { compartments: [testCompartment] },
  },
  "role-missing": {
    policy: policyText([allow("Account", { AWS: `arn:aws:iam::${testAccount}:root` }, "kms:*")]),
  },
  "nobody-administers": { policy: documentedPolicy().replace(`:${testAccount}:root`, `:${testAccount}:role/KeyAdmin`) },
  "older-key-without-its-compartment": {
    registration: { compartments: [testCompartment], in_use_since: "2026-07-01" },
  },
  "policy-malformed": { policy: '{"Version": "2012-10-17", "Statement": [{]}' },
  "policy-refused": { facts: refused("access-denied", "kms:GetKeyPolicy", "policy_text") },
  "grants-to-strangers": {
    facts: { grants: known([grant("g1", anthropicAwsRoleArn), grant("g2", stranger)]) },
  },
  "grants-refused": { facts: refused("access-denied", "kms:ListGrants", "grants") },
  disabled: { facts: { state: known("Disabled") } },
  "pending-deletion": {
    facts: { state: known("PendingDeletion"), deletion_date: known(testTime + 7 * day) },
  },
  deleted: {
    facts: {
      existence: known("absent"),
      ...refused("not-found", "kms:DescribeKey", ...describedFacts),
      ...refused("not-found", "kms:GetKeyPolicy", "policy_text"),
      ...refused("not-found", "kms:ListGrants", "grants"),
      ...refused("not-found", "kms:GetKeyRotationStatus", "rotation"),
    },
  },
  "nothing-may-be-read": {
    facts: {
      ...refused("access-denied", "kms:DescribeKey", "existence", ...describedFacts),
      ...refused("access-denied", "kms:GetKeyPolicy", "policy_text"),
      ...refused("access-denied", "kms:ListGrants", "grants"),
      ...refused("access-denied", "kms:GetKeyRotationStatus", "rotation"),
      ...refused("access-denied", "cloudtrail:DescribeTrails", "trail_list"),
    },
  },
  "imported-material-ends": {
    facts: {
      origin: known("EXTERNAL"),
      material_expires: known(testTime + 90 * day),
      rotation: known({ enabled: false, period_days: null }),
    },
  },
  "multi-region-key": { facts: { multi_region: known(true) } },
  "signing-key": { facts: { spec: known("RSA_2048"), usage: known("SIGN_VERIFY") } },
  "managed-by-aws": { facts: { manager: known("AWS") } },
  "not-rotated": { facts: { rotation: known({ enabled: false, period_days: null }) } },
  "no-trail": { facts: { trail_list: known([]) } },
  "trail-stopped": {
    facts: { [`trail_status:${testTrail.arn}`]: known({ logging: false, delivery_error: null }) },
  },
  "trail-without-kms": { facts: { [`trail_selectors:${testTrail.arn}`]: events(["kms.amazonaws.com"]) } },
  "trail-that-cannot-be-read": {
    facts: refused("access-denied", "cloudtrail:GetEventSelectors", `trail_selectors:${testTrail.arn}`),
  },
};

/** Each with a name that says what is the matter with it. */
export const awsGoldenSnapshots: readonly SnapshotDocument[] = [
  ...documentedPolicies.map(({ name, guidance, text }) =>
    snapshot(`documented-${guidance}-${name.replaceAll(" ", "-")}`, {
      policy: text,
      guidance,
      registration: { compartments: text.includes(testCompartment) ? [testCompartment] : [] },
    }),
  ),
  ...Object.entries(changes).map(([name, change]) => snapshot(name, change)),
];
