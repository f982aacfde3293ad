import { policyHasNoPlaceholder } from "../../../checks/aws/policy-has-no-placeholder.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import { allow, policyText, type Statement } from "../../support/ask-policy.ts";
import { awsKmsKey, testCompartment, testOrganization } from "../../support/aws-kms-key.ts";
import { testCheck } from "../../support/check-tester.ts";
import { documentedPolicies } from "../../support/documented-policies.ts";

const org = "kms:EncryptionContext:anthropic:org_uuid";
const compartment = "kms:EncryptionContext:anthropic:compartment_uuid";

const withPolicy = (...statements: readonly Statement[]) => awsKmsKey({ policy_text: known(policyText(statements)) });
const where = (operator: string, key: string, value: string | readonly string[]) =>
  withPolicy(allow({ Sid: "Use", Condition: { [operator]: { [key]: value } } }));
const variable = `\${aws:PrincipalTag/team}`;
const stray = `\${COMPARTMENT_ID}`;

testCheck(policyHasNoPlaceholder, {
  pass: [
    ...documentedPolicies.map(({ name, guidance, text }) => ({
      name: `documented by ${guidance}: ${name}`,
      resource: awsKmsKey({ policy_text: known(text) }),
      guidance,
    })),
    { name: "a policy variable", resource: where("StringEquals", "aws:PrincipalTag/team", variable) },
    { name: "a UUID in capitals", resource: where("StringEqualsIgnoreCase", org, testOrganization.toUpperCase()) },
    { name: "a pattern", resource: where("StringLike", compartment, "f8a7b6c5-*") },
    { name: "all zeros", resource: where("StringEquals", compartment, "00000000-0000-0000-0000-000000000000") },
    { name: "whether the key is there", resource: where("Null", org, "false") },
    {
      name: "an id that is no UUID under another key",
      resource: where("StringEquals", "aws:PrincipalTag/org", "org_1"),
    },
  ],
  fail: [
    {
      name: "angle brackets in a condition",
      resource: where("StringEquals", org, "<YOUR_ORG_UUID>"),
      message: `statement 1 "Use": "<YOUR_ORG_UUID>" under ${org} was meant to be replaced`,
      severity: "high",
    },
    {
      name: "angle brackets in a principal",
      resource: withPolicy(allow({ Principal: { AWS: "arn:aws:iam::<account>:root" } })),
      message: "as principal was meant to be replaced",
    },
    {
      name: "angle brackets in a resource",
      resource: withPolicy(allow({ Resource: "arn:aws:kms:us-east-2:<account>:key/<id>" })),
    },
    { name: "angle brackets in an action", resource: withPolicy(allow({ Action: "kms:<action>" })) },
    {
      name: "a variable of a template",
      resource: where("StringEquals", compartment, stray),
      message: "is no policy variable",
    },
    {
      name: "a variable under a version that has none",
      resource: awsKmsKey({
        policy_text: known(
          policyText(allow({ Condition: { StringEquals: { "aws:PrincipalTag/team": variable } } }), "2008-10-17"),
        ),
      }),
      message: "is taken as it is written",
    },
    {
      name: "a workspace's id",
      resource: where("StringEquals", compartment, "wrkspc_01JwQvzr7rXLA5AGx3HKfFUJ"),
      message: "where requests carry a bare UUID",
    },
    {
      name: "an organization's id",
      resource: where("StringEquals", org, "org_01AbCd"),
      message: "an id of Anthropic's API",
    },
    { name: "a registration's id", resource: where("StringEquals", org, "ekey_01AbCd") },
    { name: "a key's name in other capitals", resource: where("StringEquals", org.toLowerCase(), "org_01AbCd") },
    { name: "empty", resource: where("StringEquals", org, ""), message: "is empty" },
    { name: "no UUID", resource: where("StringEquals", org, "my-organization"), message: "is no UUID" },
    { name: "a UUID without its last digit", resource: where("StringEquals", org, testOrganization.slice(0, -1)) },
    {
      name: "one of a list",
      resource: where("StringEquals", compartment, [testCompartment, "prod"]),
      message: '"prod"',
    },
    { name: "under an optional condition", resource: where("StringEqualsIfExists", compartment, "wrkspc_2") },
  ],
  "not-applicable": [{ name: "no such key", resource: awsKmsKey({ existence: known("absent") }) }],
  unknown: [
    { name: "policy denied", resource: awsKmsKey({ policy_text: unreadable("access-denied", "") }) },
    { name: "policy that is no JSON", resource: awsKmsKey({ policy_text: known("{") }), message: "malformed" },
  ],
});
