import fc from "fast-check";
import {
  anonymous,
  memberOf,
  otherRole,
  otherUser,
  rootOf,
  serviceForOwner,
  serviceForStranger,
  strangers,
} from "../../src/access/aws/callers.ts";
import { anthropicAwsAccount, anthropicAwsRoleArn } from "../../src/guidance/identifiers.ts";
import type { AwsAccessRequest, AwsCaller } from "../../src/model/aws-access.ts";
import { anthropicRole, type Statement } from "./ask-policy.ts";
import { testAccount, testCompartment, testKeyArn, testOrganization } from "./aws-kms-key.ts";
import { testTime } from "./check-tester.ts";

/** Policies as people write them, right and wrong: everything is from a small stock, so that statements often meet. */

const session = `arn:aws:sts::${anthropicAwsAccount}:assumed-role/anthropic-cmek-client-us/s`;
const orgKey = "kms:EncryptionContext:anthropic:org_uuid";
const compartmentKey = "kms:EncryptionContext:anthropic:compartment_uuid";

/** The condition keys of these policies that are not known of every caller, with values that they may have. */
export const openKeys = {
  "aws:PrincipalTag/team": ["payments", "x"],
  "aws:userid": ["AROAEXAMPLE:s", "x"],
  "aws:UserAgent": ["aws-cli", "x"],
  "kms:RequestAlias": ["alias/a", "alias/b"],
} as const;

function listOf<T>(values: readonly T[], minLength = 1): fc.Arbitrary<T[]> {
  return fc.uniqueArray(fc.constantFrom(...values), { minLength, maxLength: 3 });
}

const operations = ["kms:Encrypt", "kms:Decrypt", "kms:DescribeKey", "kms:CreateGrant", "kms:PutKeyPolicy"] as const;
const actions = [...operations, "kms:*", "*", "kms:*crypt", "kms:?ncrypt", "KMS:de*", "kms:*Key*", "s3:*"];

const arbitraryPrincipals = fc.oneof(
  { weight: 2, arbitrary: fc.constant<unknown>("*") },
  { weight: 3, arbitrary: fc.constant<unknown>({ AWS: [anthropicAwsRoleArn, testAccount] }) },
  fc.record({
    AWS: listOf([
      anthropicAwsRoleArn,
      `arn:aws:iam::${anthropicAwsAccount}:root`,
      testAccount,
      `arn:aws:iam::${testAccount}:user/bob`,
      session,
      "*",
      "arn:aws:iam::*:role/x",
      "AROAEXAMPLEEXAMPLE123",
    ]),
  }),
  fc.record({ Service: listOf(["s3.amazonaws.com", "cloudtrail.amazonaws.com"]) }),
);

const stock = {
  string: {
    operators: ["StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "StringEqualsIgnoreCase"],
    keys: [
      orgKey,
      compartmentKey,
      "kms:CallerAccount",
      "aws:PrincipalOrgID",
      "kms:ViaService",
      ...Object.keys(openKeys),
    ],
    values: [
      testOrganization,
      testCompartment,
      anthropicAwsAccount,
      testAccount,
      "o-customer123",
      "*",
      "x",
      "${aws:PrincipalAccount}",
      "payments",
      "alias/a",
    ],
  },
  list: {
    operators: ["ForAllValues:StringLike", "ForAnyValue:StringEquals", "ForAllValues:StringNotEquals"],
    keys: ["kms:EncryptionContextKeys", compartmentKey],
    values: ["anthropic:org_uuid", "anthropic:*", testCompartment],
  },
  arn: {
    operators: ["ArnEquals", "ArnLike", "ArnNotLike"],
    keys: ["aws:PrincipalArn", "AWS:principalarn"],
    values: [anthropicAwsRoleArn, "arn:aws:iam::*:role/*", `arn:aws:iam::${testAccount}:*`],
  },
  address: {
    operators: ["IpAddress", "NotIpAddress"],
    keys: ["aws:SourceIp"],
    values: ["160.79.104.0/21", "160.79.104.0/23", "160.79.108.0/22", "0.0.0.0/0", "10.0.0.0/8"],
  },
  date: {
    operators: ["DateLessThan", "DateGreaterThan"],
    keys: ["aws:CurrentTime"],
    values: ["2026-01-01", "2027-01-01T00:00:00Z"],
  },
  existence: {
    operators: ["Null"],
    keys: [orgKey, "aws:PrincipalOrgID", ...Object.keys(openKeys)],
    values: ["true", "false"],
  },
  boolean: {
    operators: ["Bool"],
    keys: ["aws:SecureTransport", "aws:PrincipalIsAWSService"],
    values: ["true", "false"],
  },
} as const;

export interface PolicyCondition {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

interface Kind {
  readonly operators: readonly string[];
  readonly keys: readonly string[];
  readonly values: readonly string[];
}

function conditionOf(...kinds: readonly Kind[]): fc.Arbitrary<PolicyCondition> {
  return fc.constantFrom(...kinds).chain((kind) =>
    fc.record({
      operator: fc
        .tuple(fc.constantFrom(...kind.operators), fc.boolean())
        .map(([operator, ifExists]) => (ifExists && operator !== "Null" ? `${operator}IfExists` : operator)),
      key: fc.constantFrom(...kind.keys),
      values: listOf(kind.values),
    }),
  );
}

export const arbitraryCondition: fc.Arbitrary<PolicyCondition> = conditionOf(...Object.values(stock));

/** A condition on what is not known of the caller, and on nothing else. */
export const arbitraryOpenCondition: fc.Arbitrary<PolicyCondition> = conditionOf(
  { ...stock.string, keys: Object.keys(openKeys), values: ["x", "payments", "alias/a", "*"] },
  { ...stock.existence, keys: Object.keys(openKeys) },
);

/** A statement, with its conditions beside it: `statementOf` puts them together. */
export interface PolicyParts {
  readonly statement: Statement;
  readonly conditions: readonly PolicyCondition[];
}

export function arbitraryParts(
  effect: fc.Arbitrary<string> = fc.constantFrom("Allow", "Allow", "Deny"),
  condition: fc.Arbitrary<PolicyCondition> = arbitraryCondition,
): fc.Arbitrary<PolicyParts> {
  const element = (name: string, values: fc.Arbitrary<unknown>) =>
    fc.tuple(fc.constantFrom(name, name, name, `Not${name}`), values).map(([chosen, value]) => ({ [chosen]: value }));
  return fc.record({
    statement: fc
      .tuple(
        effect,
        element("Principal", arbitraryPrincipals),
        element("Action", listOf(actions)),
        fc.oneof(
          { weight: 8, arbitrary: fc.constant<Statement>({ Resource: "*" }) },
          fc.constantFrom<Statement>({ Resource: ["x", testKeyArn] }, { NotResource: testKeyArn }, {}),
        ),
      )
      .map(([Effect, principal, action, resource]) => ({ Effect, ...principal, ...action, ...resource })),
    conditions: fc.uniqueArray(condition, {
      maxLength: 2,
      selector: ({ operator, key }) => `${operator} ${key.toLowerCase()}`,
    }),
  });
}

export const arbitraryPolicy: fc.Arbitrary<readonly PolicyParts[]> = fc.array(arbitraryParts(), {
  minLength: 1,
  maxLength: 5,
});

export function statementOf({ statement, conditions }: PolicyParts): Statement {
  const byOperator: Record<string, Record<string, readonly string[]>> = {};
  for (const { operator, key, values } of conditions) byOperator[operator] = { ...byOperator[operator], [key]: values };
  return conditions.length === 0 ? statement : { ...statement, Condition: byOperator };
}

const home = { account: testAccount, partition: "aws" };

export const arbitraryCaller: fc.Arbitrary<AwsCaller> = fc.constantFrom(
  anthropicRole,
  anthropicRole,
  anthropicRole,
  otherRole(anthropicAwsAccount),
  otherUser(anthropicAwsAccount),
  rootOf(anthropicAwsAccount),
  memberOf(testAccount, home),
  anonymous(),
  ...strangers(),
  serviceForOwner("s3.amazonaws.com", home),
  serviceForStranger("s3.amazonaws.com"),
);

const arbitraryContext = fc.constantFrom<Readonly<Record<string, string>> | "any">(
  {},
  { "anthropic:compartment_uuid": testCompartment },
  { "anthropic:org_uuid": testOrganization },
  { "anthropic:org_uuid": testOrganization, "anthropic:compartment_uuid": testCompartment },
  { "anthropic:org_uuid": testOrganization, "anthropic:compartment_uuid": "x" },
  "any",
);

export const arbitraryRequest: fc.Arbitrary<AwsAccessRequest> = fc.record({
  caller: arbitraryCaller,
  operation: fc.constantFrom(...operations),
  encryption_context: arbitraryContext,
  at: fc.constant(testTime),
});
