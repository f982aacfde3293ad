import { expect, it } from "vitest";
import { parsePolicy } from "../../../src/access/aws/parse-policy.ts";
import { tellCondition } from "../../../src/access/aws/tell-condition.ts";
import { allow, policyText } from "../../support/ask-policy.ts";

it.each([
  ["StringEquals", "aws:PrincipalOrgID", "o-1", "aws:PrincipalOrgID is o-1"],
  ["StringNotEqualsIfExists", "aws:username", ["a", ""], 'aws:username is not a or "", where there is one'],
  ["ForAllValues:StringLike", "aws:TagKeys", ["a*"], "every value of aws:TagKeys is like a*"],
  ["ForAnyValue:ArnLike", "aws:SourceArn", "arn:*", "some value of aws:SourceArn is like arn:*"],
  ["NotIpAddress", "aws:SourceIp", ["10.0.0.0/8", "192.0.2.1/32"], "aws:SourceIp is not in 10.0.0.0/8 or 192.0.2.1/32"],
  ["DateLessThan", "aws:CurrentTime", "2027-01-01T00:00:00Z", "aws:CurrentTime is before 2027-01-01T00:00:00Z"],
  ["Null", "kms:ViaService", "true", "whether kms:ViaService is absent is true"],
  ["StringEquals", "kms:ViaService", [], "kms:ViaService is nothing at all"],
  ["StringMatches", "kms:ViaService", "s3", "StringMatches kms:ViaService s3"],
])("%s %s %j: %s", (operator, key, values, told) => {
  const parsed = parsePolicy(policyText(allow({ Condition: { [operator]: { [key]: values } } })));
  if (!parsed.ok) throw new Error(parsed.error.message);
  expect(parsed.value.statements[0]?.conditions.map(tellCondition)).toEqual([told]);
});
