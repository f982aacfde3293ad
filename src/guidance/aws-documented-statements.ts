/** The statements that the documentation has people write into a key policy, by revision. */
import type { GuidanceRevision } from "../model/guidance-revision.ts";
import type { Json } from "../model/json.ts";
import type { Registration } from "../model/registration.ts";
import {
  awsEncryptionContext,
  compartmentPair,
  organizationPair,
  organizationSentSince,
  validationCompartment,
} from "./aws-encryption-context.ts";
import { anthropicAwsRoleArn } from "./identifiers.ts";

export const organizationContextKey = `kms:EncryptionContext:${organizationPair}`;
export const compartmentContextKey = `kms:EncryptionContext:${compartmentPair}`;

/** As JSON. */
export type DocumentedStatement = Readonly<Record<string, Json>>;

type Expected = Pick<Registration, "organizations" | "compartments" | "in_use_since">;

/** The condition that binds the role's use to the customer. */
export interface DocumentedBinding {
  readonly operator: "StringEquals";
  readonly key: string;
  readonly values: readonly string[];
}

/** What binds the role's use under a revision, or undefined where the registration does not say to what. */
export function documentedBinding(revision: GuidanceRevision, expected: Expected): DocumentedBinding | undefined {
  const operator = "StringEquals";
  const rules = awsEncryptionContext[revision];
  if (rules.organization && expected.organizations.length > 0) {
    return { operator, key: organizationContextKey, values: expected.organizations };
  }
  if (expected.compartments.length === 0) return undefined;
  const values = rules.lists_validation ? [...expected.compartments, validationCompartment] : expected.compartments;
  return { operator, key: compartmentContextKey, values: [...new Set(values)] };
}

/** The statement by which the own account keeps its hold on the key. `partition` and `account` are the key's. */
export function accountAdministers(partition: string, account: string): DocumentedStatement {
  const root = `arn:${partition}:iam::${account}:root`;
  return { Sid: "AccountAdministers", Effect: "Allow", Principal: { AWS: root }, Action: "kms:*", Resource: "*" };
}

/** The statement by which the role may describe the key: that request carries no encryption context. */
export function roleDescribes(): DocumentedStatement {
  return roleMay("AnthropicDescribes", ["kms:DescribeKey"]);
}

/** The statements by which the role may encrypt and decrypt: bound where the registration says to what. */
export function roleUses(revision: GuidanceRevision, expected: Expected): readonly DocumentedStatement[] {
  const binding = documentedBinding(revision, expected);
  const uses = roleMay("AnthropicUses", ["kms:Encrypt", "kms:Decrypt"], binding);
  const older = expected.in_use_since !== null && expected.in_use_since < organizationSentSince;
  if (binding?.key !== organizationContextKey || !older || expected.compartments.length === 0) return [uses];
  const compartments = { operator: "StringEquals", key: compartmentContextKey, values: expected.compartments } as const;
  return [uses, roleMay("AnthropicReadsOlderData", ["kms:Decrypt"], compartments)];
}

function roleMay(Sid: string, actions: readonly string[], binding?: DocumentedBinding): DocumentedStatement {
  const statement = {
    Sid,
    Effect: "Allow",
    Principal: { AWS: anthropicAwsRoleArn },
    Action: alone(actions),
    Resource: "*",
  };
  if (binding === undefined) return statement;
  return { ...statement, Condition: { [binding.operator]: { [binding.key]: alone(binding.values) } } };
}

/** One text stands alone, as the documentation writes it. */
function alone(texts: readonly string[]): Json {
  const [first] = texts;
  return texts.length === 1 && first !== undefined ? first : texts;
}
