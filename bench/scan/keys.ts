/** The keys of the measurement: no two policies are the same text. */
import { accountAdministers, roleDescribes, roleUses } from "../../src/guidance/aws-documented-statements.ts";
import { newestGuidance } from "../../src/model/guidance-revision.ts";
import type { SimulatedKey, SimulatedTrail } from "../../src/simulator/aws/resource-types.ts";
import { sampleKey, sampleTrail } from "../../src/simulator/aws/resources.ts";

const account = "111122223333";
export const region = "us-east-2";

export interface BenchKey {
  readonly name: string;
  readonly resource: string;
  readonly organizations: readonly string[];
  readonly compartments: readonly string[];
}

type Statement = Readonly<Record<string, unknown>>;

/** As they are registered. */
export function benchKeys(count: number): readonly BenchKey[] {
  return Array.from({ length: count }, (_, index) => ({
    name: `key-${index}`,
    resource: `arn:aws:kms:${region}:${account}:key/${uuid("0", index)}`,
    organizations: [uuid("1", index % 7)],
    compartments: Array.from({ length: index % 4 }, (_one, part) => uuid("2", index * 4 + part)),
  }));
}

/** As the simulated cloud has it. */
export function simulatedKey(key: BenchKey, index: number): SimulatedKey {
  const grants = index % 4 === 0 ? [grant(index)] : [];
  return sampleKey({ arn: key.resource, policy: policyOf(key, index), grants, tags: [{ TagKey: "n", TagValue: "1" }] });
}

export function simulatedTrail(): SimulatedTrail {
  const arn = `arn:aws:cloudtrail:${region}:${account}:trail/management-events`;
  return sampleTrail({ arn, description: { IsMultiRegionTrail: false } });
}

/** Whether the policy tests tags of the key, so that these are read. */
export function testsTags(index: number): boolean {
  return index % 10 === 0;
}

function policyOf({ organizations, compartments }: BenchKey, index: number): string {
  const expected = { organizations, compartments, in_use_since: index % 3 === 0 ? "2026-01-01" : null };
  const statements: readonly Statement[] = [
    accountAdministers("aws", account),
    ...roleUses(newestGuidance, expected),
    roleDescribes(),
    administrators(index),
    ...(index % 2 === 0 ? [onlyOverTls] : []),
    ...(index % 5 === 0 ? [services(index)] : []),
    ...(testsTags(index) ? [byTag(index)] : []),
  ];
  return JSON.stringify({ Version: "2012-10-17", Id: `policy-${index}`, Statement: statements }, null, 2);
}

function administrators(index: number): Statement {
  return {
    Sid: "Administrators",
    Effect: "Allow",
    Principal: { AWS: `arn:aws:iam::${account}:role/key-administrator-${index}` },
    Action: ["kms:Create*", "kms:Describe*", "kms:Enable*", "kms:List*", "kms:Put*", "kms:Get*", "kms:Disable*"],
    Resource: "*",
  };
}

const onlyOverTls: Statement = {
  Sid: "OnlyOverTls",
  Effect: "Deny",
  Principal: "*",
  Action: "kms:*",
  Resource: "*",
  Condition: { Bool: { "aws:SecureTransport": "false" } },
};

function services(index: number): Statement {
  return {
    Sid: "Storage",
    Effect: "Allow",
    Principal: { AWS: `arn:aws:iam::${account}:role/storage-${index}` },
    Action: ["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey*"],
    Resource: "*",
    Condition: { StringEquals: { "kms:ViaService": `s3.${region}.amazonaws.com`, "kms:CallerAccount": account } },
  };
}

function byTag(index: number): Statement {
  return {
    Sid: "ByTag",
    Effect: "Allow",
    Principal: { AWS: `arn:aws:iam::${account}:role/tagged-${index}` },
    Action: "kms:Decrypt",
    Resource: "*",
    Condition: { StringEquals: { "aws:ResourceTag/n": "1" } },
  };
}

function grant(index: number) {
  return {
    GrantId: String(index).padStart(64, "0"),
    GranteePrincipal: `arn:aws:iam::${account}:role/storage-${index}`,
    IssuingAccount: `arn:aws:iam::${account}:root`,
    Operations: ["Decrypt"],
    CreationDate: 1_782_864_000,
  };
}

function uuid(kind: string, number: number): string {
  return `${kind.repeat(8)}-0000-4000-8000-${String(number).padStart(12, "0")}`;
}
