import { deriveAwsKmsKeyFacts } from "../../src/access/aws/derive.ts";
import { anthropicAwsRoleArn } from "../../src/guidance/identifiers.ts";
import type { Fact, FactsByName } from "../../src/model/fact.ts";
import { known } from "../../src/model/fact.ts";
import type { KeyResource, Registration } from "../../src/model/key.ts";
import type { Facts } from "../../src/model/resource.ts";
import type { TestResource } from "./check-tester.ts";

export const testAccount = "111122223333";
export const testRegion = "us-east-2";
export const testKeyArn = `arn:aws:kms:${testRegion}:${testAccount}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
export const testOrganization = "3f2b1c9d-6b1e-4c58-9d53-2f1a0e7c4b6a";
export const testCompartment = "f8a7b6c5-1d2e-4f3a-8b4c-5d6e7f8a9b0c";

export const testKey: KeyResource = {
  provider: "aws",
  kind: "aws.kms-key",
  resource: testKeyArn,
  scope: `${testAccount}/${testRegion}`,
  account: testAccount,
  location: testRegion,
};

/** What is documented from 2026-09 for one organization, as the text of a key policy. */
export function documentedPolicy(organization = testOrganization): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "AccountAdministers",
        Effect: "Allow",
        Principal: { AWS: `arn:aws:iam::${testAccount}:root` },
        Action: "kms:*",
        Resource: "*",
      },
      {
        Sid: "AnthropicUses",
        Effect: "Allow",
        Principal: { AWS: anthropicAwsRoleArn },
        Action: ["kms:Encrypt", "kms:Decrypt"],
        Resource: "*",
        Condition: { StringEquals: { "kms:EncryptionContext:anthropic:org_uuid": organization } },
      },
      {
        Sid: "AnthropicDescribes",
        Effect: "Allow",
        Principal: { AWS: anthropicAwsRoleArn },
        Action: "kms:DescribeKey",
        Resource: "*",
      },
    ],
  });
}

export const testRegistration: Registration = {
  compartments: [],
  organizations: [testOrganization],
  expected_principals: [],
  in_use_since: null,
  role_arn: null,
  azure: null,
  guidance: null,
  labels: {},
};

/** A healthy key; a test names only what differs. Derived facts follow from the raw ones unless they are given. */
export function awsKmsKey(changes: Partial<Facts<"aws.kms-key">> & FactsByName = {}): TestResource<"aws.kms-key"> {
  const raw: Record<string, Fact<unknown>> = {
    existence: known("present"),
    read_arn: known(testKeyArn),
    state: known("Enabled"),
    deletion_date: known(null),
    spec: known("SYMMETRIC_DEFAULT"),
    usage: known("ENCRYPT_DECRYPT"),
    manager: known("CUSTOMER"),
    origin: known("AWS_KMS"),
    material_expires: known(null),
    multi_region: known(false),
    policy_text: known(documentedPolicy()),
    grants: known([]),
    rotation: known({ enabled: true, period_days: 365 }),
    tags: known({}),
    trail_list: known([testTrail]),
    [`trail_status:${testTrail.arn}`]: known({ logging: true, delivery_error: null }),
    [`trail_selectors:${testTrail.arn}`]: known({
      classic: [{ management_events: true, read_write: "All", excluded_sources: [] }],
      advanced: [],
    }),
    reads: known({ aws_organization: false }),
    registration: known(testRegistration),
    ...changes,
  };
  return { kind: "aws.kms-key", facts: { ...raw, ...deriveAwsKmsKeyFacts(raw, testKey), ...changes } };
}

export const testTrail = {
  arn: `arn:aws:cloudtrail:${testRegion}:${testAccount}:trail/management-events`,
  home_region: testRegion,
  multi_region: true,
  organization: false,
  validates_log_files: true,
} as const;
